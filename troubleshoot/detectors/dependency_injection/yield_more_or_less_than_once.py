"""A dependency that comes to a second `yield`, or to none."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import pairwise

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, nesting

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI

app = FastAPI()


def get_twice():
    yield 1
    yield 2


def get_again():
    try:
        yield 1
    except Exception:
        yield None


async def get_each():
    for number in range(3):
        yield number


def get_none(name: str = ""):
    if not name:
        return
    yield name


def get_some(name: str = ""):
    if name:
        yield name


@app.get("/items")
def read(
    a=Depends(get_twice), b=Depends(get_again), c=Depends(get_each), d=Depends(get_none), e=Depends(get_some)
):
    return a
"""
}
FIXED = {
    "main.py": """
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    with Session() as db:
        yield db


def get_either(name: str = ""):
    if name:
        yield name
    else:
        yield None


def get_early(name: str = ""):
    if name:
        yield name
        return
    yield None


def get_checked(name: str = ""):
    if not name:
        raise HTTPException(404)
    if name == "ann":
        yield name
    elif name == "bob":
        yield 2
    else:
        raise HTTPException(403)


def get_handled():
    try:
        db = Session()
    except OSError:
        yield None
    except ValueError:
        yield 1
    else:
        yield db


def get_matched(name: str = ""):
    match name:
        case "ann":
            yield 1
        case _:
            yield 2


async def get_passed():
    async for db in sessions():
        yield db


def get_retried():
    while True:
        try:
            db = Session()
        except OSError:
            continue
        yield db
        break


async def sessions():
    yield 1


@app.get("/items")
def read(
    a=Depends(get_db), b=Depends(get_either), c=Depends(get_early), d=Depends(get_checked), e=Depends(get_passed),
    f=Depends(get_retried), g=Depends(get_handled), h=Depends(get_matched),
):
    return a
"""
}
BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield a second `yield`, a `yield` in a loop, and a way past all of them."""
    for function in project.called_as("dependency"):
        yields = function.body.yields
        if not yields:
            continue
        for first, second in pairwise(yields):
            if not _is_either_or(first, second):
                yield _sighting(function, second, "comes to a second yield", {"first": first}, certain=True)
                break
        repeated = next((item for item in yields if _is_repeated(item)), None)
        if repeated is not None:
            yield _sighting(function, repeated, "yields once for each round of a loop", {}, certain=True)
        for statement in function.body.returns:
            if statement.lineno < yields[0].lineno:
                yield _sighting(function, statement, "may return before its yield", {}, certain=True)
        missed = _missed(function)
        if missed is not None:
            what = "does not yield if the condition does not hold"
            yield _sighting(function, missed.test, what, {"condition": missed}, certain=False)


def _path(node: ast.AST) -> list[tuple[ast.AST, str, ast.AST]]:
    """Return what is around a node from the inside out, with the block of it that the node is in, and the child."""
    found = []
    for around, inside in nesting(node):
        blocks = (name for name in BLOCKS if inside in (getattr(around, name, ()) or ()))
        found.append((around, next(blocks, ""), inside))
    return found


def _is_either_or(first: ast.expr, second: ast.expr) -> bool:
    """Return whether no run comes to both: they stand in two branches, or the function is left after the first."""
    theirs = {around: (block, child) for around, block, child in _path(second)}
    for around, block, child in _path(first):
        body = getattr(around, block, ()) if block else ()
        following = body[body.index(child) + 1 :] if isinstance(body, list) else []
        if any(isinstance(item, (ast.Return, ast.Raise, ast.Break)) for item in following):
            return True
        other, theirs_child = theirs.get(around, (block, child))
        if isinstance(around, ast.If) and other != block:
            return True
        if isinstance(around, ast.Try) and (block, other) in (("handlers", "handlers"), ("handlers", "orelse")):
            return theirs_child is not child
        if isinstance(around, ast.Match) and theirs_child is not child:
            return True
    return False


def _is_repeated(item: ast.expr) -> bool:
    """Return whether a `yield` stands in a loop that goes on: over something counted, or without an end."""
    if isinstance(item, ast.YieldFrom):
        return False
    for around in ancestors(item):
        if isinstance(around, ast.For):
            over = around.iter
            counted = isinstance(over, ast.Call) and getattr(over.func, "id", "") in ("range", "enumerate", "zip")
            endless = counted or isinstance(over, (ast.List, ast.Tuple))
        else:
            endless = isinstance(around, ast.While)
        if endless:
            return not any(isinstance(node, (ast.Break, ast.Return)) for node in ast.walk(around))
    return False


def _missed(function: Function) -> ast.If | None:
    """Return the `if` under which alone a function yields, if nothing else follows."""
    last = function.node.body[-1]
    if not isinstance(last, ast.If) or last.orelse:
        return None
    inside = [any(around is last for around in ancestors(item)) for item in function.body.yields]
    return last if all(inside) else None


def _sighting(
    function: Function, node: ast.expr | ast.stmt, what: str, nodes: Mapping[str, ast.AST], *, certain: bool
) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity="error" if certain else "warning",
        message=f"the dependency {function.qualname} {what}, but must yield exactly once",
        nodes=nodes,
    )
