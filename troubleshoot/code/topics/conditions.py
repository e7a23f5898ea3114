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
                queue += function.body.assigned.get(item.id) or function.module.body.assigned.get(item.id, [])
    return False


def narrowing(query: Query) -> list[ast.Call]:
    """Return the conditions of which one holds, whatever way is taken, and which say something about the rows."""
    told = [call for call in query.filters if _is_about(call, query)]
    choices = {call: [item for item in ancestors(call) if isinstance(item, ast.If)] for call in told}
    outer = {
        call: next((item for item in reversed(found) if not is_within(query.call, item)), None)
        for call, found in choices.items()
    }
    return [call for call in told if (choice := outer[call]) is None or _always([choice], told)]


def _always(statements: list[ast.stmt], conditions: list[ast.Call]) -> bool:
    """Return whether one of `conditions` is reached on every way through statements that goes on behind them."""
    for item in statements:
        if isinstance(item, ast.If):
            if _always(item.body, conditions) and _always(item.orelse, conditions):
                return True
        elif isinstance(item, (ast.Return, ast.Raise)) or any(is_within(call, item) for call in conditions):
            return True
    return False


def _is_about(call: ast.Call, query: Query) -> bool:
    if query.built & JOINS or call.keywords or not call.args:
        return True
    # What is selected may be imported under another name.
    selected = {last_name(item) for one in query.selects for item in one.args}
    return any(_table(item) in ("", query.name, *selected) for item in call.args)


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


def asks_for_keys(query: Query) -> bool:
    """Return whether a query asks for the elements of a list: as many rows as there are keys."""
    return any(
        isinstance(item, ast.Call)
        and last_name(item.func) == "in_"
        and item.args
        and "select" not in ast.unparse(item.args[0])
        for call in query.filters
        for item in ast.walk(call)
    )
