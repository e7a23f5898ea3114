"""An override whose key is not the object inside any `Depends`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound, Instance, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import short
from troubleshoot.code.topics.overrides import Override, overrides

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class RoleChecker:
    def __init__(self, role: str):
        self.role = role

    def __call__(self):
        return self.role


class Users:
    def current(self):
        return "ann"


def require(role):
    def check():
        return role

    return check


def get_users():
    return Users()


@app.get("/reports", dependencies=[Depends(RoleChecker("admin")), Depends(require("admin"))])
def read_reports(users: Annotated[Users, Depends(get_users)]):
    return users.current()
""",
    "tests/test_reports.py": """
from main import RoleChecker, Users, app, require


def test_reports():
    app.dependency_overrides[RoleChecker("admin")] = lambda: None
    app.dependency_overrides[require] = lambda: None
    app.dependency_overrides[require("admin")] = lambda: None
    app.dependency_overrides[lambda: None] = lambda: None
    app.dependency_overrides[Users] = lambda: None
    app.dependency_overrides[get_users()] = lambda: None
""".replace("import RoleChecker, Users, app", "import RoleChecker, Users, app, get_users"),
}
FIXED = {
    "main.py": """
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
router = APIRouter()
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


@dataclass(frozen=True)
class RoleChecker:
    role: str

    def __call__(self):
        return self.role


class Page:
    def __init__(self, number: int = 1):
        self.number = number


class Users:
    def current(self):
        return "ann"


@lru_cache
def require(role):
    def check():
        return role

    return check


is_admin = RoleChecker("admin")
users = Users()


def get_db():
    yield 1


Database = Annotated[int, Depends(get_db)]


@router.get("/reports", dependencies=[Depends(is_admin), Depends(require("admin")), Depends(RoleChecker("ann"))])
def read_reports(db: Database, page: Annotated[Page, Depends()], token=Depends(oauth2), user=Depends(users.current)):
    return page
""",
    "tests/test_reports.py": """
import main
from main import Page, RoleChecker, app, is_admin, oauth2, require, users


def test_reports():
    app.dependency_overrides[is_admin] = lambda: None
    app.dependency_overrides[RoleChecker("ann")] = lambda: None
    app.dependency_overrides[require("admin")] = lambda: None
    app.dependency_overrides[main.get_db] = lambda: None
    app.dependency_overrides[Page] = lambda: None
    app.dependency_overrides[oauth2] = lambda: None
    app.dependency_overrides[users.current] = lambda: None
""",
}

WHOLE_PROJECT = True


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the overrides that FastAPI never looks up."""
    found = list(overrides(project))
    if not found:
        return
    used = {_identity(use.value) for use in project.dependencies}
    text = " ".join({ast.unparse(use.call) for use in project.dependencies})
    for override in found:
        why = _new_each_time(project, override) or _never_used(project, override, used, text)
        if why:
            yield Sighting(
                module=override.scope.module,
                function=override.scope.function,
                node=override.node,
                severity="error" if isinstance(override.key, (ast.Call, ast.Lambda)) else "warning",
                message=f"the key {short(override.key)} {why}, so the override is never used",
                nodes={"key": override.key},
            )


def _identity(value: Value | None) -> object:
    return value.function if isinstance(value, Bound) else value


def _new_each_time(project: Project, override: Override) -> str:
    """Return why a key is another object each time it is written, or the empty string."""
    key = override.key
    if isinstance(key, ast.Lambda):
        return "is a new function"
    if not isinstance(key, ast.Call):
        return ""
    value = project.value(key.func, override.scope)
    called = _identity(value)
    if isinstance(called, Class) and not _is_compared(project, called):
        return "is a new object"
    if isinstance(called, Function) and not called.node.decorator_list and called.body.returns:
        given = called.body.returns[-1].value
        if isinstance(given, (ast.Lambda, ast.Call)) or getattr(given, "id", "") in called.functions:
            return "is a new object"
    return "is a new object" if value == "functools.partial" else ""


def _is_compared(project: Project, cls: Class) -> bool:
    """Return whether two equal instances of a class may be the same key."""
    known = [base for base in project.inference.bases(cls) if isinstance(base, Class)]
    if cls.node.decorator_list or len(known) < len(cls.node.bases):
        return True
    return "__eq__" in cls.methods or "__new__" in cls.methods or any(_is_compared(project, base) for base in known)


def _never_used(project: Project, override: Override, used: set[object], text: str) -> str:
    """Return why a function or class is no key, or the empty string if it is one or that is not known."""
    value = project.value(override.key, override.scope)
    key = _identity(value)
    if not isinstance(key, (Function, Class)) or key in used or not project.routes:
        return ""
    if isinstance(key, Function) and key.functions and f"{key.name}(" in text:
        return "only makes the functions that stand in Depends"
    named = any(part in text for part in (f"({key.name})", f".{key.name})", f"{key.name},"))
    return "" if named or isinstance(value, Instance) else "stands in no Depends"
