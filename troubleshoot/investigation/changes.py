"""What would have to change in the user's own source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from troubleshoot.code.scan import gather
from troubleshoot.code.settings import read_settings
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Cause, Proposal
from troubleshoot.patching.diffs import diff_of
from troubleshoot.patching.proposals import Patcher, patch_of
from troubleshoot.patching.writing import write_changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A proposed change, with the diff that shows it; `root` is the folder that its paths are below."""

    proposal: Proposal
    diff: str
    root: Path
    original: dict[str, bytes]

    def apply(self) -> None:
        """Make the change, whole or not at all. Raises `OutputError`."""
        write_changes(self.root, self.proposal.changes, self.original.__getitem__)


def changes_for(cause: Cause, place: Path, renderer: Renderer) -> tuple[Change, ...]:
    """Return the changes that would put `cause` right wherever the source at `place` shows it."""
    if patch_of(renderer.catalog, cause.id) is None:
        return ()
    settings = read_settings(place if place.is_dir() else place.parent)
    files = gather([place], settings)
    patcher = Patcher(files, renderer.catalog, renderer, settings.watch, [cause.id])
    found = unsuppressed(sorted(patcher.seen), files.data)
    return tuple(
        Change(
            proposal=proposal,
            diff=diff_of(proposal.changes, files.data).decode("utf-8", "replace"),
            root=Path(files.root),
            original={path: files.data(path) for path in proposal.changes},
        )
        for proposal in patcher.proposals(found)
        if proposal.changes
    )
