"""A logging set-up that disables the loggers which the server has made before."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.callers import callers

BROKEN = {
    "main.py": """
import logging.config

from fastapi import FastAPI

LOGGING = {
    "version": 1,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
}
logging.config.dictConfig(LOGGING)
app = FastAPI()
""",
    "log.py": """
from logging.config import dictConfig


def set_up():
    # called by the FastAPI application
    dictConfig({"version": 1, "disable_existing_loggers": True, "loggers": {"shop": {"level": "INFO"}}})
""",
}
FIXED = {
    "main.py": """
import logging.config

from fastapi import FastAPI

from elsewhere import SETTINGS

LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "INFO"}}
NAMED = {"version": 1, "loggers": {"uvicorn": {"level": "INFO"}}}
MADE = {"version": 1, **SETTINGS}
logging.config.dictConfig(LOGGING)
logging.config.dictConfig(NAMED)
logging.config.dictConfig(MADE)
logging.config.dictConfig(SETTINGS)
logging.config.dictConfig({"version": 1, "incremental": True})
app = FastAPI()
""",
}
SPARED = {"uvicorn", "uvicorn.access"}
"""Loggers that are not disabled if the set-up names one of them, for each lower one is spared with it."""


def detect(project: Project) -> Iterator[Sighting]:
    """Yield calls of dictConfig whose dictionary can be read, and that spare no logger of the server."""
    if not project.registrations("app"):
        return
    for module in project.modules:
        if not module.mentions(b"dictConfig") or _is_command(module):
            continue
        places: list[Function | Module] = [module, *module.all_functions]
        for where in places:
            for call in where.body.calls:
                given = _dictionary(argument(call, 0, "config"), where, module)
                if given is None or project.path(call.func, where) != "logging.config.dictConfig":
                    continue
                if _disables(given) and not (isinstance(where, Function) and _serves_commands(project, where)):
                    yield Sighting(
                        module=module,
                        function=where if isinstance(where, Function) else None,
                        node=call,
                        severity="warning",
                        message="this set-up disables uvicorn's loggers: disable_existing_loggers is not False",
                        nodes={"dictionary": given},
                    )


def _is_command(module: Module) -> bool:
    """Return whether a module is a command line of its own, which no server serves."""
    starts = module.mentions(b"__main__") and not module.mentions(b"uvicorn")
    return starts or any(module.mentions(word) for word in (b"Typer(", b"argparse", b"click."))


def _serves_commands(project: Project, function: Function) -> bool:
    """Return whether a function is called, and by command lines alone."""
    modules = [where.module if isinstance(where, Function) else where for where, _ in callers(project, function)]
    return bool(modules) and all(map(_is_command, modules))


def _dictionary(node: ast.expr | None, where: Function | Module, module: Module) -> ast.Dict | None:
    if isinstance(node, ast.Name):
        assigned = where.body.assigned.get(node.id) or module.body.assigned.get(node.id) or []
        node = assigned[0] if len(assigned) == 1 else None
    return node if isinstance(node, ast.Dict) else None


def _disables(given: ast.Dict) -> bool:
    """Return whether a dictionary leaves the server's loggers disabled; False if a part of it cannot be read."""
    entries, loggers = _entries(given), None
    if entries is not None and "incremental" not in entries:
        loggers = _entries(entries.get("loggers", ast.Dict([], [])))
    if entries is None or loggers is None:
        return False
    flag = entries.get("disable_existing_loggers", ast.Constant(True))
    return isinstance(flag, ast.Constant) and flag.value is True and not SPARED & set(loggers)


def _entries(node: ast.expr) -> dict[Any, ast.expr] | None:
    """Return what a dictionary has under constant keys; None for anything else."""
    if not isinstance(node, ast.Dict):
        return None
    found = {
        key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)
    }
    return found if len(found) == len(node.keys) else None
