"""Scopes on a dependency below which nothing asks for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument

SCOPES = "fastapi.security.SecurityScopes"

BROKEN = {
    "main.py": """
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

from config import SECRET

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="/token", scopes={"admin": "all"})


def get_user(token: Annotated[str, Depends(bearer)]):
    return token


@app.get("/admin")
def admin(user=Security(get_user, scopes=["admin"])):
    return user


@app.get("/bearer", dependencies=[Security(bearer, scopes=["admin"])])
def only_bearer():
    return "in"


def get_claims(token: Annotated[str, Depends(bearer)]):
    return jwt.decode(token, SECRET, algorithms=["HS256"])


def get_name(claims: Annotated[dict, Depends(get_claims)]):
    return claims["sub"]


@app.get("/name")
def name(name: Annotated[str, Security(get_name, scopes=["admin"])]):
    return name


def get_checked(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]):
    if needed.scopes and token != SECRET:
        raise HTTPException(403)
    return token


@app.get("/checked", dependencies=[Security(bearer, scopes=["admin"])])
def checked(token: Annotated[str, Depends(get_checked)]):
    return token
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes
from somewhere import authenticate

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="/token", scopes={"admin": "all"})


def get_claims(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]):
    return token


def get_user(claims: Annotated[str, Depends(get_claims)]):
    return claims


class Checks:
    def __call__(self, scopes: SecurityScopes):
        return scopes


@app.get("/admin")
def admin(user=Security(get_user, scopes=["admin"])):
    return user


@app.get("/plain")
def plain(user=Security(get_user)):
    return user


@app.get("/library")
def library(user=Security(authenticate, scopes=["admin"])):
    return user


@app.get("/object")
def by_object(user=Security(Checks(), scopes=["admin"])):
    return user
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield each `Security(…, scopes=…)` whose scopes nobody can see."""
    for use in project.dependencies:
        scopes = argument(use.call, 1, "scopes")
        if project.path(use.call.func, use.scope) != "fastapi.Security" or not isinstance(
            scopes, (ast.List, ast.Tuple)
        ):
            continue
        if scopes.elts and _is_blind(project, use.value, set()):
            yield Sighting(
                module=use.scope.module,
                function=use.holder,
                node=use.call,
                severity="error",
                message=f"the scopes {ast.unparse(scopes)} are never compared, as nothing below takes SecurityScopes",
                nodes={"scopes": scopes},
            )


def _is_blind(project: Project, value: object, seen: set[Function]) -> bool:
    """Return whether a dependency and all below it are known, and none of them takes `SecurityScopes`."""
    if isinstance(value, str):
        return value.startswith("fastapi.security.") and value.endswith("()")
    if not isinstance(value, Function):
        return False
    if value in seen:
        return True
    seen.add(value)
    if any(project.path(param.annotation, value) == SCOPES for param in value.params):
        return False
    return all(_is_blind(project, use.value, seen) for use in project.dependencies_of(value))
