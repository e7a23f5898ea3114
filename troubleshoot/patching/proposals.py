"""From what a project shows to changes of it that have been looked at once more: made, checked, or withheld."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.code.seen import Seen, detected, finding_of, watched
from troubleshoot.detectors import detectors
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog, Finding, Patch, Safety
from troubleshoot.patches import function_of, has_function
from troubleshoot.patching.declared import edit_as_declared
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

Changes = Mapping[str, bytes]
"""The new content of files, by path."""
Place = tuple[str, str, str]
"""A cause, a file and a function, which stay where lines move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that would put a finding right.

    `changes` is empty where there is none, and `withheld` then says why, as the rest of a sentence. `verified` says
    what was checked: that the result can be `parsed`, and that the search is `silent` about it and finds nothing new.
    `remains` is what is left for a person to do.
    """

    finding: Finding
    fix: str
    safety: Safety
    changes: Changes = field(default_factory=dict)
    withheld: str = ""
    verified: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()


@dataclass(eq=False)
class Patcher:
    """Makes proposals for one project, as it is in `files`."""

    files: Files
    catalog: Catalog
    renderer: Renderer
    more_calls: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def project(self) -> Project:
        """The project as it is."""
        return Project(self.files)

    @cached_property
    def seen(self) -> list[Seen]:
        """Everything that the project shows."""
        return list(_all_seen(self.project, self.catalog, self.more_calls))

    def proposals(self, findings: Iterable[Finding]) -> list[Proposal]:
        """Return a checked proposal for each of `findings` whose cause has a patch."""
        wanted = set(findings)
        made = [
            (proposal, draft)
            for cause, sighting in self.seen
            if (finding := finding_of(cause, sighting, self.project)) in wanted
            for proposal, draft in self._made(finding, cause, (cause, sighting))
        ]
        return self._checked(made)

    def together(self, proposals: Sequence[Proposal]) -> tuple[Changes, list[Proposal]]:
        """Return the changes of as many of `proposals` as compose, and which these are, checked as a whole."""
        wanted = {proposal.finding for proposal in proposals if proposal.changes}
        whole, taken = Draft(self.project), []
        for cause, sighting in self.seen:
            finding = finding_of(cause, sighting, self.project)
            if finding in wanted:
                wanted.discard(finding)
                for proposal, draft in self._made(finding, cause, (cause, sighting)):
                    if draft is not None and whole.take_in(draft):
                        taken.append(proposal)
        changes = whole.changes() if taken else {}
        if taken and self._fault(changes, taken):
            # Each is sound alone; what they are not is together, so the first goes alone.
            return proposals[0].changes, [proposals[0]]
        return changes, taken

    def _made(self, finding: Finding, cause: str, seen: Seen) -> Iterator[tuple[Proposal, Draft | None]]:
        for name, fix in self.catalog.causes[cause].fixes.items():
            if fix.patch is None:
                continue
            draft = Draft(self.project)
            proposal = Proposal(
                finding=finding, fix=name, safety=fix.patch.safety, remains=_named(fix.patch.remains, finding)
            )
            try:
                self._edit(draft, cause, name, fix.patch, seen)
                changes = draft.changes()
                if not changes:
                    raise WithheldError("nothing would change")
                yield dataclasses.replace(proposal, changes=changes), draft
            except WithheldError as error:
                yield dataclasses.replace(proposal, withheld=str(error)), None
            return

    def _edit(self, draft: Draft, cause: str, fix: str, patch: Patch, seen: Seen) -> None:
        _, sighting = seen
        if patch.edit is not None:
            edit_as_declared(draft, self.renderer, self.catalog.causes[cause], fix, patch, sighting)
        elif has_function(cause):
            function_of(cause)(sighting, draft)
        else:
            raise WithheldError("there is no patch for this cause")

    def _checked(self, made: Sequence[tuple[Proposal, Draft | None]]) -> list[Proposal]:
        """Return the proposals, those withheld that do not keep what they promise."""
        sound = [proposal for proposal, draft in made if draft is not None]
        whole = Draft(self.project)
        composed = [proposal for proposal, draft in made if draft is not None and whole.take_in(draft)]
        # Most of the time all are sound, and one look is enough.
        together = {id(item) for item in composed} if composed and not self._fault(whole.changes(), composed) else set()
        checked = {}
        for proposal in sound:
            why = "" if id(proposal) in together else self._fault(proposal.changes, [proposal])
            checked[id(proposal)] = (
                dataclasses.replace(proposal, changes={}, withheld=why)
                if why
                else dataclasses.replace(proposal, verified=("parsed", "silent"))
            )
        return [checked.get(id(proposal), proposal) for proposal, _ in made]

    def _fault(self, changes: Changes, proposals: Sequence[Proposal]) -> str:
        """Return what is wrong with a change; nothing if it parses, cures what it should and brings nothing new."""
        files = self.files.changed(changes)
        for path in changes:
            if files.module(path) is None:
                return f"{path} could not be read any more, which is a bug in troubleshoot"
        after = Counter(map(_place, self._found_in(files)))
        before = self._before
        for proposal in proposals:
            if after[_place(proposal.finding)] >= before[_place(proposal.finding)]:
                return "the search would still find it there"
        for place in after - before:
            cause, path, function = place
            return f"the search would then find {cause} in {path}" + (f", {function}" if function else "")
        return ""

    @cached_property
    def _before(self) -> Counter[Place]:
        return Counter(_place(finding_of(*seen, self.project)) for seen in dict.fromkeys(self.seen))

    def _found_in(self, files: Files) -> set[Finding]:
        project = Project(files)
        return {finding_of(*seen, project) for seen in _all_seen(project, self.catalog, self.more_calls)}


def _all_seen(project: Project, catalog: Catalog, more_calls: Mapping[str, Sequence[str]]) -> Iterator[Seen]:
    yield from watched(project, catalog, more_calls)
    yield from detected(project, catalog, list(detectors()))


def _place(finding: Finding) -> Place:
    return finding.cause, finding.path, finding.function


def _named(texts: Sequence[str], finding: Finding) -> tuple[str, ...]:
    """Return `texts` with what was captured in the place of its names."""
    named = []
    for text in texts:
        for name, value in {"function": "the function", **finding.captured}.items():
            text = text.replace(f"{{{name}}}", value)
        named.append(text)
    return tuple(named)
