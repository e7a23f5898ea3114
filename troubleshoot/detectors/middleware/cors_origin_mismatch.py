"""Allowed origins that no browser ever sends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.code.topics.middleware import Layer, cors_layers, literals, strings
from troubleshoot.model import Severity

ORIGIN = re.compile(r"\*|null|[a-z][a-z0-9+.-]*://[^/\s,*]+")

BROKEN = {
    "main.py": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com/", "localhost:3000", "https://*.example.com"])
other = FastAPI()
other.add_middleware(CORSMiddleware, allow_origins="https://example.com")


def make_middleware():
    return [Middleware(CORSMiddleware, allow_origins=["https://example.com/"], allow_credentials=True)]


def set_up(application, is_debug: bool):
    if is_debug:
        origins = ["https://example.com/"]
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
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com", "http://localhost:3000", "*"])


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
    """Yield origins that are not a scheme, a host and at most a port."""
    for layer in cors_layers(project):
        call, scope = layer.registration.call, layer.registration.scope
        given = keyword(call, "allow_origins")
        if given is not None and text_of(given):
            message = f"allow_origins is the text {text_of(given)!r}, not a list, so any part of it is an origin"
            yield _sighting(layer, given, given, "error", message)
            continue
        for origins in literals(project, given, scope):
            for text, written in strings(origins) if isinstance(origins, (ast.List, ast.Tuple, ast.Set)) else ():
                if not ORIGIN.fullmatch(text):
                    message = f"no browser sends the origin {text!r}: it is a scheme, a host and at most a port"
                    yield _sighting(layer, call, written, "warning", message, text.rstrip("/"))


def _sighting(
    layer: Layer, node: ast.expr, written: ast.expr, severity: Severity, message: str, origin: str = ""
) -> Sighting:
    scope = layer.registration.scope
    return Sighting(
        module=scope.module,
        function=scope.function,
        node=node,
        severity=severity,
        message=message,
        captured={"origin": origin} if origin else {},
        nodes={"written": written},
    )
