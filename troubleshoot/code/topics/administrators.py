"""What only administrators or the application itself call: no load comes of it, and they may know what is inside."""

from __future__ import annotations

from collections.abc import Iterable

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.limits import is_for_insiders


def serves_administrators(project: Project, reached: Reached) -> bool:
    """Return whether none but administrators, or other processes of the application, wait for what a function does."""
    return _are_insiders(project, [reached])


def answers_insiders(project: Project, function: Function) -> bool:
    """Return whether none but administrators, or other processes of the application, read what a function answers."""
    return _are_insiders(project, (reached for reached in project.reach if reached.function is function))


def _are_insiders(project: Project, several: Iterable[Reached]) -> bool:
    roots = project.reach.roots_of(several)
    return bool(roots) and all(is_for_insiders(project, root.function) for root in roots)
