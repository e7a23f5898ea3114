"""`[tool.troubleshoot]` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args

from troubleshoot import limits
from troubleshoot.catalog.naming import ambiguous, causes_named, stem
from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.model import Catalog, Finding, Severity
from troubleshoot.values import frozen

PROJECT = "pyproject.toml"


@frozen
class Settings:
    """What a project says about how it wants to be scanned.

    `exclude` are patterns as in a .gitignore beside the file; `select` and `ignore` causes, families or patterns of
    them (`database/*`), or short ids; `severity` says of these how grave findings are; `knowledge` and `baseline` are
    paths relative to the file; `watch` adds calls to the lists of causes; with `all`, minor findings are told as well.
    """

    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    baseline: str = ""
    watch: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    all: bool = False
    folder: Path = Path()

    def wants(self, cause: str) -> bool:
        """Return whether findings of a cause are wanted."""
        return (not self.select or _fits(cause, self.select)) and not _fits(cause, self.ignore)

    def asked(self, select: Sequence[str], ignore: Sequence[str], *, minor: bool) -> Settings:
        """Return these with what is asked for besides: other causes, if any are named, some not, minor findings too."""
        return replace(
            self,
            select=tuple(select) or self.select,
            ignore=(*self.ignore, *ignore),
            all=minor or self.all,
        )

    def severity_of(self, finding: Finding) -> Severity:
        """Return how grave a finding is for this project; of several names that fit its cause, the longest counts."""
        fitting = [name for name in self.severity if _fits(finding.cause, (name,))]
        return self.severity[max(fitting, key=len)] if fitting else finding.severity

    def tells(self, finding: Finding) -> bool:
        """Return whether a finding is told: it is wanted, and a minor one is asked for, by its cause or with `all`."""
        return self.wants(finding.cause) and (self.all or bool(self.select) or not finding.minor)


def _fits(cause: str, patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(cause, pattern) or cause.startswith(f"{pattern}/") or stem(cause) == pattern for pattern in patterns
    )


def read_settings(place: Path) -> Settings:
    """Return the settings of the nearest pyproject.toml in or above a file or folder; the defaults if there is none.

    Raises `UsageError` with file and line for one that cannot be read as settings.
    """
    place = place.resolve()
    folder = place if place.is_dir() else place.parent
    for around in (folder, *folder.parents):
        path = around / PROJECT
        if path.is_file():
            return _read(path)
        if (around / ".git").exists():
            break
    return Settings(folder=folder)


def _read(path: Path) -> Settings:
    try:
        text = limits.read(path, "settings").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from error
    if "troubleshoot" not in text:
        return Settings(folder=path.parent)
    from troubleshoot import toml

    try:
        tools = toml.loads(text).get("tool", {})
    except ValueError as error:
        why, _, place = str(error).partition(" (at line ")
        line = place.partition(",")[0] or len(text.splitlines())
        raise UsageError(f"{path}:{line}: is not valid TOML: {why}") from error
    table = tools.get("troubleshoot", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{path}: tool.troubleshoot: expected a table")
    return Settings(folder=path.parent, **{key: _checked(path, text, key, value) for key, value in table.items()})


def check_names(settings: Settings, catalog: Catalog) -> None:
    """Raise `UsageError` if a name in `settings` fits no cause, or adds calls to a cause that watches none."""
    for name in (*settings.select, *settings.ignore, *settings.severity):
        named = causes_named(catalog, name)
        if len(named) > 1:
            raise ambiguous(name, named)
        if not named and name not in catalog.families and not any(fnmatchcase(cause, name) for cause in catalog.causes):
            raise UsageError(f"no cause or family {name!r}{did_you_mean(name, catalog.causes)}")
    watching = [cause.id for cause in catalog.outlines.values() if cause.watches and cause.watches[0].calls]
    for name in settings.watch:
        if name not in watching:
            why = "has no list of calls" if name in catalog.causes else f"no cause{did_you_mean(name, watching)}"
            raise UsageError(f"{settings.folder / PROJECT}: watch: {name!r}: {why}")


def _checked(path: Path, text: str, key: str, value: Any) -> Any:
    """Return a value in the type of its setting. Raises `UsageError` naming the line."""
    known = [item.name for item in fields(Settings) if item.name != "folder"]
    if key not in known:
        raise UsageError(f"{path}:{_line(text, key)}: no setting {key!r}{did_you_mean(key, known)}")
    if key == "all":
        if not isinstance(value, bool):
            raise UsageError(f"{path}:{_line(text, key)}: all: expected true or false")
        return value
    if key == "baseline":
        if not isinstance(value, str):
            raise UsageError(f"{path}:{_line(text, key)}: {key}: expected a path")
        return value
    if key == "knowledge" and isinstance(value, str):
        return (value,)
    if key == "watch":
        if not isinstance(value, dict) or not all(_is_texts(item) for item in value.values()):
            raise UsageError(f"{path}:{_line(text, key)}: watch: expected a list of calls for each cause")
        return {cause: tuple(calls) for cause, calls in value.items()}
    if key == "severity":
        known_ones = get_args(Severity)
        if not isinstance(value, dict) or not all(item in known_ones for item in value.values()):
            raise UsageError(f"{path}:{_line(text, key)}: severity: expected error, warning or info for each cause")
        return value
    if not _is_texts(value):
        raise UsageError(f"{path}:{_line(text, key)}: {key}: expected a list of texts")
    if key == "exclude":
        _check_patterns(path, text, value)
    return tuple(value)


def _check_patterns(path: Path, text: str, patterns: list[str]) -> None:
    from troubleshoot.code.walk import is_pattern

    for pattern in patterns:
        if not is_pattern(pattern):
            raise UsageError(f"{path}:{_line(text, 'exclude')}: exclude: {pattern!r} is no pattern as in .gitignore")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _line(text: str, key: str) -> int:
    """Return the line on which a key of the table stands."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().startswith("["):
            inside = line.strip().startswith("[tool.troubleshoot")
            if line.strip() == f"[tool.troubleshoot.{key}]":
                return number
        elif inside and line.partition("=")[0].strip().strip("\"'") == key:
            return number
    return 1
