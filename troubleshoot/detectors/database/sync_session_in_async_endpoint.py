"""An async endpoint that gives its synchronous session to a function of which the source is not at hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import parent, short

BROKEN = {
    "main.py": """
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from . import crud, deps

router = APIRouter()


@router.get("/orders")
async def read_orders(skip: int = 0, db: Session = Depends(deps.get_db)):
    orders = crud.get_orders(db, skip=skip)
    return orders
"""
}
FIXED = {
    "main.py": """
import asyncio

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from . import crud, deps, models

router = APIRouter()


@router.get("/orders")
def read_orders(db: Session = Depends(deps.get_db)):
    return crud.get_orders(db)


@router.get("/orders/first")
async def read_first(db: Session = Depends(deps.get_db)):
    return await run_in_threadpool(crud.get_first, db)


@router.get("/orders/awaited")
async def read_awaited(db: Session = Depends(deps.get_db)):
    return await crud.get_orders(db)


@router.get("/orders/both")
async def read_both(db: Session = Depends(deps.get_db)):
    return await asyncio.gather(crud.get_orders(db), crud.get_bills(db))


@router.get("/orders/async")
async def read_async(db: AsyncSession = Depends(deps.get_db)):
    orders = crud.select_orders(db)
    return (await db.scalars(orders)).all()


@router.get("/orders/count")
async def count(db: Session = Depends(deps.get_db)):
    return models.Counter(db)
"""
}
ASKS = re.compile(r"(?:^|_)(?:crud|dal|services?|repo|repository|repositories|queries|store)$", re.IGNORECASE)
"""Modules and objects whose functions ask a database that they are given."""


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that are not awaited and get a session, of functions that are called as those that query are."""
    for reached in project.reached_as("path operation", "dependency"):
        function = reached.function
        if not function.is_async:
            continue
        for call in function.body.calls:
            is_own = isinstance(project.value(call.func, function), (Function, Bound))
            if _asks(call) and not is_own and _has_session(project, call, function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"{short(call.func)}() gets a synchronous session in the async function {function.name}",
                )


def _asks(call: ast.Call) -> bool:
    """Return whether the result of a call is used as it is, and the call has the look of a query."""
    if not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)):
        return False
    is_used = isinstance(parent(call), (ast.Assign, ast.AnnAssign, ast.Expr, ast.Return))
    return is_used and ASKS.search(call.func.value.id) is not None


def _has_session(project: Project, call: ast.Call, function: Function) -> bool:
    given = [*call.args, *(item.value for item in call.keywords)]
    return any(project.path(item, function) == "sqlalchemy.orm.Session()" for item in given)
