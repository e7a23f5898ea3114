"""Queries in source: what is asked, how the statement was put together, and what becomes of the rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import ancestors, argument, last_name, mentions, parent, text_of

SESSIONS = ("sqlalchemy.orm.Session()", "sqlalchemy.ext.asyncio.AsyncSession()")
CONNECTIONS = (
    *SESSIONS,
    "sqlalchemy.engine.Connection()",
    "sqlalchemy.ext.asyncio.AsyncConnection()",
    "sqlalchemy.ext.asyncio.create_async_engine().connect()",
    "sqlalchemy.ext.asyncio.create_async_engine().begin()",
)
RUNS = frozenset(("execute", "exec", "scalars", "scalar", "stream", "stream_scalars", "get", "get_one", "refresh"))
TERMINALS = frozenset(
    ("all", "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "count", "get", "fetchall")
)
BUILDING = rf"sqlalchemy\.orm\.Session\(\)\.query\(\)(?:\.(?!(?:{'|'.join(sorted(TERMINALS))})\()\w+\(\))*"
"""A query that has given nothing yet: what it gives is none itself, whatever its methods are called."""
LEGACY = re.compile(rf"{BUILDING}\.(\w+)")
BOUNDED = frozenset(
    ("limit", "slice", "fetch", "first", "one", "one_or_none", "scalar_one", "scalar_one_or_none", "insert")
)
GROUPED = frozenset(("distinct", "group_by"))
STARTS = {**dict.fromkeys(("select", "select_from", "query"), BOUNDED | GROUPED), "join": BOUNDED}
"""What a part is given to, and what makes that part a bound of the rows: groups are few, but those joined are not."""
FILTERS = frozenset(("where", "filter", "filter_by", "having"))
JOINS = frozenset(("join", "outerjoin", "join_from", "select_from", "with_parent"))
COLUMNS = ("c", "columns")
"""What has the columns of SQLAlchemy's own tables."""
PARTS = frozenset(("cte", "subquery", "lateral", "alias"))
"""Methods that make a part of a statement of another one."""
SELECTS = frozenset(("select", "query"))
MAKERS = frozenset((*SELECTS, "aliased", "text", "table"))
"""SQLAlchemy's own functions whose result is selected from."""
ADDS = frozenset(("append", "extend", "add", "insert"))
"""Methods that put an element into a collection."""
SET_OPERATIONS = frozenset(("union", "union_all", "intersect", "except_", "intersect_all", "except_all"))


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A statement that is run: the call that runs it, and the names of the methods and functions that made it.

    `fetched` are the methods called on its result. `entity` is the mapped class that is selected, if it is the
    project's, and `name` what it or another table is called. `selects` are the calls of `select()` or `query()` that
    it starts with, `filters` those that add conditions.
    """

    call: ast.Call
    built: frozenset[str]
    fetched: frozenset[str]
    entity: Class | None
    selects: tuple[ast.Call, ...] = ()
    filters: tuple[ast.Call, ...] = ()
    name: str = ""

    @property
    def is_bounded(self) -> bool:
        """Whether it asks for, or takes, a limited number of rows, or sums them up."""
        return bool((self.built | self.fetched) & BOUNDED or self.built & GROUPED)

    @property
    def is_filtered(self) -> bool:
        """Whether it has a condition."""
        return bool(self.built & FILTERS)

    @property
    def fetches_many(self) -> bool:
        """Whether all rows are taken."""
        return bool(self.fetched & {"all", "fetchall", "list", "for"})


def queries(inference: Inference, function: Function, scope: Scope) -> Iterator[Query]:
    """Yield the queries that `function` runs itself, in source order."""
    for call in function.body.calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        name = call.func.attr
        if name not in RUNS and name not in TERMINALS:
            continue
        path = inference.path(call.func, scope)
        legacy = LEGACY.fullmatch(path)
        if legacy is not None and name in TERMINALS:
            fetched = frozenset((name, *_fetched(call, function)))
            yield _query(inference, call, call.func.value, fetched, scope)
        elif name in RUNS and path.rpartition(".")[0] in CONNECTIONS:
            yield _executed(inference, call, name, function, scope)


def _executed(inference: Inference, call: ast.Call, name: str, function: Function, scope: Scope) -> Query:
    if name in ("get", "get_one", "refresh"):
        return Query(call, frozenset(("first",)), frozenset(("first",)), None)
    statement = argument(call, 0, "statement")
    if statement is None:
        return Query(call, frozenset(), frozenset(_fetched(call, function)), None)
    fetched = {"first"} if name == "scalar" else set(_fetched(call, function))
    return _query(inference, call, statement, frozenset(fetched), scope)


def _query(inference: Inference, call: ast.Call, statement: ast.expr, fetched: frozenset[str], scope: Scope) -> Query:
    assert scope.function is not None
    built, selected, calls = _builders(statement, scope.function)
    entity = _entity(inference, selected, scope)
    name = entity.name if entity is not None else _table_name(selected[0]) if selected else ""
    selects = tuple(item for item in calls if last_name(item.func) in SELECTS)
    filters = tuple(item for item in calls if last_name(item.func) in FILTERS)
    return Query(call, built, fetched, entity, selects, filters, name)


def _table_name(selected: ast.expr) -> str:
    """Return what a table that is not understood is called: `Item` of `models.Item`, `db.Item.id` and `Item.c.id`."""
    holder = selected.value if isinstance(selected, ast.Attribute) else None
    if isinstance(holder, ast.Attribute) and holder.attr in COLUMNS:
        return last_name(holder.value)
    return last_name(holder if last_name(holder)[:1].isupper() else selected)


def _builders(node: ast.expr, function: Function) -> tuple[frozenset[str], list[ast.expr], list[ast.Call]]:
    """Return the names of what builds a statement, also through variables, what is selected, and the calls."""
    names: set[str] = set()
    selected: list[ast.expr] = []
    calls: list[ast.Call] = []
    seen: set[str] = set()
    queue: list[ast.expr] = [node]
    while queue:
        item = queue.pop()
        if isinstance(item, ast.Call):
            name = last_name(item.func)
            names.add(name)
            calls.append(item)
            if name in SELECTS:
                selected += item.args
                names.update(_aggregates(item.args))
            if name == "text" and item.args:
                literal = _literal(item.args[0]).lower()
                names.update(re.findall(r"\blimit\b|\bwhere\b", literal))
                if literal.lstrip().startswith("select") and not re.search(r"\b(from|union)\b", literal):
                    names.add("first")
                if _is_written_elsewhere(item.args[0], function):
                    names.add("limit")
            if name == "select_from":
                selected += item.args
            if name in STARTS and _is_chosen_elsewhere(item.args[:1], function, STARTS[name]):
                names.add("limit")
            if isinstance(item.func, ast.Attribute):
                # What stands before `.query(…)` is the session.
                queue += [] if name == "query" else [item.func.value]
            elif name not in ("select", "text"):
                # A helper that is given the statement and may do anything with it, such as paginate(query).
                queue += item.args
                if name not in SET_OPERATIONS:
                    names.add("limit")
        elif isinstance(item, ast.Name) and item.id not in seen:
            seen.add(item.id)
            queue += function.body.assigned.get(item.id, ())
            if any(param.name == item.id for param in function.params):
                names.add("limit")
        elif isinstance(item, (ast.Await, ast.Attribute, ast.Subscript)):
            if isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Slice):
                names.add("slice")
            queue.append(item.value)
        elif isinstance(item, ast.IfExp):
            queue += [item.body, item.orelse]
    if not names & {*SELECTS, "text"}:
        # A statement that comes from elsewhere.
        names.add("limit")
    return frozenset(names), selected, calls


def _is_chosen_elsewhere(given: list[ast.expr], function: Function, bounds: frozenset[str]) -> bool:
    """Return whether what is selected from, or joined, is a part with a bound, or one that a function makes.

    Of a part with a condition, a class may be the `aliased` one.
    """
    base = given[0] if given else None
    while isinstance(base, ast.Attribute):
        base = base.value
    parts = function.body.assigned.get(base.id, ()) if isinstance(base, ast.Name) else [base]
    for part in parts:
        if isinstance(part, ast.Call) and last_name(part.func) == "aliased":
            return any(_builders(item, function)[0] & (BOUNDED | FILTERS) for item in part.args[1:2])
        inner = part
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in PARTS:
            inner = part.func.value
            if _builders(inner, function)[0] & bounds:
                return True
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id not in MAKERS:
            return inner.func.id.islower()
    return False


def _aggregates(selected: list[ast.expr]) -> Iterator[str]:
    """A statement that selects nothing but aggregates has one row."""
    calls = [item for item in selected if isinstance(item, ast.Call)]
    if selected and len(calls) == len(selected):
        texts = [ast.unparse(item.func) for item in calls]
        if all(re.search(r"\b(count|sum|avg|min|max|exists)\b", text) for text in texts):
            yield "first"


def _is_written_elsewhere(node: ast.expr, function: Function) -> bool:
    """Return whether SQL stands neither here nor in a variable of the function or its module: nobody reads it here."""
    if isinstance(node, ast.Name):
        return node.id not in function.body.assigned and node.id not in function.module.body.assigned
    return not any(text_of(item) for item in ast.walk(node)) and not mentions(node, function.body.assigned)


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(value) for value in node.values)
    return text_of(node)


def _fetched(call: ast.Call, function: Function) -> Iterator[str]:
    """Yield what is called on the result of `call`, also through the variable that holds it."""
    node: ast.AST = call
    while (around := parent(node)) is not None:
        if isinstance(around, ast.Attribute):
            yield around.attr
        elif isinstance(around, ast.Call) and isinstance(around.func, ast.Name) and node in around.args:
            if around.func.id in ("list", "len", "set", "sorted", "tuple"):
                yield "list"
            return
        elif isinstance(around, (ast.For, ast.comprehension)) and around.iter is node:
            yield "for"
            return
        elif isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Name):
            yield from _fetched_from(around.targets[0].id, function)
            return
        elif not isinstance(around, (ast.Await, ast.Call)):
            return
        node = around


def _fetched_from(name: str, function: Function) -> Iterator[str]:
    for attribute in function.body.attributes:
        base: ast.expr = attribute
        while isinstance(base, (ast.Attribute, ast.Call, ast.Await)):
            base = base.func if isinstance(base, ast.Call) else base.value
        if isinstance(base, ast.Name) and base.id == name:
            yield attribute.attr
    if any(isinstance(over, ast.Name) and over.id == name for over in function.body.looped.values()):
        yield "for"


def _entity(inference: Inference, selected: list[ast.expr], scope: Scope) -> Class | None:
    for node in selected:
        for item in (node, node.value) if isinstance(node, ast.Attribute) else (node,):
            value = inference.value(item, scope)
            if isinstance(value, Class):
                return value
    return None


def is_returned(node: ast.AST, function: Function) -> bool:
    """Return whether what `node` gives becomes part of what `function` returns, also through variables."""
    for around in ancestors(node):
        if isinstance(around, ast.Return):
            return True
        if isinstance(around, (ast.Assign, ast.For, ast.AsyncFor)):
            targets = around.targets if isinstance(around, ast.Assign) else [around.target]
            names = {item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name)}
            return _flows_out(names, function)
    return False


def _flows_out(names: set[str], function: Function) -> bool:
    before = -1
    while before != len(names):
        before = len(names)
        for target, values in function.body.assigned.items():
            if any(mentions(value, names) for value in values):
                names.add(target)
        names.update(_collected(names, function))
    return any(item.value is not None and mentions(item.value, names) for item in function.body.returns)


def _collected(names: set[str], function: Function) -> Iterator[str]:
    """Yield the variables that are looped from one of `names`, and the lists to which one is added."""
    for target, over in function.body.looped.items():
        if mentions(over, names):
            yield target
    for call in function.body.calls:
        owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in ADDS else None
        if isinstance(owner, ast.Name) and any(mentions(item, names) for item in call.args):
            yield owner.id
