"""Nodes of a syntax tree: what is around one, and what a call is given."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
AWAITING = frozenset(("gather", "wait_for", "shield", "wait", "create_task", "ensure_future", "as_completed"))
"""Functions that wait for what they are given."""
ITERATING = frozenset(("list", "tuple", "set", "sorted", "dict", "sum", "min", "max", "any", "all", "next"))
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


def nesting(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the nodes around `node`, from the inside out, each with the part of it that `node` stands in."""
    inside = node
    for around in ancestors(node):
        yield around, inside
        inside = around


def are_apart(one: ast.AST, other: ast.AST) -> bool:
    """Return whether two nodes stand in branches of one statement of which a single one runs."""
    others = dict(nesting(other))
    for around, inside in nesting(one):
        beside = others.get(around)
        if beside is None:
            continue
        match around:
            case ast.If():
                return (inside in around.body and beside in around.orelse) or (
                    inside in around.orelse and beside in around.body
                )
            case ast.Try():
                return inside is not beside and (inside in around.handlers or beside in around.handlers)
            case _:
                return isinstance(around, ast.Match) and inside is not beside
    return False


def preceding(node: ast.AST, statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what stands before `node` in the blocks around it, up to the `statements` of its function."""
    outermost = node
    for around, inside in nesting(node):
        outermost = around
        for name in ("body", "orelse", "finalbody"):
            block = getattr(around, name, None)
            if isinstance(block, list) and inside in block:
                yield from block[: block.index(inside)]
    if outermost in statements:
        yield from statements[: statements.index(outermost)]


def tries(node: ast.AST) -> Iterator[ast.Try]:
    """Yield the `try` statements in whose body `node` stands, from the inside out."""
    return (around for around, inside in nesting(node) if isinstance(around, ast.Try) and inside in around.body)


def is_awaited(call: ast.Call) -> bool:
    """Return whether what a call gives is awaited, at once or by asyncio, or entered by `async with` or `async for`."""
    for around, inside in nesting(call):
        match around:
            case ast.Await():
                return True
            case ast.Call():
                return inside is not around.func and last_name(around.func) in AWAITING
            case ast.AsyncFor() | ast.comprehension(is_async=1):
                return inside is around.iter
            case ast.withitem():
                return isinstance(parent(around), ast.AsyncWith) and inside is around.context_expr
            case ast.IfExp():
                if inside is around.test:
                    return False
            case ast.BoolOp() | ast.Starred() | ast.List() | ast.Tuple() | ast.Set():
                pass
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                if inside is not around.elt:
                    return False
            case _:
                return False
    return False


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and everything inside it, as `ast.walk` does but for contexts such as `ast.Load`, and sooner."""
    queue = [node]
    for item in queue:
        yield item
        kind = type(item)
        parts = _PARTS.get(kind)
        if parts is None:
            parts = _PARTS[kind] = tuple(name for name in kind._fields if name not in _NO_PARTS)
        for name in parts:
            value = getattr(item, name, None)
            if value.__class__ is list:
                queue += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                queue.append(value)


_PARTS: dict[type[ast.AST], tuple[str, ...]] = {}
"""The fields of each kind of node that may hold others."""
_NO_PARTS = frozenset(("ctx", "id", "attr", "arg", "module", "level", "kind", "type_comment", "conversion", "is_async"))


def nodes_in(statements: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the statements of a block, and everything inside them."""
    return (node for statement in statements for node in walk(statement))


def gives_way(statements: Iterable[ast.stmt]) -> bool:
    """Return whether a block of a coroutine gives the event loop a turn somewhere."""
    return any(isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for node in nodes_in(statements))


def is_endless(loop: ast.stmt) -> bool:
    """Return whether a statement is a loop with a condition that is always true."""
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def types_caught(handler: ast.ExceptHandler) -> list[ast.expr | None]:
    """Return the types that an `except` names; None for one that names none."""
    return [*handler.type.elts] if isinstance(handler.type, ast.Tuple) else [handler.type]


def flat(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and those in the blocks of `if`, `try`, `with` and loops among them."""
    for statement in statements:
        yield statement
        for name in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(statement, (ast.If, ast.Try, ast.With, ast.AsyncWith, ast.For, ast.While, ast.AsyncFor)):
                for item in getattr(statement, name, ()):
                    yield from flat(item.body) if isinstance(item, ast.ExceptHandler) else flat([item])


def is_in_finally(node: ast.AST) -> bool:
    """Return whether a node stands in a `finally`."""
    return any(isinstance(around, ast.Try) and inside in around.finalbody for around, inside in nesting(node))


def is_within(node: ast.AST, outer: ast.AST) -> bool:
    """Return whether `node` is `outer`, or a part of it."""
    return node is outer or outer in ancestors(node)


def statement_of(node: ast.AST) -> ast.stmt | None:
    """Return the statement that an expression is a part of."""
    return next((around for around in ancestors(node) if isinstance(around, ast.stmt)), None)


def is_name(node: ast.AST | None, name: str | None) -> bool:
    """Return whether `node` is this name."""
    return name is not None and isinstance(node, ast.Name) and node.id == name


def last_name(node: ast.AST | None) -> str:
    """Return the last part of a dotted name, or the empty string."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def mentions(node: ast.AST, names: Collection[str]) -> bool:
    """Return whether one of `names` occurs in `node`."""
    return bool(names) and any(isinstance(item, ast.Name) and item.id in names for item in walk(node))


def is_iterated(node: ast.expr) -> bool:
    """Return whether all of a value is read where it stands: by a loop without `async`, or into a list or the like."""
    around = parent(node)
    if isinstance(around, ast.comprehension):
        return around.iter is node and not around.is_async
    if isinstance(around, ast.Call):
        return is_call_of(around, ITERATING) and node in around.args
    return isinstance(around, ast.For) and around.iter is node


def is_call_of(call: ast.Call, names: Collection[str]) -> bool:
    """Return whether a call is of one of these plain names."""
    return isinstance(call.func, ast.Name) and call.func.id in names


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
