"""The lines that patches change, with one line around them."""

import difflib

from tests.engine.patched import apply_all, write


def changed_lines(folder, cause, files):
    """Apply the patches of a cause to a project; return its lines that go and come, below the name of each file."""
    after = apply_all(write(folder, files), cause)
    found = []
    for name in sorted(files):
        before, now = files[name].splitlines(), after[name].decode().splitlines()
        lines = list(difflib.unified_diff(before, now, n=1, lineterm=""))[2:]
        found += [name, *(line.rstrip() for line in lines if not line.startswith("@@ "))] if lines else []
    return "".join(f"{line}\n" for line in found)
