"""A reproduction, taken apart: its check fails on the broken and the wrongly mended, and passes on the repaired."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer, Snippet
from troubleshoot.model import Cause
from troubleshoot.testing.bench import Bench, NotProvenError

SECTION = re.compile(r"^# --- (broken|application|check) ---$", re.MULTILINE)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A reproduction file, taken apart."""

    path: Path
    sections: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, path: Path) -> Reproduction:
        """Read the file at `path`. Raises `NotProvenError` if it has no section `check`."""
        text = path.read_text(encoding="utf-8")
        parts = SECTION.split(text)
        sections = (("header", parts[0]), *zip(parts[1::2], parts[2::2], strict=True))
        if "check" not in [name for name, _ in sections]:
            raise NotProvenError(f"{path}: no section `# --- check ---`")
        return cls(path, sections)

    def names(self) -> dict[str, Any]:
        """Run the header and the check, and return the names they define."""
        text = "".join(part if name in ("header", "check") else "\n" * part.count("\n") for name, part in self.sections)
        names: dict[str, Any] = {"__name__": "reproduction", "__file__": str(self.path)}
        exec(compile(text, str(self.path), "exec"), names)
        return names

    def application(self, names: Mapping[str, Any], file_name: str, instead: str | None = None) -> dict[str, str]:
        """Return the application's files, broken or with the text `instead` of its broken part.

        `names` come from `names()`; `file_name` is the fix's, used where the fix is a file of its own.
        """
        files: dict[str, str] = dict(names.get("FILES", {}))
        application = "".join(
            instead if name == "broken" and instead is not None else part
            for name, part in self.sections
            if name in ("broken", "application")
        )
        if application:
            files["main.py"] = application
        if "BROKEN" in names:
            files[file_name] = names["BROKEN"] if instead is None else instead
        elif "broken" not in [name for name, _ in self.sections]:
            raise NotProvenError(f"{self.path}: neither a section `# --- broken ---` nor BROKEN in the header")
        return files

    def wrongly_mended(self, names: Mapping[str, Any], file_name: str, attempt: str) -> dict[str, str]:
        """Return the application's files after the tempting wrong fix that WRONG calls `attempt`."""
        wrong: str | Sequence[tuple[str, str]] = names["WRONG"][attempt]
        if isinstance(wrong, str):
            return self.application(names, file_name, wrong)
        files = self.application(names, file_name)
        for old, new in wrong:
            found = [name for name, text in files.items() for _ in range(text.count(old))]
            if len(found) != 1:
                raise NotProvenError(f"{self.path}: {attempt}: {old!r} stands {len(found)} times in the application")
            files[found[0]] = files[found[0]].replace(old, new)
        return files


def lay_out(folder: Path, files: Mapping[str, str], *, fixed: bool) -> Bench:
    """Write the application's files into `folder`."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return Bench(folder, fixed)


def prove(cause: Cause, fix: str, renderer: Renderer, path: Path, folder: Path) -> None:
    """Show that the check at `path` fails on the broken application and passes with the rendered fix in place.

    Some mistakes, races among them, do not show every time, so the broken application has a few tries; the repaired one
    has a single try. Raises `NotProvenError` if the check never fails on the broken application; an error on either
    side that is no `AssertionError` is raised as it is, because it shows a mistake in the check, not the symptom.
    """
    reproduction = Reproduction.read(path)
    names = reproduction.names()
    snippet = snippet_of(cause, fix, renderer, names)
    if not _refused(names["check"], folder, reproduction.application(names, snippet.file_name), fixed=False):
        raise NotProvenError(f"{path}: the check passes on the broken application, so it shows nothing")
    repaired = reproduction.application(names, snippet.file_name, snippet.text)
    names["check"](lay_out(folder / "fixed", repaired, fixed=True))


def reproduction_of(cause: str, fix: str, folder: Path) -> Path:
    """Return the reproduction of a fix below `folder`: its own, `CAUSE.FIX.py`, if there is one, else the cause's."""
    own = folder / f"{cause}.{fix}.py"
    return own if own.exists() else folder / f"{cause}.py"


def refuse(cause: Cause, fix: str, attempt: str, renderer: Renderer, path: Path, folder: Path) -> None:
    """Show that the check at `path` fails on a tempting wrong fix, too.

    Raises `NotProvenError` if it passes, so that the proof would be passed by what does not help.
    """
    reproduction = Reproduction.read(path)
    names = reproduction.names()
    snippet = snippet_of(cause, fix, renderer, names)
    files = reproduction.wrongly_mended(names, snippet.file_name, attempt)
    if not _refused(names["check"], folder, files, fixed=True):
        raise NotProvenError(f"{path}: the check passes on a wrong fix: {attempt}")


def snippet_of(cause: Cause, fix: str, renderer: Renderer, names: Mapping[str, Any]) -> Snippet:
    """Render a fix with the PARAMETERS of a reproduction, as far as the fix has them."""
    parameters = cause.fixes[fix].parameters
    chosen = {name: value for name, value in names.get("PARAMETERS", {}).items() if name in parameters}
    return renderer.fix(cause, fix, fill(parameters, (), chosen))


def _refused(check: Callable[[Bench], None], folder: Path, files: Mapping[str, str], *, fixed: bool) -> bool:
    return any(_fails(check, lay_out(folder / f"refused-{n}", files, fixed=fixed)) for n in range(TRIES))


def _fails(check: Callable[[Bench], None], bench: Bench) -> bool:
    try:
        check(bench)
    except NotProvenError:
        raise
    except AssertionError:
        return True
    return False
