"""What is in the result is taken out: objects by `scalars()`, named columns by `mappings()`, all by `all()`."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import is_name, last_name, parent
from troubleshoot.code.topics.queries import queries
from troubleshoot.code.topics.rows import steps_from_session
from troubleshoot.patching.calls import add_call, wrap
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ONE_ROW_OF_ROWS = "fetchone"
"""What results of rows have, and results of objects have not."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Add the calls that are missing between the session and the answer."""
    function, module, statement, value = sighting.function, sighting.module, sighting.node, sighting.nodes["value"]
    assert function is not None
    assert isinstance(statement, ast.Return)
    assert isinstance(value, ast.expr)
    first, *later = steps_from_session(draft.project, value, function)
    if first != "execute":
        _add(draft, function, statement, ".all()")
        return
    taken = _taken(draft, function, value)
    if not later:
        _add(draft, function, statement, f".{taken}().all()")
        return
    if statement.value is not value and not _only_returned(function, statement):
        raise WithheldError("the rows are used in other ways, too")
    end = value.value if isinstance(value, ast.Await) else value
    if not isinstance(end, ast.Call) or not isinstance(end.func, ast.Attribute):
        raise WithheldError("the rows are taken in a way of their own")
    if later[-1] == ONE_ROW_OF_ROWS and taken == "scalars":
        raise WithheldError("fetchone() gives a row always")
    add_call(draft, module, end.func.value, f".{taken}()")


def _add(draft: Draft, function: Function, statement: ast.Return, text: str) -> None:
    """Call methods on what a function returns."""
    value = statement.value
    assert value is not None
    if isinstance(value, ast.Await):
        wrap(draft, function.module, value, "")
    add_call(draft, function.module, value, text)


def _taken(draft: Draft, function: Function, value: ast.expr) -> str:
    """Return `scalars` if objects of one class are selected and nothing else, `mappings` if columns are."""
    names = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
    sources = [value, *(item for name in names for item in function.body.assigned.get(name, ()))]
    inside = {id(node) for item in sources for node in ast.walk(item)}
    scope = Scope.of(function)
    for query in queries(draft.project.inference, function, scope):
        if id(query.call) not in inside:
            continue
        selected = [item for call in query.selects for item in call.args]
        classes = [item for item in selected if isinstance(draft.project.value(item, scope), Class)]
        if len(selected) == 1 and classes:
            return "scalars"
        tables = [item for item in selected if draft.project.path(item, scope) == "sqlalchemy.Table()"]
        if (not selected and "text" in query.built) or (tables and tables == selected):
            return "mappings"
        if selected and not classes and all(_is_column(item) for item in selected):
            return "mappings"
    raise WithheldError("nobody knows whether objects or columns are selected")


def _is_column(node: ast.expr) -> bool:
    """Return whether a column or an expression of columns is selected, as far as that can be seen."""
    return isinstance(node, (ast.Attribute, ast.Call, ast.BinOp)) and (
        isinstance(node, ast.Call) or not last_name(node)[:1].isupper()
    )


def _only_returned(function: Function, statement: ast.Return) -> bool:
    """Return whether the rows that a variable holds are returned, or asked whether there are any, and no more."""
    assert isinstance(statement.value, ast.Name)
    uses = [
        node
        for node in ast.walk(function.node)
        if is_name(node, statement.value.id) and isinstance(getattr(node, "ctx", None), ast.Load)
    ]
    return all(isinstance(parent(use), (ast.Return, ast.If, ast.UnaryOp, ast.Compare)) for use in uses)
