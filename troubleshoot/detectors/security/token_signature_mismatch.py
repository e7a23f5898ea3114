"""A secret for tokens or sessions that each process makes for itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import argument, keyword, last_name

RANDOM = frozenset(
    ("secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes", "os.urandom", "uuid.uuid4", "random.random")
)
SIGNING = frozenset(("jwt.encode", "jwt.decode", "jose.jwt.encode", "jose.jwt.decode"))
SESSIONS = "starlette.middleware.sessions.SessionMiddleware"

BROKEN = {
    "main.py": """
import secrets

import jwt
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from config import SECRET_KEY

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=secrets.token_urlsafe(32))


@app.get("/token")
def token():
    return jwt.encode({"sub": "a"}, SECRET_KEY, algorithm="HS256")
""",
    "config.py": """
import os
import secrets

SECRET_KEY = os.getenv("SECRET_KEY", secrets.token_hex(32))
""",
}
FIXED = {
    "main.py": """
import os
import secrets

import jwt
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from config import SECRET_KEY

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"])


@app.get("/token")
def token():
    return jwt.encode({"sub": "a", "jti": secrets.token_hex(8)}, SECRET_KEY, algorithm="HS256")
""",
    "config.py": """
import os

SECRET_KEY = os.environ["SECRET_KEY"]
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that sign, check or set up sessions with a random secret of the process."""
    for module in project.modules:
        if not any(module.mentions(word) for word in (b"jwt", b"SessionMiddleware")):
            continue
        calls = [(call, Scope(module)) for call in module.body.calls]
        calls += [(call, Scope.of(function)) for function in module.all_functions for call in function.body.calls]
        for call, scope in calls:
            secret = _secret(project, call, scope)
            made = _random(project, secret, scope) if secret is not None else None
            if secret is not None and made is not None:
                yield Sighting(
                    module=module,
                    function=scope.function,
                    node=call,
                    severity="info" if _stands_in(made) else "warning",
                    message=f"each process makes its own {ast.unparse(secret)}, and refuses the tokens of the others",
                    nodes={"secret": made},
                )


def _secret(project: Project, call: ast.Call, scope: Scope) -> ast.expr | None:
    if project.path(call.func, scope) in SIGNING:
        return argument(call, 1, "key")
    if any(project.path(item, scope) == SESSIONS for item in call.args[:1]):
        return keyword(call, "secret_key")
    return None


def _random(project: Project, secret: ast.expr, scope: Scope) -> ast.expr | None:
    """Return what makes a secret, given here or by a module's name, if it has something random in it."""
    module = scope.module
    if isinstance(secret, ast.Name):
        name = secret.id
        imported = module.imports.get(name)
        if imported is not None and isinstance(imported[0], ast.ImportFrom):
            target = project.inference.module_of(imported[0], module)
            module, name = (target, imported[1]) if isinstance(target, Module) else (module, name)
        values = module.body.assigned.get(name, [])
        secret = values[0] if len(values) == 1 else secret
    return secret if _makes_random(project, secret, module) else None


def _stands_in(made: ast.expr) -> bool:
    """Return whether a random secret is only for where the environment gives none, as on a developer's machine."""
    return any(
        isinstance(node, ast.BoolOp) or last_name(getattr(node, "func", node)) in ("get", "getenv")
        for node in ast.walk(made)
        if isinstance(node, (ast.BoolOp, ast.Call))
    )


def _makes_random(project: Project, value: ast.expr, module: Module) -> bool:
    return any(isinstance(node, ast.Call) and project.path(node.func, module) in RANDOM for node in ast.walk(value))
