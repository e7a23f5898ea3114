"""What a module logs with."""

from __future__ import annotations

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft

MAKERS = ("logging.getLogger", "structlog.get_logger", "structlog.getLogger")


def logger_of(draft: Draft, module: Module) -> str:
    """Return the logger that a module has, else an expression that makes one."""
    for name, values in module.body.assigned.items():
        made = getattr(values[-1], "func", None)
        if draft.project.path(made, module) in MAKERS:
            return name
    if "logger" in module.imports:
        return "logger"
    return f"{draft.name(module, 'logging.getLogger')}(__name__)"
