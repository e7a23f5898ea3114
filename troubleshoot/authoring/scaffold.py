"""A cause begun: its three files, which pass the check, and of which the test says what is still to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from troubleshoot.catalog.content import Content
from troubleshoot.catalog.loading import ID
from troubleshoot.catalog.naming import template_stem
from troubleshoot.errors import OutputError, UsageError
from troubleshoot.model import Catalog, Cause
from troubleshoot.output import write_file
from troubleshoot.values import frozen

TO_WRITE = "# to write: "
"""How a comment begins that stands for what somebody must write."""
REPRODUCTIONS = "tests/reproductions"
"""Where the reproductions are, beside `knowledge/`."""
SCHEMAS = "knowledge/.schema"
"""Where the form of each kind of file is kept for editors, as JSON Schema, if it is."""
SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")


@frozen
class Draft:
    """What is known of a new cause: its id, and a few things that people say and see."""

    id: str
    title: str
    tell: str
    phrase: str
    line: str
    symptom: str


def check_name(name: str, catalog: Catalog) -> None:
    """Raise `UsageError` if no new cause can be called so."""
    family, slash, stem = name.partition("/")
    if not slash or not all(ID.fullmatch(part) for part in (family, stem)):
        raise UsageError(f"{name!r}: expected FAMILY/NAME, both in lower case with hyphens")
    if family in ("families", "symptoms", "questions"):
        raise UsageError(f"{name!r}: {family} cannot be a family")
    if name in catalog.causes:
        raise UsageError(f"there is a cause {name!r} already; `troubleshoot explain {name}` shows it")


def schema_line(kind: str) -> str:
    """Return the first line of a file of knowledge of this kind, by which editors find its form; from the file's own
    folder, as they look for it."""
    return f"# yaml-language-server: $schema=../.schema/{kind}.json\n"


def files_of(draft: Draft, catalog: Catalog, schemas: Collection[str]) -> Mapping[str, str]:
    """Return the files of a new cause by name: three, and those of a family and a symptom that are not there yet.

    Of the kinds in `schemas` there is one that the first line can name. Raises `UsageError`.
    """

    def headed(kind: str, text: str) -> str:
        return f"{schema_line(kind)}{text}" if kind in schemas else text

    family = draft.id.partition("/")[0]
    if not ID.fullmatch(draft.symptom):
        raise UsageError(f"{draft.symptom!r}: expected the id of a symptom, in lower case with hyphens")
    files = {
        f"knowledge/{draft.id}.yaml": headed("cause", _knowledge(draft)),
        f"templates/{draft.id}.py.j2": f"{TO_WRITE}the fix, as code that runs\n",
        f"{REPRODUCTIONS}/{draft.id}.py": _reproduction(draft),
    }
    if family not in catalog.families:
        name = family.replace("-", " ")
        about = f"What goes wrong with {name}."
        text = f"title: {_text(name.capitalize())}\nabout: {_text(about)}\n"
        files[f"knowledge/families/{family}.yaml"] = headed("family", text)
    if draft.symptom not in catalog.symptoms:
        group = catalog.families[family].title if family in catalog.families else family.replace("-", " ").capitalize()
        text = f"group: {_text(group)}\ntitle: {_text(draft.phrase)}\n"
        files[f"knowledge/symptoms/{draft.symptom}.yaml"] = headed("symptom", text)
    return files


def _text(text: str) -> str:
    """Return `text` as one line of YAML."""
    quoted = " ".join(text.split()).replace("'", "''")
    return f"'{quoted}'"


def _knowledge(draft: Draft) -> str:
    pattern = SPECIAL.sub(r"\\\1", " ".join(draft.line.split()))
    return f"""\
title: {_text(draft.title)}
tell: {_text(draft.tell)}
frequency: occasional
symptoms:
  {draft.symptom}: often
signals:
  - pattern: {_text(pattern)}
    weight: supports
phrases:
  - {_text(draft.phrase)}
{TO_WRITE}what happens, and why
explanation: {_text(draft.tell)}
fixes:
  repair:
    {TO_WRITE}what the fix does, and how one sees that it worked
    title: {_text(f"Put it right: {draft.title}")}
    check: Do again what failed. It works.
{TO_WRITE}where to read more
references:
  - https://example.org/
examples:
  matches:
    - {_text(draft.line)}
    - {_text(draft.phrase)}
"""


def _reproduction(draft: Draft) -> str:
    title = draft.title.replace("\\", "/").replace('"', "'")
    return f'''\
"""{" ".join(title.split())}"""

from troubleshoot.testing import Bench

{TO_WRITE}what people try first and what does not help, as changes of the broken application
WRONG: dict[str, list[tuple[str, str]]] = {{}}

# --- broken ---
{TO_WRITE}the part that the fix takes the place of

# --- application ---
{TO_WRITE}the rest of the smallest application that shows it


# --- check ---
def check(bench: Bench) -> None:
    {TO_WRITE}what a healthy application does
    raise NotImplementedError
'''


def write_all(root: Path, files: Mapping[str, str]) -> None:
    """Write the files below `root`, all of them or none. Raises `OutputError`."""
    written: list[Path] = []
    made: list[Path] = []
    try:
        for name in ("knowledge", "templates"):
            made += _make(root / name)
        for name, text in files.items():
            path = root / name
            made += _make(path.parent)
            write_file(path, text, force=False)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink()
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _make(folder: Path) -> list[Path]:
    """Make a folder and those around it; return those that were not there, the outermost first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()][::-1]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror}") from error
    return missing


def unwritten(content: Content, catalog: Catalog, causes: Sequence[Cause]) -> Iterator[str]:
    """Yield a line for each reproduction that is missing, and for each place where something is still to write.

    Knowledge without `tests/reproductions` beside it, as it is when it is installed, is taken as it is.
    """
    for cause in causes:
        pack = content.named(catalog.origins.get(cause.id, content.folders[0].name))
        reproductions = pack.knowledge.parent / REPRODUCTIONS
        paths = [pack.knowledge / f"{cause.id}.yaml"]
        if reproductions.is_dir() and not cause.unproven:
            paths.append(reproductions / f"{cause.id}.py")
        stems = [template_stem(cause, fix) for fix in cause.fixes]
        paths += [content.template_file(catalog.templates[stem]) for stem in stems]
        for path in paths:
            if not path.exists():
                yield f"{path}:1: is missing; it is the proof of the cause, or `unproven` says why there is none"
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if TO_WRITE in line:
                    yield f"{path}:{number}: {line.strip().removeprefix('# ')}"
