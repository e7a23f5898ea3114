"""What only administrators call: so few that no load comes of it, and who may know what is inside."""

from __future__ import annotations

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.limits import is_for_administrators, is_for_insiders


def serves_administrators(project: Project, reached: Reached) -> bool:
    """Return whether none but administrators wait for what a function does."""
    roots = project.reach.roots_of([reached])
    return bool(roots) and all(is_for_administrators(project, root.function) for root in roots)


def answers_insiders(project: Project, function: Function) -> bool:
    """Return whether none but administrators, or the application's own processes, read what a function answers."""
    roots = project.reach.roots_of(reached for reached in project.reach if reached.function is function)
    return bool(roots) and all(is_for_insiders(project, root.function) for root in roots)
