"""A token that is read in a way in which the documentation page never sends it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.origins import assigned_to, origin_of
from troubleshoot.code.application.parts import DependencyUse, Origin
from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module, Param
from troubleshoot.code.syntax.nodes import argument, keyword, text_of
from troubleshoot.code.topics.parameters import marker, read_by_fastapi

WHOLE_PROJECT = True

BROKEN = {
    "main.py": """
from typing import Annotated, Optional

from fastapi import Depends, FastAPI, Header
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="auth/token")


def get_user(authorization: Annotated[str | None, Header()] = None):
    return authorization


def get_token(token=Depends(oauth2)):
    return token


@app.get("/me")
def me(user=Depends(get_user), token=Depends(get_token)):
    return user


@app.get("/you")
def you(header: Optional[str] = Header(None, alias="Authorization")):
    return header


@app.post("/auth/login")
def login():
    return {"access_token": "1"}
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer

app = FastAPI()
router = APIRouter(prefix="/auth")
PREFIX = "/api"
oauth2 = OAuth2PasswordBearer(tokenUrl="auth/login")
elsewhere = OAuth2PasswordBearer(tokenUrl="https://login.example.org/token")
prefixed = OAuth2PasswordBearer(tokenUrl=f"{PREFIX}/login")
unused = OAuth2PasswordBearer(tokenUrl="token")
half_used = OAuth2PasswordBearer(tokenUrl="token")


def nobody_asks(token=Depends(half_used)):
    return token


@app.get("/me")
def me(
    token: Annotated[str, Depends(oauth2)],
    key: Annotated[str, Depends(APIKeyHeader(name="X-API-Key"))],
    bearer=Depends(HTTPBearer()),
    x_token: str = Header(""),
    user_agent: str = Header(""),
):
    return token


@router.post("/login")
def login():
    return {"access_token": "1"}


tokens = APIRouter(prefix="/v1/tokens")
other = OAuth2PasswordBearer(tokenUrl="/v1/tokens")


@tokens.post("")
def create_token():
    return {"access_token": "1"}
"""
}
HEADER = frozenset(("fastapi.Header",))
TEST_FILE = re.compile(r"(^|/)(tests?/|test_|conftest)")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield headers that Swagger UI never sends, and token URLs that no route answers."""
    for function in read_by_fastapi(project, "path operation", "dependency"):
        if function.module.mentions(b"Header"):
            for param in function.params:
                yield from _header(project, function, param)
    logins = [route.path for route in project.routes if "POST" in route.methods]
    if logins and None not in logins:
        prefixes = [text_of(keyword(item.call, "prefix")) for item in project.registrations("router", "router made")]
        yield from _token_urls(project, {_last(path or "") for path in (*logins, *prefixes)})


def _header(project: Project, function: Function, param: Param) -> Iterator[Sighting]:
    found = marker(project, function, param, HEADER)
    node = param.annotation or param.default
    if found is None or node is None:
        return
    alias = keyword(found[0], "alias")
    name = text_of(alias) if alias is not None else param.name.replace("_", "-")
    hidden = ast.unparse(keyword(found[0], "include_in_schema") or ast.Constant(True)) == "False"
    if name.lower() == "authorization" and not hidden:
        yield Sighting(
            module=function.module,
            function=function,
            node=node,
            severity="info",
            message=f"the page /docs never sends the header {name} that {function.name} declares as a plain parameter",
            nodes={"marker": found[0]},
        )


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _has_bearer(module: Module) -> bool:
    return module.mentions(b"OAuth2PasswordBearer") and TEST_FILE.search(module.path) is None


def _used(project: Project) -> set[Origin | ast.expr | None]:
    """Return what stands in a Depends on which some route depends, or all routes of a router: its name or itself."""
    holders = {route.function for route in project.routes}
    held = {use.call for use in project.dependencies if use.holder is not None}
    queue = [use for use in project.dependencies if use.holder in holders or use.call not in held]
    seen: set[DependencyUse] = set()
    while queue:
        use = queue.pop()
        if use in seen:
            continue
        seen.add(use)
        function = function_of(use.value, project.inference)
        queue += project.dependencies_of(function) if function is not None else []
    given = [(use.given, use.scope) for use in seen if use.given is not None]
    return {origin_of(project.inference, node, scope) or node for node, scope in given}


def _token_urls(project: Project, logins: set[str]) -> Iterator[Sighting]:
    used = _used(project)
    for module in project.modules:
        for call in module.body.calls if _has_bearer(module) else ():
            is_used = call in used or assigned_to(call, Scope(module)) in used
            if is_used and project.path(call.func, module).endswith(".OAuth2PasswordBearer"):
                url = text_of(argument(call, 0, "tokenUrl"))
                if url and "://" not in url and _last(url) not in logins:
                    yield Sighting(
                        module=module,
                        function=None,
                        node=call,
                        severity="info",
                        message=f"no route of the project answers POST {url}, which the Authorize button calls",
                    )
