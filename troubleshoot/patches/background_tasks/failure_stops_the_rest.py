"""The first task catches and logs what goes wrong in it, so that the next one starts all the same."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import body_of, function_with
from troubleshoot.patching.texts import WithheldError

LOGGERS = ("logging.getLogger", "structlog.get_logger")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put the body of the first task into `try`."""
    task = function_with(draft.project, sighting.nodes["first"])
    if any(callers(draft.project, task)) or task in (route.function for route in draft.project.routes):
        raise WithheldError(f"{task.qualname} is called elsewhere, too, where its exception may be waited for")
    if task.is_generator:
        raise WithheldError(f"{task.qualname} is a generator")
    body = body_of(task)
    footer = f'except Exception:\n    {_logger(draft, task.module)}.exception("{task.qualname} failed")'
    draft.deepen(task.module, body, "try:", footer)


def _logger(draft: Draft, module: Module) -> str:
    """Return what a module logs with: a logger of its own, else the root logger."""
    for name, values in module.body.assigned.items():
        made = values[0] if len(values) == 1 else None
        if isinstance(made, ast.Call) and draft.project.path(made.func, module) in LOGGERS:
            return name
    return draft.name(module, "logging.exception").removesuffix(".exception")
