"""How causes and fixes are named: on the command line, and on disk."""

from __future__ import annotations

from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.model import Catalog, Cause

SEARCHED = "; `troubleshoot list WORD` searches them"


def stem(cause: str) -> str:
    """Return what of a cause's id comes behind its family: its short id."""
    return cause.partition("/")[2]


def causes_named(catalog: Catalog, text: str) -> list[str]:
    """Return the ids of the causes that an id, or a short id, names: none, one, or several of the same short id."""
    return [text] if text in catalog.causes else [cause for cause in catalog.causes if stem(cause) == text]


def ambiguous(text: str, named: list[str]) -> UsageError:
    """Return what is said of a short id that several causes have."""
    return UsageError(f"{text!r} names {len(named)} causes; say which: {', '.join(named)}")


def find_cause(catalog: Catalog, text: str) -> str:
    """Return the id of the cause that an id, or the short id of one cause alone, names. Raises `UsageError`."""
    named = causes_named(catalog, text)
    if len(named) > 1:
        raise ambiguous(text, named)
    if named:
        return named[0]
    if text in catalog.families:
        raise UsageError(f"{text!r} is a family; `troubleshoot list --family {text}` shows its causes")
    near = did_you_mean(text, catalog.causes if "/" in text else map(stem, catalog.causes))
    raise UsageError(f"no cause {text!r}{near or SEARCHED}")


def find_fix(catalog: Catalog, text: str) -> tuple[str, str]:
    """Return the ids of the cause and of the fix that `CAUSE` or `CAUSE#FIX` names. Raises `UsageError`."""
    name, _, fix = text.partition("#")
    cause = find_cause(catalog, name)
    fixes = catalog.causes[cause].fixes
    if fix and fix not in fixes:
        raise UsageError(f"{cause} has no fix {fix!r}; it has {', '.join(fixes)}")
    return cause, fix or next(iter(fixes))


def template_stem(cause: Cause, fix: str) -> str:
    """Return the stem of the template of a fix: the cause's id, with `.fix` behind it for all but the first."""
    return cause.id if fix == next(iter(cause.fixes)) else f"{cause.id}.{fix}"


def origin(pack: str) -> str:
    """Return what is said behind a cause that comes from a pack; nothing of one that is ours."""
    return f", from {pack}" if pack else ""
