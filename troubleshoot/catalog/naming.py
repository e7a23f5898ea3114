"""How fixes are named: on the command line, and on disk."""

from __future__ import annotations

from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.model import Catalog, Cause


def find_fix(catalog: Catalog, text: str) -> tuple[str, str]:
    """Return the ids of the cause and of the fix that `CAUSE` or `CAUSE#FIX` names. Raises `UsageError`."""
    cause, _, fix = text.partition("#")
    if cause not in catalog.causes:
        raise UsageError(f"no cause {cause!r}{did_you_mean(cause, catalog.causes)}; `troubleshoot list` shows them")
    fixes = catalog.causes[cause].fixes
    if fix and fix not in fixes:
        raise UsageError(f"{cause} has no fix {fix!r}; it has {', '.join(fixes)}")
    return cause, fix or next(iter(fixes))


def template_stem(cause: Cause, fix: str) -> str:
    """Return the stem of the template of a fix: the cause's id, with `.fix` behind it for all but the first."""
    return cause.id if fix == next(iter(cause.fixes)) else f"{cause.id}.{fix}"
