"""A secret that the environment gives to every process, and nothing in its place."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import parent, text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import module_with
from troubleshoot.patching.texts import WithheldError

READS = ("os.getenv", "os.environ.get")
BYTES = ("secrets.token_bytes", "os.urandom")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Read the variable that is read already without a fallback, else one of the constant's name."""
    made = sighting.nodes["secret"]
    assert isinstance(made, ast.expr)
    module = module_with(draft.project, made)
    read = _read(draft.project, made, module)
    variable = draft.text(module, read.args[0]) if read is not None else f'"{_constant(made)}"'
    is_bytes = read is None and isinstance(made, ast.Call) and draft.project.path(made.func, module) in BYTES
    environ = draft.name(module, "os.environ")
    draft.replace(module, made, f"{environ}[{variable}]{'.encode()' if is_bytes else ''}")


def _read(project: Project, made: ast.expr, module: Module) -> ast.Call | None:
    """Return the call that reads the environment, with something random as its default or behind `or`."""
    first = made.values[0] if isinstance(made, ast.BoolOp) and isinstance(made.op, ast.Or) else made
    if isinstance(first, ast.Call) and project.path(first.func, module) in READS and text_of(first.args[0]):
        return first
    return None


def _constant(made: ast.expr) -> str:
    """Return the name of the constant that a random value is assigned to."""
    statement = parent(made)
    target = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    if not isinstance(made, ast.Call) or not isinstance(target, ast.Name) or not target.id.isupper():
        raise WithheldError("the secret has no name that an environment variable could have, too")
    return target.id
