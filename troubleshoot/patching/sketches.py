"""A change that a finding calls for, before anybody has checked it."""

from __future__ import annotations

from typing import NamedTuple

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Cause, Patch, Safety
from troubleshoot.patches import function_of, has_function
from troubleshoot.patching.declared import edit_as_declared
from troubleshoot.patching.drafts import Draft, Edits
from troubleshoot.patching.texts import WithheldError


class Sketched(NamedTuple):
    """A change that a search has found to be possible."""

    safety: Safety
    edits: Edits


def patch_of(cause: Cause) -> tuple[str, Patch] | None:
    """Return the first fix of a cause that has a patch, and that; None if there is none."""
    return next(((name, fix.patch) for name, fix in cause.fixes.items() if fix.patch is not None), None)


def draft_of(project: Project, renderer: Renderer, cause: Cause, fix: str, patch: Patch, sighting: Sighting) -> Draft:
    """Return the edits that would put a sighting right. Raises `WithheldError` if there are none."""
    draft = Draft(project)
    if patch.edit is not None:
        edit_as_declared(draft, renderer, cause, fix, patch, sighting)
    elif has_function(cause.id):
        function_of(cause.id)(sighting, draft)
    return draft


def sketched(renderer: Renderer, cause: str, sighting: Sighting, project: Project) -> Sketched | None:
    """Return the change that would put a sighting right, if there is one; it has not been checked yet."""
    definition = renderer.catalog.causes[cause]
    found = patch_of(definition)
    if found is None:
        return None
    try:
        draft = draft_of(project, renderer, definition, *found, sighting)
        return Sketched(found[1].safety, draft.edits()) if draft.alters() else None
    except WithheldError:
        return None
