"""Any origin together with credentials."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.code.topics.middleware import is_cors, layers, literal, strings

BROKEN = {
    "main.py": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


class Settings:
    origins: list[str] = ["*"]


settings = Settings()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
admin = FastAPI()
admin.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_credentials=True)
other = FastAPI()
other.add_middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
origins = ["https://example.com"]
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
public = FastAPI()
public.add_middleware(CORSMiddleware, allow_origins=["*"])
open_to_all = FastAPI()
open_to_all.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=False)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield CORS layers with a wildcard and credentials."""
    for stack in layers(project).values():
        for layer in stack:
            call, scope = layer.registration.call, layer.registration.scope
            credentials = literal(project, keyword(call, "allow_credentials"), scope)
            if not is_cors(layer) or not (isinstance(credentials, ast.Constant) and credentials.value is True):
                continue
            listed = literal(project, keyword(call, "allow_origins"), scope)
            origins = {text for text, _ in strings(listed)}
            pattern = literal(project, keyword(call, "allow_origin_regex"), scope)
            any_pattern = text_of(pattern) in (".*", ".+", "^.*$")
            if "*" in origins or any_pattern:
                written = {"listed": listed} if pattern is None else {"pattern": pattern} if listed is None else {}
                yield Sighting(
                    module=scope.module,
                    function=scope.function,
                    node=call,
                    severity="warning",
                    message="every origin is allowed, and credentials as well",
                    nodes={name: item for name, item in written.items() if item is not None},
                )
