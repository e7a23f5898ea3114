"""Any origin together with credentials."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.developing import is_for_developers
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.code.topics.imports import program_of
from troubleshoot.code.topics.middleware import cors_layers, literal, literals, strings

COOKIES = re.compile(
    rb"SessionMiddleware|APIKeyCookie|CookieTransport|HTTPBasic|set_cookie|\bCookie\("
    rb"|\b(?:\w*request|req|websocket|ws|conn|connection)\.cookies\b"
)
"""What an application that a browser signs in to by itself has."""

WHOLE_PROJECT = True

BROKEN = {
    "main.py": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

app = FastAPI()


class Settings:
    origins: list[str] = ["*"]


settings = Settings()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
admin = FastAPI()
admin.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_credentials=True)
other = FastAPI()
other.add_middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True)


def make_middleware():
    return [Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)]


def set_up(application, is_debug: bool):
    if is_debug:
        origins = ["*"]
    else:
        origins = ["https://example.com"]
    application.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

app = FastAPI()
origins = ["https://example.com"]
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["*"])
open_to_all = FastAPI()
open_to_all.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=False)


def make_middleware():
    return [Middleware(CORSMiddleware, allow_origins=["https://example.com"], allow_credentials=True)]


def set_up(application, is_debug: bool):
    if is_debug:
        origins = ["https://example.com"]
    else:
        origins = ["https://example.com"]
    application.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield CORS layers with a wildcard and credentials."""
    for layer in cors_layers(project):
        call, scope = layer.registration.call, layer.registration.scope
        credentials = literal(project, keyword(call, "allow_credentials"), scope)
        if not (isinstance(credentials, ast.Constant) and credentials.value is True):
            continue
        listed = literals(project, keyword(call, "allow_origins"), scope)
        origins = {text for item in listed for text, _ in strings(item)}
        pattern = literal(project, keyword(call, "allow_origin_regex"), scope)
        any_pattern = text_of(pattern) in (".*", ".+", "^.*$")
        if "*" in origins or any_pattern:
            written = {"listed": listed[0]} if pattern is None and len(listed) == 1 else {}
            if pattern is not None and not listed:
                written = {"pattern": pattern}
            is_served = not scope.module.is_test and not is_for_developers(call)
            yield Sighting(
                module=scope.module,
                function=scope.function,
                node=call,
                severity="warning" if is_served and _signs_in_by_cookie(project, scope.module) else "info",
                message="every origin is allowed, and credentials as well",
                nodes=written,
            )


def _signs_in_by_cookie(project: Project, module: Module) -> bool:
    """Return whether the program that a layer belongs to has cookies; a helper may belong to any of the project."""
    modules = program_of(project, module) if module.mentions(b"FastAPI(") else project.modules
    return any(COOKIES.search(other.data) for other in modules)
