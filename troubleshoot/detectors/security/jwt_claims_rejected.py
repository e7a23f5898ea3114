"""A token whose expiry is a local time without a time zone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of

CLAIMS = frozenset(("exp", "nbf"))
MAPPINGS = ("dict", "update")
NOW = ("datetime.datetime.now", "datetime.datetime.today")

BROKEN = {
    "main.py": """
from datetime import datetime, timedelta

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/token")
def login(name: str):
    return jwt.encode({"sub": name, "exp": datetime.now() + timedelta(minutes=30)}, "secret")


@app.post("/refresh")
def refresh(name: str):
    expire = datetime.now() + timedelta(days=7)
    claims = {"sub": name}
    claims.update({"exp": expire})
    return jwt.encode(claims, "secret")


@app.post("/other")
def other(claims: dict):
    claims["exp"] = datetime.today() + timedelta(days=7)
    return jwt.encode(claims, "secret")
""",
}
FIXED = {
    "main.py": """
from datetime import UTC, datetime, timedelta

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/token")
def login(name: str):
    return jwt.encode({"sub": name, "exp": datetime.now(UTC) + timedelta(minutes=30)}, "secret")


@app.post("/refresh")
def refresh(name: str):
    expire = datetime.utcnow() + timedelta(days=7)
    stamp = (datetime.now() + timedelta(days=7)).timestamp()
    jwt.encode({"sub": name, "exp": stamp}, "secret")
    jwt.encode({"sub": name, "exp": int((datetime.now() + timedelta(days=7)).timestamp())}, "secret")
    jwt.encode({"sub": name, "exp": datetime.now(tz=UTC) + timedelta(days=7), "iat": datetime.now()}, "secret")
    return jwt.encode({"sub": name, "exp": expire}, "secret")


@app.get("/offers")
def offers():
    return {"exp": datetime.now() + timedelta(days=7)}
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the claims of a token that are taken for UTC and are the server's local time."""
    for function in project.functions:
        if _makes_token(project, function):
            for claim, made in _claims(function):
                if (call := _local(project, made, function)) is not None:
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=call,
                        severity="warning",
                        message=f"{claim} is local time, and is taken for UTC: where the clock is not UTC, "
                        "the token is valid too long, or not at all",
                    )


def _makes_token(project: Project, function: Function) -> bool:
    return function.module.mentions(b"jwt") and any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "encode"
        and project.path(call.func, function) in ("jwt.encode", "jose.jwt.encode")
        for call in function.body.calls
    )


def _claims(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield the expressions that become `exp` or `nbf`, each once."""
    for statement in function.node.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if text_of(key) in CLAIMS:
                        yield text_of(key), value
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                if text_of(node.targets[0].slice) in CLAIMS:
                    yield text_of(node.targets[0].slice), node.value
            elif isinstance(node, ast.Call) and last_name(node.func) in MAPPINGS:
                yield from ((item.arg, item.value) for item in node.keywords if item.arg in CLAIMS)


def _local(project: Project, node: ast.expr, function: Function) -> ast.Call | None:
    """Return the call that gives a moment its local time, if it becomes no number."""
    for made in function.body.assigned.get(node.id, ()) if isinstance(node, ast.Name) else (node,):
        while isinstance(made, ast.BinOp):
            made = made.left
        is_naive = isinstance(made, ast.Call) and not made.args and keyword(made, "tz") is None
        if isinstance(made, ast.Call) and is_naive and project.path(made.func, function) in NOW:
            return made
    return None
