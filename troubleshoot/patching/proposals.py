"""From what a project shows to changes of it that have been looked at once more: made, checked, or withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from troubleshoot.code.application.speaking import speaking
from troubleshoot.code.files import Files
from troubleshoot.code.parallel import both, can_share
from troubleshoot.code.project import Project
from troubleshoot.code.seen import Seen, detected, finding_of, project_of, undisturbed, watched
from troubleshoot.code.syntax.parsing import compiles
from troubleshoot.detectors import detectors
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog, Finding, Proposal
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.sketches import Sketched, draft_of, patch_of
from troubleshoot.patching.texts import WithheldError
from troubleshoot.redaction import shown

if TYPE_CHECKING:
    from troubleshoot.code.search import Found

Changes = Mapping[str, bytes]
"""The new content of files, by path."""
MOST_SEARCHED = 20_000_000
"""Bytes of changed source that are searched for the sake of proposals; more of them is more than anybody reads."""
TOO_MUCH = "not checked, because too much would have to be searched; name fewer files or causes"
LITTLE = 50_000
"""Bytes of source below which a second process costs more than it saves."""
Place = tuple[str, str, str, str]
"""A cause, a file and a function, which stay where lines move, and a severity, or nothing for any."""


class Fault(NamedTuple):
    """What is wrong with a change, told once, and all the files in which something is."""

    why: str
    paths: frozenset[str]


@dataclass(eq=False)
class Patcher:
    """Makes proposals for one project, as it is in `files`; `causes` are those it is about, by default all.

    `found`, if given, is what a search for all of them has just found, with what it has sketched.
    """

    files: Files
    renderer: Renderer
    more_calls: Mapping[str, Sequence[str]] = field(default_factory=dict)
    causes: Sequence[str] = ()
    found: Found | None = None
    _searched: int = 0

    @property
    def catalog(self) -> Catalog:
        """The knowledge that the renderer renders."""
        return self.renderer.catalog

    @cached_property
    def project(self) -> Project:
        """The project as it is."""
        if self.found is not None:
            # What it says has been found out; edits need the files alone.
            return Project(self.files)
        return project_of(self.files, speaking(self.files))

    @cached_property
    def seen(self) -> Mapping[Finding, Seen]:
        """What the project shows of the causes."""
        with undisturbed():
            return {finding_of(*seen, self.project): seen for seen in self._all_seen(self.project, self.causes)}

    @property
    def _shown(self) -> Collection[Finding]:
        return self.seen if self.found is None else self.found

    def proposals(self, findings: Iterable[Finding]) -> list[Proposal]:
        """Return a checked proposal for each of `findings` whose cause has a patch."""
        made = [pair for finding in sorted(findings) if finding in self._shown and (pair := self._made(finding))]
        with undisturbed():
            faults = self._faults([(proposal, draft) for proposal, draft in made if draft is not None])
        return [self._judged(proposal, faults.get(proposal.finding, "")) for proposal, _ in made]

    def together(self, proposals: Sequence[Proposal]) -> tuple[Changes, list[Proposal]]:
        """Return the changes of as many of `proposals` as compose and are sound together, and which these are."""
        made = [pair for item in proposals if item.changes and (pair := self._made(item.finding))]
        with undisturbed():
            draft, taken = self._together([(proposal, draft) for proposal, draft in made if draft is not None])
        return draft.changes() if taken else {}, taken

    def _together(self, made: Sequence[tuple[Proposal, Draft]]) -> tuple[Draft, list[Proposal]]:
        """Compose what goes together; where the whole is not sound, one half and what of the other goes with it."""
        whole = Draft(self.project)
        taken = [proposal for proposal, draft in made if whole.take_in(draft)]
        if len(made) < 2 or not self._fault(whole.changes(), taken):
            return whole, taken
        middle = len(made) // 2
        (whole, taken), (other, more) = self._together(made[:middle]), self._together(made[middle:])
        both = Draft(self.project)
        both.take_in(whole)
        if both.take_in(other) and not self._fault(both.changes(), [*taken, *more]):
            return both, [*taken, *more]
        return whole, taken

    def _made(self, finding: Finding) -> tuple[Proposal, Draft | None] | None:
        """Return the proposal for a finding with the draft behind it, or with the reason why there is none.

        None if its cause has no patch.
        """
        if finding not in self._known:
            self._known[finding] = self._make(finding)
        return self._known[finding]

    @cached_property
    def _known(self) -> dict[Finding, tuple[Proposal, Draft | None] | None]:
        return {}

    def _make(self, finding: Finding) -> tuple[Proposal, Draft | None] | None:
        cause = self.catalog.causes[finding.cause]
        found = patch_of(cause)
        if found is None:
            return None
        fix, patch = found
        proposal = Proposal(finding=finding, fix=fix, safety=patch.safety, remains=_named(patch.remains, finding))
        sketch = self.found.get(finding) if self.found is not None else None
        try:
            if isinstance(sketch, Sketched):
                draft = Draft.of(self.project, sketch.edits)
            else:
                draft = draft_of(self.project, self.renderer, cause, fix, patch, self.seen[finding][1])
            changes = draft.changes()
            if not changes:
                raise WithheldError("nothing would change")
            return replace(proposal, changes=changes), draft
        except WithheldError as error:
            return replace(proposal, withheld=str(error)), None
        except Exception as error:
            self.files.failed(error, finding.path, f"the patch for {finding.cause}")
            return replace(proposal, withheld="the patch failed, which is a bug in troubleshoot"), None

    def _faults(self, made: Sequence[tuple[Proposal, Draft]]) -> dict[Finding, str]:
        """Return what is wrong with proposals, by finding: what composes is looked at together.

        If that is not sound, what changes a file with a fault is looked at apart from the rest, and else by halves.
        """
        whole = Draft(self.project)
        composed: list[tuple[Proposal, Draft]] = []
        rest: list[tuple[Proposal, Draft]] = []
        for proposal, draft in made:
            (composed if whole.take_in(draft) else rest).append((proposal, draft))
        faults = self._faults(rest) if rest else {}
        fault = self._fault(whole.changes(), [proposal for proposal, _ in composed]) if composed else None
        if fault is None:
            return faults
        if len(composed) == 1 or fault.why == TOO_MUCH:
            return {**faults, **{proposal.finding: fault.why for proposal, _ in composed}}
        apart: list[tuple[Proposal, Draft]] = []
        others: list[tuple[Proposal, Draft]] = []
        for pair in composed:
            (apart if fault.paths & pair[0].changes.keys() else others).append(pair)
        if not apart or not others:
            middle = len(composed) // 2
            apart, others = composed[:middle], composed[middle:]
        return {**faults, **self._faults(apart), **self._faults(others)}

    def _judged(self, proposal: Proposal, fault: str) -> Proposal:
        """Return a proposal with what was checked, or withheld if it does not keep what it promises."""
        if fault:
            return replace(proposal, changes={}, withheld=fault)
        return replace(proposal, verified=self._verified(proposal)) if proposal.changes else proposal

    def _verified(self, proposal: Proposal) -> tuple[str, ...]:
        patch = self.catalog.causes[proposal.finding.cause].fixes[proposal.fix].patch
        return ("parsed", "silent", *(["proven"] if patch is not None and patch.proven else []))

    def _fault(self, changes: Changes, proposals: Sequence[Proposal]) -> Fault | None:
        """Return what is wrong with the change that these proposals make, if anything is; looked at once."""
        together = frozenset(proposal.finding for proposal in proposals)
        if together not in self._judged_before:
            self._judged_before[together] = self._found_wrong(changes, proposals)
        return self._judged_before[together]

    @cached_property
    def _judged_before(self) -> dict[frozenset[Finding], Fault | None]:
        return {}

    def _found_wrong(self, changes: Changes, proposals: Sequence[Proposal]) -> Fault | None:
        """Return what is wrong with a change; None if it parses, cures what it should and brings nothing new.

        For what is new, the files that change are searched.
        """
        self._searched += sum(map(len, changes.values()))
        if self._searched > MOST_SEARCHED:
            return Fault(TOO_MUCH, frozenset(changes))
        files = self.files.changed(changes)
        for path in changes:
            if files.module(path) is None or (compiles(self.files.raw(path)) and not compiles(changes[path])):
                why = f"{path} could not be read any more, which is a bug in troubleshoot"
                return Fault(why, frozenset((path,)))
        only = tuple(sorted(changes))
        before, after = self._compared(files, only)
        new = [place for place in after - before if place[3] not in ("", "info")]
        if new:
            cause, path, function, _ = new[0]
            why = f"the search would then find {cause} in {path}" + (f", {function}" if function else "")
            return Fault(why, frozenset(path for _, path, _, _ in new))
        places = {_place(proposal.finding) for proposal in proposals}
        hidden = {place for place in places if not before[place]}
        remaining = {place for place in places - hidden if after[place] >= before[place]}
        if hidden and not remaining:
            # What is seen only from other files is looked for in all of them.
            before = Counter(map(_place, self._shown))
            after = self._counted(project_of(files, speaking(files)), sorted({cause for cause, *_ in hidden}))
            remaining = {place for place in hidden if after[place] >= before[place]}
        paths = frozenset(path for _, path, _, _ in remaining)
        return Fault("the search would still find it there", paths) if paths else None

    def _compared(self, files: Files, only: tuple[str, ...]) -> tuple[Counter[Place], Counter[Place]]:
        """Return what is counted in some files before they change, and after that, as they are in `files`."""

        def after() -> Counter[Place]:
            return self._counted(project_of(files, only), ())

        if only in self._counts or not can_share() or sum(len(files.raw(path)) for path in only) < LITTLE:
            return self._before(only), after()
        self._counts[only], counted = both(lambda: self._before(only), after, files)
        return self._counts[only], counted

    def _before(self, only: tuple[str, ...]) -> Counter[Place]:
        if only not in self._counts:
            self._counts[only] = self._counted(project_of(self.files, only), ())
        return self._counts[only]

    def _counted(self, project: Project, causes: Sequence[str]) -> Counter[Place]:
        """Return how often each cause is found in each function, whatever its severity, and of each severity."""
        found = {finding_of(*seen, project) for seen in self._all_seen(project, causes)}
        graded = Counter((item.cause, item.path, item.function, str(item.severity)) for item in found)
        return Counter(map(_place, found)) + graded

    @cached_property
    def _counts(self) -> dict[tuple[str, ...], Counter[Place]]:
        return {}

    def _all_seen(self, project: Project, causes: Sequence[str]) -> Iterator[Seen]:
        if not causes or any(self.catalog.causes[cause].watches for cause in causes):
            yield from (
                seen for seen in watched(project, self.catalog, self.more_calls) if not causes or seen[0] in causes
            )
        yield from detected(project, self.catalog, [name for name in detectors() if not causes or name in causes])


def _place(finding: Finding) -> Place:
    return finding.cause, finding.path, finding.function, ""


def _named(texts: Sequence[str], finding: Finding) -> tuple[str, ...]:
    """Return `texts` with what was captured in the place of its names."""
    named = []
    for text in texts:
        for name, value in {"function": "the function", **finding.captured}.items():
            text = text.replace(f"{{{name}}}", shown(value))
        named.append(text)
    return tuple(named)
