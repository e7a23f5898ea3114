"""The text of SQL statements, and what is put into it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.guards import is_checked

STATEMENT = re.compile(
    r"\s*(?:\(\s*)?(?:select|insert\s+into|update|delete\s+from|with|call|exec|drop|alter)\b", re.IGNORECASE
)
SAFE = frozenset(("int", "float", "bool", "UUID", "Enum", "Literal"))


def injected(node: ast.expr, function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield the parameters that become part of a statement's text, each with the expression of that text."""
    for text in texts(node, function):
        parts = parts_of(text)
        if parts and STATEMENT.match("".join(part for part in parts if isinstance(part, str))):
            for before, part in zip(["", *parts], parts, strict=False):
                if isinstance(part, str) or (isinstance(before, str) and _is_subquery(before, part)):
                    continue
                if name := free_parameter(part, function):
                    yield name, text


def _is_subquery(before: str, part: ast.expr) -> bool:
    """Return whether a wrapper puts the statement that it was given in brackets."""
    return before.rstrip().endswith("(") and getattr(part, "id", "") in ("query", "sql", "statement", "stmt")


def texts(node: ast.expr, function: Function) -> list[ast.expr]:
    """Return what a text may be, if it is a variable: what is assigned to it."""
    return list(function.body.assigned.get(node.id, ())) if isinstance(node, ast.Name) else [node]


def parts_of(node: ast.expr) -> list[str | ast.expr]:
    """Return a text's literal parts and the expressions between them; nothing for a text without any."""
    if isinstance(node, ast.JoinedStr):
        return [
            item.value if isinstance(item, ast.FormattedValue) else str(getattr(item, "value", ""))
            for item in node.values
        ]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*parts_of(node.left), *parts_of(node.right)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return [*parts_of(node.left), *given]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return [*parts_of(node.func.value), *node.args, *(item.value for item in node.keywords)]
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    return [node]


def free_parameter(node: ast.expr, function: Function) -> str:
    """Return the parameter of free text that `node` is, or is taken from."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        for param in function.params:
            if param.name == node.id and param.name not in ("self", "cls"):
                annotation = ast.unparse(param.annotation) if param.annotation else ""
                safe = any(name in annotation for name in SAFE) or is_checked(param.name, function)
                return "" if safe else param.name
    return ""
