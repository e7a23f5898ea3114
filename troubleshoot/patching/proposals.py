"""From what a project shows to changes of it that have been looked at once more: made, checked, or withheld."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from troubleshoot.code.application.speaking import speaking
from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.code.seen import Seen, finding_of, project_of, sightings, undisturbed
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog, Finding, Proposal
from troubleshoot.patching.compositions import Composition
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.judging import Changes, Judge
from troubleshoot.patching.sketches import Sketched, draft_of, patch_of
from troubleshoot.patching.texts import WithheldError
from troubleshoot.redaction import shown

if TYPE_CHECKING:
    from troubleshoot.code.search import Found


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
            found = sightings(self.project, self.catalog, self.more_calls, self.causes)
            return {finding_of(*item, self.project): item for item in found}

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.project, self.catalog, self.more_calls, lambda: self._shown)

    @property
    def _shown(self) -> Collection[Finding]:
        return self.seen if self.found is None else self.found

    def proposals(self, findings: Iterable[Finding]) -> list[Proposal]:
        """Return a checked proposal for each of `findings` whose cause has a patch."""
        made = [pair for finding in sorted(findings) if finding in self._shown and (pair := self._made(finding))]
        with undisturbed():
            faults = self._judge.faults([(proposal, draft) for proposal, draft in made if draft is not None])
        return [self._judged(proposal, faults.get(proposal.finding, "")) for proposal, _ in made]

    def together(self, proposals: Sequence[Proposal]) -> tuple[Changes, list[Proposal]]:
        """Return the changes of as many of `proposals` as compose and are sound together, and which these are."""
        made = [pair for item in proposals if item.changes and (pair := self._made(item.finding))]
        with undisturbed():
            draft, taken = self._together([(proposal, draft) for proposal, draft in made if draft is not None])
        return draft.changes() if taken else {}, taken

    def _together(self, made: Sequence[tuple[Proposal, Draft]]) -> tuple[Draft, list[Proposal]]:
        """Compose what goes together; where the whole is not sound, one half and what of the other goes with it."""
        whole = Composition(self.project)
        are_in = whole.take_in([draft for _, draft in made])
        taken = [proposal for (proposal, _), is_in in zip(made, are_in, strict=True) if is_in]
        if len(made) < 2 or not self._judge.fault(whole.draft().changes(), taken):
            return whole.draft(), taken
        middle = len(made) // 2
        (first, taken), (second, more) = self._together(made[:middle]), self._together(made[middle:])
        whole = Composition(self.project)
        if all(whole.take_in([first, second])) and not self._judge.fault(whole.draft().changes(), [*taken, *more]):
            return whole.draft(), [*taken, *more]
        return first, taken

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

    def _judged(self, proposal: Proposal, fault: str) -> Proposal:
        """Return a proposal with what was checked, or withheld if it does not keep what it promises."""
        if fault:
            return replace(proposal, changes={}, withheld=fault)
        return replace(proposal, verified=self._verified(proposal)) if proposal.changes else proposal

    def _verified(self, proposal: Proposal) -> tuple[str, ...]:
        patch = self.catalog.causes[proposal.finding.cause].fixes[proposal.fix].patch
        return ("parsed", "silent", *(["proven"] if patch is not None and patch.proven else []))


def _named(texts: Sequence[str], finding: Finding) -> tuple[str, ...]:
    """Return `texts` with what was captured in the place of its names."""
    named = []
    for text in texts:
        for name, value in {"function": "the function", **finding.captured}.items():
            text = text.replace(f"{{{name}}}", shown(value))
        named.append(text)
    return tuple(named)
