"""Nodes of a syntax tree: what is around one, and what a call is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def parent(node: ast.AST) -> ast.AST | None:
    """Return the node around `node`, within the body that was walked."""
    return getattr(node, "parent", None)


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes around `node`, from the inside out, up to the function it stands in."""
    around = parent(node)
    while around is not None:
        yield around
        around = parent(around)


def text_of(node: ast.AST | None) -> str:
    """Return a string constant's value, or the empty string for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def short(node: ast.AST, limit: int = 60) -> str:
    """Return source for an expression on one line, cut to `limit` characters."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument, or None if it is not given."""
    return next((item.value for item in call.keywords if item.arg == name), None)


def argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    """Return the value of an argument given by position or by name, or None."""
    if index < len(call.args) and not any(isinstance(item, ast.Starred) for item in call.args[: index + 1]):
        return call.args[index]
    return keyword(call, name)
