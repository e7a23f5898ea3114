"""A dependency that lets a client's bad input out as a plain exception, and so as a 500."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, nesting, short
from troubleshoot.code.topics.parameters import injected

BROKEN = {
    "main.py": """
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


def decode(token):
    return jwt.decode(token, "secret", algorithms=["HS256"])


def get_user(token: Annotated[str, Depends(oauth2)]):
    return decode(token)["sub"]


def get_tenant(x_tenant: Annotated[str, Header()]):
    return UUID(x_tenant)


@app.get("/me")
def me(user=Depends(get_user), tenant=Depends(get_tenant)):
    return user
"""
}
FIXED = {
    "main.py": """
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def decode(token):
    return jwt.decode(token, "secret", algorithms=["HS256"])


def checked(token: str):
    try:
        return decode(token)["sub"]
    except jwt.PyJWTError:
        raise HTTPException(401)


def optional(token: str):
    try:
        return jwt.decode(token, "secret")
    except jwt.PyJWTError:
        return None


def get_tenant(x_tenant: Annotated[UUID, Header()], number: int = 1):
    return UUID(str(x_tenant)), int(number)


@app.get("/me")
def me(user=Depends(checked), tenant=Depends(get_tenant), other=Depends(optional)):
    return user
"""
}
DECODES = re.compile(
    r"(jwt|jose\.jwt|jwt\.PyJWT\(\)|jwt\.api_jwt|authlib\.jose\.jwt|itsdangerous\.\w+\(\))\.(decode|loads)"
)
PARSES = (
    "uuid.UUID",
    "builtins.int",
    "builtins.float",
    "json.loads",
    "base64.b64decode",
    "datetime.datetime.fromisoformat",
)
BROAD = ("builtins.Exception", "builtins.BaseException", "builtins.ValueError")

WHOLE_PROJECT = True


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what fails on bad input in a dependency, where nothing catches it on the way out."""
    handled = {_handled(project, item.call, item.scope) for item in project.registrations("handler")}
    if "" in handled or handled & set(BROAD):
        return
    dependencies = set(project.called_as("dependency"))
    for reached in project.reached_as("dependency"):
        function = reached.function
        for call in function.body.calls:
            path = project.path(call.func, function)
            decodes = DECODES.fullmatch(path) is not None and not any(
                "jwt" in name or "jose" in name for name in handled
            )
            parses = path in PARSES and function in dependencies and _is_text_of_request(project, function, call)
            if (decodes or parses) and not _is_guarded(call) and not _callers_guard(reached):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"bad input makes {short(call.func)}() raise, and nothing turns that into an HTTPException",
                )


def _handled(project: Project, call: ast.Call, scope: Scope) -> str:
    """Return the exception that a handler is registered for, or the empty string if it is not understood."""
    given = argument(call, 0, "exc_class_or_status_code")
    if isinstance(given, ast.Constant):
        return "status"
    value = project.value(given, scope)
    return value if isinstance(value, str) else "project" if value is not None else ""


def _is_text_of_request(project: Project, function: Function, call: ast.Call) -> bool:
    """Return whether a call is given a parameter that comes from the request as text."""
    names = {
        param.name
        for param in function.params
        if param.name not in injected(project, function)
        and param.annotation is not None
        and re.search(r"\bstr\b", ast.unparse(param.annotation))
    }
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id in names


def _is_guarded(call: ast.AST) -> bool:
    for around, inside in nesting(call):
        if isinstance(around, ast.Try) and inside in around.body and around.handlers:
            return True
        if isinstance(around, (ast.With, ast.AsyncWith)) and "suppress" in ast.unparse(around.items[0].context_expr):
            return True
    return False


def _callers_guard(reached: object) -> bool:
    """Return whether one of the calls that lead to a function stands in a `try`."""
    while reached is not None:
        call = getattr(reached, "call", None)
        if call is not None and _is_guarded(call):
            return True
        reached = getattr(reached, "caller", None)
    return False
