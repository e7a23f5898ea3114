"""What only administrators call, or the application's own jobs: so seldom that no load comes of it."""

from __future__ import annotations

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.topics.limits import is_for_insiders


def serves_administrators(project: Project, reached: Reached) -> bool:
    """Return whether none but administrators, or other processes of the application, wait for what a function does."""
    roots = project.reach.roots_of([reached])
    return bool(roots) and all(is_for_insiders(project, root.function) for root in roots)
