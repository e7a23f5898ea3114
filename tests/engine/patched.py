"""Small projects on disk, and what becomes of them when every patch is applied."""

import textwrap
from pathlib import Path

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.code.files import Files
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.patching.proposals import Patcher

CONTENT = find_content()
CATALOG = load(CONTENT)
PATCHED = [cause.id for cause in CATALOG.causes.values() if any(fix.patch for fix in cause.fixes.values())]
ROUNDS = 10


def patcher(folder: Path) -> Patcher:
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    return Patcher(Files(str(folder), paths), Renderer(CONTENT, CATALOG))


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def proposals(folder: Path, *causes: str):
    """The proposals for what the project shows of `causes`, with what made them."""
    maker = patcher(folder)
    return maker, maker.proposals(finding for finding in maker.seen if not causes or finding.cause in causes)


def apply_all(folder: Path, *causes: str) -> dict[str, bytes]:
    """Apply what composes until nothing is left; return the files as they then are."""
    for _ in range(ROUNDS):
        maker, made = proposals(folder, *causes)
        changes, _ = maker.together(made)
        if not changes:
            break
        write(folder, dict(changes))
    else:
        raise AssertionError(f"after {ROUNDS} rounds there is still something to change")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def assert_becomes(folder: Path, cause: str, before: str, after: str) -> None:
    """Assert that the patches of a cause turn one module into another, and nothing else."""
    assert apply_all(write(folder, {"main.py": before}), cause)["main.py"].decode() == after


def reasons_withheld(folder: Path, cause: str, source: str) -> list[str]:
    """Assert that a cause is seen in a module, and that its patch changes nothing; return why."""
    _, made = proposals(write(folder, {"main.py": source}), cause)
    assert made
    assert not any(item.changes for item in made)
    assert all(item.withheld and "bug in troubleshoot" not in item.withheld for item in made)
    return [item.withheld for item in made]


def below(head: str, text: str) -> str:
    """A module that starts with `head` and goes on with `text`, which may be indented."""
    return head + textwrap.dedent(text).lstrip("\n")
