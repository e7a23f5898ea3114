"""What the conditions of a query compare, and with what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_within, last_name, text_of
from troubleshoot.code.topics.queries import COLUMNS, JOINS, Query

CHOSEN = re.compile(r"\b(?:where|limit|fetch first)\b", re.IGNORECASE)
"""In SQL: it says which rows, or how many."""


def says_which(query: Query, function: Function) -> bool:
    """Return whether a statement that is written as text, there or in a variable, says which rows or how many."""
    seen: set[str] = set()
    queue: list[ast.AST] = [query.call]
    while queue:
        for item in ast.walk(queue.pop()):
            if CHOSEN.search(text_of(item)):
                return True
            if isinstance(item, ast.Name) and item.id not in seen and "text" in query.built:
                seen.add(item.id)
                queue += function.body.assigned.get(item.id, ())
    return False


def narrows(call: ast.Call, query: Query) -> bool:
    """Return whether a condition always holds, and says something about the rows that are selected."""
    for around in ancestors(call):
        if isinstance(around, ast.If) and not is_within(query.call, around) and not _is_either(around, query):
            return False
    if query.built & JOINS or call.keywords or not call.args:
        return True
    tables = [_table(item) for item in call.args]
    return any(name in ("", query.name) for name in tables)


def _is_either(block: ast.If, query: Query) -> bool:
    """Return whether a statement is given a condition in both halves of an `if`."""
    return all(
        any(is_within(item, statement) for item in query.filters for statement in half)
        for half in (block.body, block.orelse)
    )


def _table(condition: ast.expr) -> str:
    """Return what the table of the column on a condition's left is called; nothing if that cannot be told."""
    column = condition.left if isinstance(condition, ast.Compare) else None
    holder = column.value if isinstance(column, ast.Attribute) else None
    return last_name(holder.value if isinstance(holder, ast.Attribute) and holder.attr in COLUMNS else holder)


def given(filters: list[ast.Call]) -> Iterator[ast.expr]:
    """Yield what the columns in conditions are compared with."""
    for call in filters:
        yield from (item.value for item in call.keywords)
        yield from (
            node.comparators[0] for item in call.args for node in ast.walk(item) if isinstance(node, ast.Compare)
        )
