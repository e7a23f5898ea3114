"""What only administrators call: so few that no load comes of it."""

from __future__ import annotations

from dataclasses import replace

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.limits import is_for_administrators


def milder_for_administrators(project: Project, reached: Reached, sighting: Sighting) -> Sighting:
    """Return a sighting of something that costs time, as a note if none but administrators wait for it."""
    if sighting.severity == "info":
        return sighting
    roots = project.reach.roots_of([reached])
    for_administrators = all(is_for_administrators(project, root.function) for root in roots)
    return replace(sighting, severity="info") if roots and for_administrators else sighting
