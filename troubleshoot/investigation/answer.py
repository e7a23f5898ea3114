"""What a session has come to, with the fixes rendered: the one result behind every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.fixes.rendering import Renderer, Snippet
from troubleshoot.investigation.commands import Command, change_of, in_own_source, what_would_tell
from troubleshoot.investigation.own_line import OwnLine, own_line
from troubleshoot.investigation.session import Session
from troubleshoot.model import Ask, Candidate, Catalog, Cause, Package, Reason, Skipped, Status, Version
from troubleshoot.values import frozen
from troubleshoot.versions.weighing import misfit

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

LEAST_PROBABILITY = 0.005
"""Candidates less probable than this are not worth a line."""
FOREIGN = 0.5
"""From this probability of "none of these" on, what was handed over looks like nothing that is known."""


@frozen
class RenderedFix:
    """A fix in the user's own names, and what it was run against.

    `misfit` says why it does not work with the versions in use; empty if it does, or nothing is known.
    """

    id: str
    title: str
    check: str
    steps: tuple[str, ...]
    risk: str
    snippet: Snippet
    parameters: Mapping[str, str]
    verified_with: Mapping[str, str]
    misfit: str


@frozen
class RankedCause:
    """A cause with its probability (0 to 1), its reasons, strongest first, and its fixes.

    `line` is the user's own that the reasons lead to. `do_this` is what to do in a sentence, with the command that does
    it, if there is one. `changes` are those of the user's own source that would put it right, if the source shows it.
    `pack` is where the cause comes from; empty if it is ours.
    """

    cause: Cause
    probability: float
    reasons: tuple[Reason, ...]
    fixes: tuple[RenderedFix, ...]
    line: OwnLine | None
    do_this: Command
    changes: tuple[Change, ...] = ()
    pack: str = ""


@frozen
class Answer:
    """The diagnosis, the question that would settle it if it is not settled, and what was not examined.

    `named` is how many of `ranked` the status speaks of. `is_foreign` says that the cause is more likely none of those
    known than one, by what could be read. `commands` are what would tell, where the cause cannot be told. `versions`
    are those in use, as far as they are known.
    """

    status: Status
    ranked: tuple[RankedCause, ...]
    named: int
    is_foreign: bool
    next_question: Ask | None
    commands: tuple[Command, ...]
    skipped: tuple[Skipped, ...]
    versions: Mapping[Package, Version]


def answer(
    session: Session, renderer: Renderer, top: int, place: Path | None = None, folder: Path | None = Path()
) -> Answer:
    """Return the answer of `session` with at most `top` causes; `place` is the source, if it was handed over.

    `folder` is where somebody stands who would type the commands in the answer, None if nobody does.
    """
    named = causes_of(session, renderer, top, place, folder)
    return replace(
        named,
        next_question=None if named.status == "diagnosed" else session.next_question(),
        commands=what_would_tell(session, folder) if named.status == "unknown" else (),
    )


def causes_of(session: Session, renderer: Renderer, top: int, place: Path | None, folder: Path | None) -> Answer:
    """Return the answer without what would tell more, for which `answer` takes as long again."""
    diagnosis = session.diagnosis()
    versions = session.in_use
    candidates = [
        item
        for index, item in enumerate(diagnosis.candidates[:top])
        if index < diagnosis.named or item.probability >= LEAST_PROBABILITY
    ]
    ranked = [_ranked(session.catalog, renderer, candidate, versions) for candidate in candidates]
    if diagnosis.status == "diagnosed" and place is None:
        ranked[0] = replace(ranked[0], do_this=in_own_source(ranked[0].cause, ranked[0].do_this, folder))
    elif diagnosis.status == "diagnosed" and place is not None and _shows(candidates[0]):
        from troubleshoot.investigation.changes import changes_for

        changes = changes_for(ranked[0].cause, place, renderer)
        if changes:
            ranked[0] = replace(ranked[0], changes=changes, do_this=change_of(ranked[0].cause, place, changes[0]))
    return Answer(
        status=diagnosis.status,
        named=diagnosis.named,
        is_foreign=diagnosis.none_probability >= FOREIGN and (bool(session.evidence) or not session.skipped),
        ranked=tuple(ranked),
        next_question=None,
        commands=(),
        skipped=tuple(session.skipped),
        versions=versions,
    )


def _shows(candidate: Candidate) -> bool:
    """Return whether the source shows a cause."""
    return any(reason.evidence.kind == "finding" and reason.evidence.source == "code" for reason in candidate.reasons)


def _ranked(
    catalog: Catalog, renderer: Renderer, candidate: Candidate, versions: Mapping[Package, Version]
) -> RankedCause:
    cause = catalog.causes[candidate.cause]
    evidence = [reason.evidence for reason in candidate.reasons]
    fixes = []
    for name, fix in cause.fixes.items():
        snippet, values = renderer.tailored(cause, name, evidence)
        fixes.append(
            RenderedFix(
                id=name,
                title=fix.title,
                check=fix.check,
                steps=fix.steps,
                risk=fix.risk,
                snippet=snippet,
                parameters=values,
                verified_with=catalog.verified(cause),
                misfit=misfit(fix.versions, versions),
            )
        )
    fixes.sort(key=lambda fix: bool(fix.misfit))
    reasons = _merged(candidate.reasons)
    return RankedCause(
        cause=cause,
        probability=candidate.probability,
        reasons=reasons,
        fixes=tuple(fixes),
        line=own_line(reasons),
        do_this=Command(command="", what=fixes[0].title),
        pack=catalog.origins.get(cause.id, ""),
    )


def _merged(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return `reasons` with those that quote the same thing taken together, strongest first."""
    together: dict[tuple[str, str, str], Reason] = {}
    for reason in reasons:
        evidence = reason.evidence
        quoted = (evidence.source, evidence.location, evidence.what)
        known = together.get(quoted)
        together[quoted] = known._replace(bits=known.bits + reason.bits) if known else reason
    return tuple(sorted(together.values(), key=lambda reason: -abs(reason.bits)))
