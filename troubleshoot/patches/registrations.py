"""Calls that register something with an application, and how one of them changes places."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import statement_of
from troubleshoot.patching.blocks import move_behind
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError


def is_application(project: Project, node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression is an application of FastAPI."""
    return project.path(node, scope) == "fastapi.FastAPI()"


def register_behind(draft: Draft, module: Module, call: ast.AST, other: ast.AST) -> None:
    """Move the statement that registers a middleware behind the one that registers another."""
    statement, anchor = statement_of(call), statement_of(other)
    if not isinstance(statement, ast.Expr) or anchor is None:
        raise WithheldError("the registration is no statement of its own")
    if not any(item is anchor for item in block_around(statement, module.tree)):
        raise WithheldError("the two middlewares are not added in one place of one file")
    move_behind(draft, module, statement, anchor)
