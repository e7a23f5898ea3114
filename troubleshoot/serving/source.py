"""The tools about source: what it shows, and the change that puts it right."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from troubleshoot.catalog.naming import find_fix
from troubleshoot.code.settings import read_settings
from troubleshoot.errors import UsageError
from troubleshoot.formats.changes import remarks
from troubleshoot.formats.findings.text import not_examined, summary
from troubleshoot.investigation.changes import Change, changes_for
from troubleshoot.investigation.scanning import scanned
from troubleshoot.model import SEVERITIES, Cause
from troubleshoot.redaction import plain, redact
from troubleshoot.serving import arguments as given
from troubleshoot.serving.desk import Call, Desk
from troubleshoot.serving.replies import lines_of

MOST_NAMED = 5
"""Places that are named in a sentence."""


def scan(desk: Desk, call: Call, wanted: given.Scan) -> str:
    """Return what source shows, gravest first. Raises `UsageError` for a place or a cause that is not there."""
    place = call.roots.place(wanted.source, "source")
    settings = read_settings(place).asked(wanted.select, (), minor=wanted.all)
    known = desk.knowledge
    report, remark = scanned(place, settings, known.content, known.catalog, call.roots.folder(), call.doing)
    found = sorted(report.findings, key=lambda item: (SEVERITIES.index(item.severity), item))
    lines = [summary(report)]
    for item in found[: wanted.limit]:
        chain = f" ({' > '.join(item.chain)})" if item.chain and wanted.detail else ""
        lines.append(f"{item.path}:{item.line}: {item.severity} {item.cause}: {item.message}{chain}")
    if len(found) > wanted.limit:
        lines.append(f"… and {len(found) - wanted.limit} more findings; `limit`, `select` or a narrower source")
    lines += [remark] if remark else []
    # What was not examined must not be what is cut off.
    lines[1:1] = _few(list(not_examined(report)))
    return call.roots.relative(lines_of("".join(f"{redact(plain(line))}\n" for line in lines), detail=wanted.detail))


def _few(lines: Sequence[str], most: int = 3) -> list[str]:
    more = len(lines) - most
    return [*lines[:most], f"not examined: {more} more"] if more > 0 else list(lines)


def fix(desk: Desk, call: Call, wanted: given.Fix) -> str:
    """Return the change of the source that shows the cause, or the fix as an example. Raises `UsageError`."""
    found, name = find_fix(desk.knowledge.catalog, wanted.cause)
    cause = desk.knowledge.catalog.causes[found]
    if wanted.apply and not desk.may_write:
        raise UsageError("apply: the server only reads; start it with --write to let it change source")
    if wanted.source:
        place = call.roots.place(wanted.source, "source")
        changes = changes_for(cause, place, desk.knowledge.renderer)
        call.doing()
        if wanted.at or len(changes) > 1:
            changes = _at(changes, wanted.at, must_be_one=wanted.apply)
        if changes:
            if wanted.apply:
                return _applied(call, changes[0])
            return call.roots.relative(lines_of("\n".join(_shown(cause, changes)), detail=wanted.detail))
    if wanted.apply:
        raise UsageError(f"apply: the source shows no {found} that could be changed; nothing was written")
    definition = cause.fixes[name]
    snippet = desk.knowledge.renderer.tailored(cause, name, given=wanted.set).snippet
    told = [f"{definition.title} (an example: no source was named that shows the cause in a way that can be changed)"]
    told += [f"- {text}" for text in (*definition.steps, f"Check: {definition.check}")]
    if definition.risk:
        told.append(f"- Risk: {definition.risk}")
    return lines_of("\n".join([*told, "", f"# {snippet.file_name}", snippet.text]), detail=wanted.detail)


def _at(changes: Sequence[Change], at: str, *, must_be_one: bool) -> tuple[Change, ...]:
    """Return the changes at a place, or all without one. Raises `UsageError` if there is none, or must be one."""
    places = {f"{item.proposal.finding.path}:{item.proposal.finding.line}": item for item in changes}
    if at:
        fitting = [item for place, item in places.items() if place == at or at.endswith(f"/{place}")]
        fitting += [item for place, item in places.items() if not fitting and place.endswith(f"/{at}")]
        if len(fitting) != 1:
            raise UsageError(f"at: the cause is not seen there alone; it is at {_listed(places)}")
        return tuple(fitting)
    if must_be_one and len(changes) > 1:
        raise UsageError(f"apply: there are {len(changes)} places: {_listed(places)}; name one with at")
    return tuple(changes)


def _listed(places: Collection[str]) -> str:
    more = len(places) - MOST_NAMED
    return ", ".join(islice(places, MOST_NAMED)) + (f" and {more} more" if more > 0 else "") or "no place"


def _shown(cause: Cause, changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        finding = change.proposal.finding
        yield f"{finding.path}:{finding.line}: {redact(plain(finding.message))}"
        yield from (f"- {text}" for text in remarks(change.proposal))
        yield f"- Check: {cause.fixes[change.proposal.fix].check}"
        yield redact(plain(change.diff))


def _applied(call: Call, change: Change) -> str:
    """Make a change of files that are all open to the client. Raises `UsageError` and `OutputError`."""
    paths = sorted(change.proposal.changes)
    if not all(call.roots.holds(Path(os.path.realpath(change.root / path))) for path in paths):
        raise UsageError("apply: the change needs files outside the folders that are open to you; nothing was written")
    change.apply()
    left = [f"- {text}" for text in change.proposal.remains]
    return "\n".join([f"changed {', '.join(paths)}", *(["Left to do:", *left] if left else []), ""])
