"""Sources in which a comment, `# told: CAUSE`, stands on each line that shows a cause, and on no other."""

import re

from projects import write

from troubleshoot.code.files import Files
from troubleshoot.code.search import find

MARK = re.compile(r"# told: (.+)")


def files_of(source):
    """Return the files of one text, in which `### PATH` begins the next; the first is main.py."""
    first, *others = re.split(r"^### (.+)\n", source, flags=re.MULTILINE)
    return {"main.py": first, **dict(zip(others[::2], others[1::2], strict=True))}


def marks(source):
    """Return the places that the comments of a source name, each with its cause."""
    return {
        (path, number, cause)
        for path, text in files_of(source).items()
        for number, line in enumerate(text.splitlines(), 1)
        if (mark := MARK.search(line))
        for cause in mark[1].split(", ")
    }


def told(source, folder, catalog, causes, severities=("error", "warning", "info")):
    """Return the places that a search finds for these causes in a source, of these severities."""
    files = files_of(source)
    write(folder, files)
    found = find(Files(str(folder), sorted(name for name in files if name.endswith(".py"))), catalog, {})
    return {
        (item.path, item.line, item.cause) for item in found if item.cause in causes and item.severity in severities
    }
