"""Whether changes keep what they promise: they are Python, cure what they are for, and bring nothing new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from troubleshoot.code.application.speaking import speaking
from troubleshoot.code.files import Files
from troubleshoot.code.parallel import both, can_share
from troubleshoot.code.project import Project
from troubleshoot.code.seen import finding_of, project_of, sightings
from troubleshoot.code.syntax.parsing import compiles
from troubleshoot.model import Catalog, Finding, Proposal
from troubleshoot.patching.compositions import Composition
from troubleshoot.patching.drafts import Draft

Changes = Mapping[str, bytes]
"""The new content of files, by path."""
Made = Sequence[tuple[Proposal, Draft]]
"""Proposals, each with the draft behind it."""
MOST_SEARCHED = 60_000_000
"""Bytes of changed source that are searched for the sake of proposals; more of them is more than anybody reads."""
TOO_MUCH = "not checked, because too much would have to be searched; name fewer files or causes"
NOT_CURED = "the search would still find it there"
LITTLE = 50_000
"""Bytes of source below which a second process costs more than it saves."""
Place = tuple[str, str, str, str]
"""A cause, a file and a function, which stay where lines move, and a severity, or nothing for any."""


class Fault(NamedTuple):
    """What is wrong with a change: what is new, told once, in which files and functions; and what it does not cure."""

    why: str
    at: frozenset[tuple[str, str]] = frozenset()
    uncured: frozenset[Place] = frozenset()


@dataclass(eq=False)
class Judge:
    """Judges changes of one project; `shown` tells what that shows as it is."""

    project: Project
    catalog: Catalog
    more_calls: Mapping[str, Sequence[str]]
    shown: Callable[[], Collection[Finding]]
    _searched: int = 0
    _cured: set[Place] = field(default_factory=set)
    _before: dict[tuple[str, ...], Counter[Place]] = field(default_factory=dict)
    _faults: dict[frozenset[Finding], Fault | None] = field(default_factory=dict)

    def faults(self, made: Made) -> dict[Finding, str]:
        """Return what is wrong with proposals, by finding: what composes is looked at together.

        If that is not sound, what is not cured is left out, and what changes a function, or else a file, in which there
        is something new is looked at apart from the rest, and else by halves.
        """
        whole = Composition(self.project)
        taken = whole.take_in([draft for _, draft in made])
        composed = [pair for pair, is_in in zip(made, taken, strict=True) if is_in]
        rest = [pair for pair, is_in in zip(made, taken, strict=True) if not is_in]
        if not composed:
            return {proposal.finding: _unreadable(proposal.finding.path) for proposal, _ in made}
        faults = self.faults(rest) if rest else {}
        fault = self.fault(whole.draft().changes(), [proposal for proposal, _ in composed])
        if fault is None:
            return faults
        if len(composed) == 1 or fault.why == TOO_MUCH:
            return {**faults, **{proposal.finding: fault.why for proposal, _ in composed}}
        faults |= {pair[0].finding: NOT_CURED for pair in composed if _place(pair[0].finding) in fault.uncured}
        left = [pair for pair in composed if pair[0].finding not in faults]
        for part in _parts(left, fault, is_fewer=len(left) < len(composed)):
            faults |= self.faults(part)
        return faults

    def fault(self, changes: Changes, proposals: Sequence[Proposal]) -> Fault | None:
        """Return what is wrong with the change that these proposals make, if anything is; looked at once."""
        together = frozenset(proposal.finding for proposal in proposals)
        if together not in self._faults:
            self._faults[together] = self._found_wrong(changes, proposals)
        return self._faults[together]

    def _found_wrong(self, changes: Changes, proposals: Sequence[Proposal]) -> Fault | None:
        """Return what is wrong with a change. For what is new, the files that change are searched."""
        self._searched += sum(map(len, changes.values()))
        if self._searched > MOST_SEARCHED:
            return Fault(TOO_MUCH)
        was = self.project.files
        files = was.changed(changes)
        for path in changes:
            if files.module(path) is None or (compiles(was.raw(path)) and not compiles(changes[path])):
                return Fault(_unreadable(path), frozenset(((path, ""),)))
        before, after = self._compared(files, self._searched_for(changes))
        new = [place for place in after - before if place[3] not in ("", "info")]
        places = {_place(proposal.finding) for proposal in proposals}
        hidden = {place for place in places if not before[place]}
        uncured = {place for place in places - hidden if after[place] >= before[place]}
        hidden -= self._cured
        if hidden and not uncured and not new:
            # What is seen only from other files is looked for in all of them.
            before = Counter(map(_place, self.shown()))
            after = self._counted(project_of(files, speaking(files)), sorted({cause for cause, *_ in hidden}))
            uncured = {place for place in hidden if after[place] >= before[place]}
            self._cured |= hidden - uncured
        if not new and not uncured:
            return None
        why = NOT_CURED
        if new:
            cause, path, function, _ = new[0]
            why = f"the search would then find {cause} in {path}" + (f", {function}" if function else "")
        return Fault(why, frozenset((path, function) for _, path, function, _ in new), frozenset(uncured))

    def _searched_for(self, changes: Changes) -> tuple[str, ...]:
        """Return the files in which to look for what changes: those searched before if they are hardly more."""
        known = (paths for paths in self._before if changes.keys() <= set(paths) and len(paths) < 2 * len(changes))
        return min(known, key=len, default=tuple(sorted(changes)))

    def _compared(self, files: Files, only: tuple[str, ...]) -> tuple[Counter[Place], Counter[Place]]:
        """Return what is counted in some files before they change, and after that, as they are in `files`."""

        def after() -> Counter[Place]:
            return self._counted(project_of(files, only), ())

        if only in self._before or not can_share() or sum(len(files.raw(path)) for path in only) < LITTLE:
            return self._counted_before(only), after()
        self._before[only], counted = both(lambda: self._counted_before(only), after, files)
        return self._before[only], counted

    def _counted_before(self, only: tuple[str, ...]) -> Counter[Place]:
        if only not in self._before:
            self._before[only] = self._counted(project_of(self.project.files, only), ())
        return self._before[only]

    def _counted(self, project: Project, causes: Sequence[str]) -> Counter[Place]:
        """Return how often each cause is found in each function, whatever its severity, and of each severity.

        Where all are looked for, what many functions lead to is found in each, or curing some would bring it to others.
        """
        items = sightings(project, self.catalog, self.more_calls, causes, each=not causes)
        found = {finding_of(*item, project) for item in items}
        graded = Counter((item.cause, item.path, item.function, str(item.severity)) for item in found)
        return Counter(map(_place, found)) + graded


def _parts(made: Made, fault: Fault, *, is_fewer: bool) -> list[Made]:
    """Return what is to be judged apart from each other, after a fault: suspects and others, or halves.

    If there are fewer than were judged, all may be judged together once more.
    """
    paths = {path for path, _ in fault.at}
    suspects = [pair for pair in made if (pair[0].finding.path, pair[0].finding.function) in fault.at]
    suspects = suspects or [pair for pair in made if paths & pair[0].changes.keys()]
    others = [pair for pair in made if pair not in suspects]
    if suspects and others:
        return [others, suspects]
    middle = 0 if is_fewer else len(made) // 2
    return [part for part in (made[:middle], made[middle:]) if part]


def _place(finding: Finding) -> Place:
    return finding.cause, finding.path, finding.function, ""


def _unreadable(path: str) -> str:
    return f"{path} could not be read any more, which is a bug in troubleshoot"
