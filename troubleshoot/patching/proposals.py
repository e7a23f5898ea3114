"""From what a project shows to changes of it that have been looked at once more: made, checked, or withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.code.seen import Seen, detected, finding_of, watched
from troubleshoot.code.sighting import Sighting
from troubleshoot.detectors import detectors
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog, Finding, Patch, Proposal, Safety
from troubleshoot.patches import function_of, has_function
from troubleshoot.patching.declared import edit_as_declared
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

Changes = Mapping[str, bytes]
"""The new content of files, by path."""
Place = tuple[str, str, str]
"""A cause, a file and a function, which stay where lines move."""


@dataclass(eq=False)
class Patcher:
    """Makes proposals for one project, as it is in `files`; `causes` are those it is about, by default all."""

    files: Files
    catalog: Catalog
    renderer: Renderer
    more_calls: Mapping[str, Sequence[str]] = field(default_factory=dict)
    causes: Sequence[str] = ()

    @cached_property
    def project(self) -> Project:
        """The project as it is."""
        return Project(self.files)

    @cached_property
    def seen(self) -> Mapping[Finding, Seen]:
        """What the project shows of the causes."""
        return {finding_of(*seen, self.project): seen for seen in self._all_seen(self.project, self.causes)}

    def proposals(self, findings: Iterable[Finding]) -> list[Proposal]:
        """Return a checked proposal for each of `findings` whose cause has a patch."""
        made = [
            (proposal, draft)
            for finding in sorted(findings)
            if finding in self.seen
            for proposal, draft in self._made(finding)
        ]
        return self._checked(made)

    def together(self, proposals: Sequence[Proposal]) -> tuple[Changes, list[Proposal]]:
        """Return the changes of as many of `proposals` as compose, and which these are, checked as a whole."""
        whole, taken = Draft(self.project), []
        for offered in proposals:
            if offered.changes:
                for proposal, draft in self._made(offered.finding):
                    if draft is not None and whole.take_in(draft):
                        taken.append(proposal)
        changes = whole.changes() if taken else {}
        if len(taken) > 1 and self._fault(changes, taken):
            # Each is sound alone; what they are not is together, so the first goes alone.
            first = next(proposal for proposal in proposals if proposal.changes)
            return first.changes, [first]
        return changes, taken

    def _made(self, finding: Finding) -> Iterator[tuple[Proposal, Draft | None]]:
        """Yield the proposal for a finding with the draft behind it, or with the reason why there is none."""
        cause, sighting = self.seen[finding]
        found = patch_of(self.catalog, cause)
        if found is None:
            return
        name, patch = found
        proposal = Proposal(finding=finding, fix=name, safety=patch.safety, remains=_named(patch.remains, finding))
        try:
            draft = draft_of(self.project, self.catalog, self.renderer, cause, sighting)
            yield replace(proposal, changes=draft.changes()), draft
        except WithheldError as error:
            yield replace(proposal, withheld=str(error)), None

    def _checked(self, made: Sequence[tuple[Proposal, Draft | None]]) -> list[Proposal]:
        """Return the proposals, those withheld that do not keep what they promise."""
        whole = Draft(self.project)
        composed = [proposal for proposal, draft in made if draft is not None and whole.take_in(draft)]
        # Most of the time all are sound, and one look is enough.
        sound = {id(item) for item in composed} if composed and not self._fault(whole.changes(), composed) else set()
        checked = []
        for proposal, draft in made:
            why = "" if draft is None or id(proposal) in sound else self._fault(proposal.changes, [proposal])
            if why:
                checked.append(replace(proposal, changes={}, withheld=why))
            elif draft is not None:
                checked.append(replace(proposal, verified=self._verified(proposal)))
            else:
                checked.append(proposal)
        return checked

    def _verified(self, proposal: Proposal) -> tuple[str, ...]:
        patch = self.catalog.causes[proposal.finding.cause].fixes[proposal.fix].patch
        return ("parsed", "silent", *(["proven"] if patch is not None and patch.proven else []))

    def _fault(self, changes: Changes, proposals: Sequence[Proposal]) -> str:
        """Return what is wrong with a change; nothing if it parses, cures what it should and brings nothing new.

        Only the files that change are searched, if what they show alone is enough to tell.
        """
        files = self.files.changed(changes)
        for path in changes:
            if files.module(path) is None:
                return f"{path} could not be read any more, which is a bug in troubleshoot"
        only = tuple(sorted(changes))
        places = {_place(proposal.finding) for proposal in proposals}
        before = self._before(only)
        if any(not before[place] for place in places):
            only = ()
            before = self._before(only)
        after = self._counted(files, only)
        if any(after[place] >= before[place] for place in places):
            return "the search would still find it there"
        for cause, path, function in after - before:
            return f"the search would then find {cause} in {path}" + (f", {function}" if function else "")
        return ""

    def _before(self, only: tuple[str, ...]) -> Counter[Place]:
        if only not in self._counts:
            self._counts[only] = self._counted(self.files, only)
        return self._counts[only]

    def _counted(self, files: Files, only: tuple[str, ...]) -> Counter[Place]:
        """Return how often each cause is found in each function."""
        project = Project(files, list(only) or None)
        return Counter(map(_place, {finding_of(*seen, project) for seen in self._all_seen(project, ())}))

    @cached_property
    def _counts(self) -> dict[tuple[str, ...], Counter[Place]]:
        return {}

    def _all_seen(self, project: Project, causes: Sequence[str]) -> Iterator[Seen]:
        if not causes or any(self.catalog.causes[cause].watches for cause in causes):
            yield from (
                seen for seen in watched(project, self.catalog, self.more_calls) if not causes or seen[0] in causes
            )
        yield from detected(project, self.catalog, [name for name in detectors() if not causes or name in causes])


def patch_of(catalog: Catalog, cause: str) -> tuple[str, Patch] | None:
    """Return the first fix of a cause that has a patch, and that; None if there is none."""
    fixes = catalog.causes[cause].fixes.items()
    return next(((name, fix.patch) for name, fix in fixes if fix.patch is not None), None)


def draft_of(project: Project, catalog: Catalog, renderer: Renderer, cause: str, sighting: Sighting) -> Draft:
    """Return the edits that would put a sighting right. Raises `WithheldError` if there are none."""
    found = patch_of(catalog, cause)
    if found is None:
        raise WithheldError("there is no patch for this cause")
    name, patch = found
    draft = Draft(project)
    if patch.edit is not None:
        edit_as_declared(draft, renderer, catalog.causes[cause], name, patch, sighting)
    elif has_function(cause):
        function_of(cause)(sighting, draft)
    if not draft.changes():
        raise WithheldError("nothing would change")
    return draft


def can_patch(catalog: Catalog, renderer: Renderer, cause: str, sighting: Sighting, project: Project) -> Safety | None:
    """Return whether a sighting can be patched, and whether that is safe; the result has not been checked yet."""
    found = patch_of(catalog, cause)
    if found is None:
        return None
    try:
        draft_of(project, catalog, renderer, cause, sighting)
    except WithheldError:
        return None
    return found[1].safety


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
