"""Values become parameters of the statement; a column to sort by is one of those that are selected."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, is_name, keyword, last_name, parent, text_of
from troubleshoot.code.topics.queries import CONNECTIONS
from troubleshoot.code.topics.statements import free_parameter
from troubleshoot.patches.sql import Slot, rewritten, slots_of
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.calls import add_call, wrap
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import annotate
from troubleshoot.patching.texts import WithheldError

STYLES = {
    "sqlite3": "?",
    "psycopg": "%s",
    "psycopg2": "%s",
    "pymysql": "%s",
    "MySQLdb": "%s",
    "mysql": "%s",
    "asyncpg": "$",
}
"""How a driver writes parameters."""
TEXTS = ("sqlalchemy.text", "sqlmodel.text", "sqlalchemy.sql.text")
SORTED_BY = re.compile(r"\border\s+by\s+$", re.IGNORECASE)
COLUMNS = re.compile(r"\s*select\s+(\w+(?:\s*,\s*\w+)*)\s+from\b", re.IGNORECASE)

ASSIGNED_AND_RUN = 2
"""How often the name of a text occurs that is made in one place and used in one."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Bind every value that a client may choose."""
    function, module, call, text = sighting.function, sighting.module, sighting.node, sighting.nodes.get("text")
    if text is None:
        raise WithheldError("a part of a statement is no value; name the columns that may be chosen")
    assert function is not None
    assert isinstance(call, ast.Call)
    assert isinstance(text, ast.expr)
    if isinstance(call.args[0], ast.Name):
        uses = [node for node in ast.walk(function.node) if is_name(node, call.args[0].id)]
        if len(uses) > ASSIGNED_AND_RUN:
            raise WithheldError("its text is put together in several steps, or used in several places")
    style, wraps = _style(draft, call, function)
    literals, slots = slots_of(text)
    places: dict[int, str] = {}
    given: list[tuple[str, str]] = []
    for index, slot in enumerate(slots):
        is_free = free_parameter(slot.value, function)
        if is_free and SORTED_BY.search(slot.before):
            _let_choose(draft, function, slot, literals[0])
        elif is_free or not isinstance(text, ast.JoinedStr):
            if not slot.holds_value:
                raise WithheldError("a list, or the name of a table or a column, cannot be bound as it is")
            name, value = _named(slot.value), _with_pattern(slot, draft.text(module, slot.value))
            if style != ":" or (name, value) not in given:
                given.append((name, value))
            places[index] = {":": f":{name}", "$": f"${len(given)}"}.get(style, style)
    if len(dict(given)) < len(given) and style == ":":
        raise WithheldError("two values have the same name")
    if style == "%s" and "%" in "".join(literals):
        raise WithheldError("its text has a % of its own")
    if not places:
        return
    new = rewritten(text, draft.text(module, text), lambda index: places.get(index, ""))
    wrapper = draft.name(module, "sqlalchemy.text", function) if wraps else ""
    start, end = draft.source(module).span(text)
    draft.put(module, start, end, f"{wrapper}({new})" if wraps and text is call.args[0] else new)
    if wraps and text is not call.args[0]:
        wrap(draft, module, call.args[0], wrapper)
    if style == ":":
        _bind_by_name(draft, function, call, given, is_run=wraps)
    elif len(call.args) > 1 or call.keywords:
        raise WithheldError("the call has parameters already")
    else:
        values = ", ".join(value for _, value in given)
        bound = values if style == "$" else f"({values},)" if len(given) == 1 else f"({values})"
        add_arguments(draft, module, call, [bound], call.args[0])


def _style(draft: Draft, call: ast.Call, function: Function) -> tuple[str, bool]:
    """Return how the statement's parameters are written, and whether its text has to be wrapped in `text()`."""
    path = draft.project.path(call.func, function)
    if path in TEXTS:
        return ":", False
    if isinstance(call.func, ast.Attribute) and draft.project.path(call.func.value, function) in CONNECTIONS:
        return ":", True
    style = STYLES.get(path.partition(".")[0])
    if style is None:
        raise WithheldError("nobody knows which driver gets the statement, and how that writes parameters")
    return style, False


def _named(value: ast.expr) -> str:
    """Return a name for the parameter of a value."""
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        name = str(value.slice.value)
    else:
        name = last_name(value)
    if not name.isidentifier():
        raise WithheldError("a value in its text has no name")
    return name


def _with_pattern(slot: Slot, value: str) -> str:
    before, behind = slot.around
    if not before and not behind:
        return value
    if '"' in value or "\n" in value:
        raise WithheldError("its text is put together in a way of its own")
    return f'f"{before}{{{value}}}{behind}"'


def _let_choose(draft: Draft, function: Function, slot: Slot, start: str) -> None:
    """Let FastAPI refuse what is none of the columns that the statement selects."""
    columns = COLUMNS.match(start)
    param = next((item for item in function.params if is_name(slot.value, item.name)), None)
    if columns is None or param is None or function not in draft.project.called_as("path operation"):
        raise WithheldError("the column to sort by has to come from a fixed list")
    names = [name.strip() for name in columns[1].split(",")]
    default = param.default
    if not is_name(param.annotation, "str") or (default is not None and text_of(default) not in names):
        raise WithheldError("the column to sort by has to come from a fixed list")
    assert param.annotation is not None
    chosen = ", ".join(f'"{name}"' for name in names)
    choice = draft.name(function.module, "typing.Literal", function)
    annotate(draft, function, param.annotation, f"{choice}[{chosen}]")


def _bind_by_name(
    draft: Draft, function: Function, call: ast.Call, given: list[tuple[str, str]], *, is_run: bool
) -> None:
    """Give the values to what runs the statement, or else to the statement itself."""
    around = call if is_run else parent(call)
    pairs = ", ".join(f'"{name}": {value}' for name, value in given)
    if isinstance(around, ast.Call) and _runs(draft, around, function) and (is_run or around.args[:1] == [call]):
        params = argument(around, 1, "params") or keyword(around, "parameters")
        if params is None:
            add_arguments(draft, function.module, around, [f"{{{pairs}}}"], around.args[0])
            return
        if isinstance(params, ast.Dict) and params.values:
            _, end = draft.source(function.module).span(params.values[-1])
            draft.put(function.module, end, end, f", {pairs}")
            return
    if is_run:
        raise WithheldError("the call has parameters already")
    named = ", ".join(f"{name}={value}" for name, value in given)
    add_call(draft, function.module, call, f".bindparams({named})")


def _runs(draft: Draft, call: ast.Call, function: Function) -> bool:
    return isinstance(call.func, ast.Attribute) and draft.project.path(call.func.value, function) in CONNECTIONS
