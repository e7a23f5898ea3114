"""What would have to change in the user's own source."""

from __future__ import annotations

from pathlib import Path

from troubleshoot.code.places import gather
from troubleshoot.code.settings import read_settings
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Cause, Finding, Proposal
from troubleshoot.patching.diffs import diff_text
from troubleshoot.patching.proposals import Patcher
from troubleshoot.patching.sketches import patch_of
from troubleshoot.patching.writing import write_changes
from troubleshoot.values import frozen


@frozen
class Change:
    """A proposed change, with the diff that shows it; `root` is the folder that its paths are below.

    `is_only` says that the source shows the cause in no other place.
    """

    proposal: Proposal
    is_only: bool
    diff: str
    root: Path
    original: dict[str, bytes]

    def apply(self) -> None:
        """Make the change, whole or not at all. Raises `OutputError`."""
        write_changes(self.root, self.proposal.changes, self.original.__getitem__)


def patcher_at(place: Path, cause: Cause, renderer: Renderer) -> tuple[Patcher, list[Finding]]:
    """Return what makes changes for `cause` in the source at `place`, and where that shows the cause."""
    settings = read_settings(place)
    patcher = Patcher(gather([place], settings), renderer, settings.watch, [cause.id])
    here = [item for item in sorted(patcher.seen) if item.path not in patcher.files.aside]
    return patcher, list(unsuppressed(here, patcher.files.data))


def changes_for(cause: Cause, place: Path, renderer: Renderer) -> tuple[Change, ...]:
    """Return the changes that would put `cause` right wherever the source at `place` shows it."""
    if patch_of(cause) is None:
        return ()
    patcher, found = patcher_at(place, cause, renderer)
    files = patcher.files
    return tuple(
        Change(
            proposal=proposal,
            is_only=len(found) == 1,
            diff=diff_text(proposal.changes, files.data),
            root=Path(files.root),
            original={path: files.data(path) for path in proposal.changes},
        )
        for proposal in patcher.proposals(found)
        if proposal.changes
    )
