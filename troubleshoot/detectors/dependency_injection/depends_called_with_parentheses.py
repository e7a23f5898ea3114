"""A dependency that is called inside `Depends`, so that FastAPI gets its result."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound, Elements, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import short
from troubleshoot.code.topics.callables import may_make_callable
from troubleshoot.code.topics.queries import CONNECTIONS

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Security

from dependencies import Checks, get_db, get_settings, get_user, log_request

app = FastAPI(dependencies=[Depends(log_request())])
router = APIRouter()


@app.get("/items")
def read_items(db=Depends(get_db())):
    return []


@app.get("/user")
async def read_user(user: Annotated[str, Security(get_user())], settings=Depends(dependency=get_settings())):
    return user


@router.get("/checked", dependencies=[Depends(Checks().check(1))])
def checked():
    return []


@router.get("/next")
def read_next(db=Depends(next(get_db()))):
    return []
""",
    "dependencies.py": """
from sqlalchemy.orm import Session


def get_db():
    with Session() as db:
        yield db


async def get_user():
    return "ann"


def get_settings():
    return {"debug": True}


def log_request():
    print("request")


class Checks:
    def check(self, number):
        print(number)
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from fastapi.security import HTTPBearer

from dependencies import Limiter, Page, get_db, get_user, paginate, require

app = FastAPI(dependencies=[Depends(require("user"))])
UserDep = Annotated[str, Depends(get_user)]


@app.get("/items", dependencies=[Depends(Limiter(times=2)), Depends(HTTPBearer())])
def read_items(user: UserDep, db=Depends(get_db), page: Page = Depends(), pages=Depends(paginate(20))):
    return []


@app.get("/admin")
def read_admin(user: Annotated[str, Security(require("admin"), scopes=["me"])]):
    return user
""",
    "dependencies.py": """
from functools import partial


def get_db():
    yield 1


def get_user():
    return "ann"


def require(role):
    async def check(user: str = ""):
        return user == role

    return check


def paginate(size):
    return partial(Page, size)


class Page:
    def __init__(self, size: int = 10):
        self.size = size


class Limiter:
    def __init__(self, times):
        self.times = times

    def __call__(self):
        return self.times
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield each `Depends(…)` that holds a coroutine, a generator or a value."""
    for use in project.depends:
        given = use.given
        if not isinstance(given, ast.Call):
            continue
        what = _made(project, given, use.scope)
        if what:
            yield Sighting(
                module=use.scope.module,
                function=use.holder or use.scope.function,
                node=use.call,
                severity="error",
                message=f"Depends gets {what} from {short(given)}, not a function that it can call",
                captured=_name(given.func),
                nodes={} if given.args or given.keywords else {"given": given, "called": given.func},
            )


def _made(project: Project, given: ast.Call, scope: Scope) -> str:
    """Return what a call makes, if that cannot be called, or the empty string."""
    value = project.value(given.func, scope)
    called = value.function if isinstance(value, Bound) else value
    if _taken(project, given, scope) in CONNECTIONS:
        return "a session"
    if not isinstance(called, Function) or called.node.decorator_list:
        return ""
    if called.is_generator:
        return "a generator"
    if called.is_async:
        return "a coroutine"
    return "" if may_make_callable(project, called) else "a finished value"


def _taken(project: Project, given: ast.Call, scope: Scope) -> Value | None:
    """Return what a call gives, also what `next(…)` takes out of a generator."""
    if project.path(given.func, scope) == "builtins.next" and given.args:
        elements = project.value(given.args[0], scope)
        return elements.of if isinstance(elements, Elements) else None
    return project.value(given, scope)


def _name(called: ast.expr) -> dict[str, str]:
    return {"dependency": called.id} if isinstance(called, ast.Name) and called.id != "next" else {}
