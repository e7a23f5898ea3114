"""How a dependency opens its session, and how somebody else would."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.queries import SESSIONS
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


@dataclass(frozen=True, slots=True)
class Opening:
    """The call that makes the session in a dependency, and whether it is a session of asyncio."""

    dependency: Function
    call: ast.Call
    is_async: bool

    @classmethod
    def of(cls, project: Project, dependency: Function) -> Opening | None:
        """Return how a dependency opens its session, if it does nothing else than that and close it again."""
        block = [item for item in dependency.node.body if not _is_docstring(item)]
        call: ast.expr | None = None
        name = ""
        if len(block) == 1 and isinstance(block[0], (ast.With, ast.AsyncWith)) and len(block[0].items) == 1:
            item = block[0].items[0]
            call, name = item.context_expr, ast.unparse(item.optional_vars) if item.optional_vars else ""
            block = block[0].body
        elif len(block) == 2 and isinstance(block[0], (ast.Assign, ast.AnnAssign)):
            call, name = block[0].value, next(iter(_targets(block[0])))
            block = block[1:]
        if len(block) == 1 and isinstance(block[0], ast.Try) and not block[0].handlers:
            if not all(_closes(item, name) for item in block[0].finalbody):
                return None
            block = block[0].body
        path = project.path(call, dependency)
        if len(block) != 1 or not _yields(block[0], name) or path not in SESSIONS or not isinstance(call, ast.Call):
            return None
        return cls(dependency, call, "asyncio" in path)

    @property
    def keyword(self) -> str:
        """The words in front of the call in a `with`."""
        return "async with" if self.is_async else "with"

    def text(self, draft: Draft, function: Function) -> str:
        """Return the call as `function` would write it. Raises `WithheldError` if it cannot be made there."""
        made, module = self.call.func, function.module
        if self.call.args or self.call.keywords or not isinstance(made, ast.Name):
            raise WithheldError(f"{self.dependency.qualname} makes its session in a way of its own")
        where = self.dependency.module
        if made.id not in {*where.body.assigned, *where.imports, *where.functions}:
            raise WithheldError(f"{made.id} is known inside of {self.dependency.qualname} only")
        if where is module:
            return f"{made.id}()"
        statement, _ = module.imports.get(self.dependency.name, (None, ""))
        if not isinstance(statement, ast.ImportFrom) or statement.level or not statement.module:
            raise WithheldError(f"it is not clear from where {module.path} would import {made.id}")
        return f"{draft.name(module, f'{statement.module}.{made.id}')}()"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    return [
        ast.unparse(item) for item in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
    ]


def _closes(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement).removeprefix("await ") == f"{name}.close()"


def _yields(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement) == f"yield {name}"
