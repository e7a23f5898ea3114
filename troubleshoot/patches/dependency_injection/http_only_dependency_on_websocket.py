"""`HTTPConnection`, which FastAPI passes on both kinds of route, where a dependency asks for `Request`."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import is_name
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import function_with
from troubleshoot.patching.texts import WithheldError

SHARED = frozenset(
    (
        *("app", "auth", "base_url", "client", "cookies", "headers", "path_params", "query_params", "scope"),
        *("session", "state", "url", "url_for", "user"),
    )
)
"""What a Request and a WebSocket both have."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Change the annotation, where the function asks the request for nothing that a WebSocket lacks."""
    if "needs" not in sighting.nodes:
        raise WithheldError("a security scheme of FastAPI reads the Request itself")
    function = function_with(draft.project, sighting.nodes["needs"])
    for param in function.params:
        if draft.project.inference.parameter(param, function) != "fastapi.Request()":
            continue
        if param.annotation is None or draft.project.path(param.annotation, function) != "fastapi.Request":
            raise WithheldError(f"{param.name} of {function.qualname} is not annotated with Request alone")
        used = {id(node.value): node.attr for node in ast.walk(function.node) if isinstance(node, ast.Attribute)}
        for node in ast.walk(function.node):
            if is_name(node, param.name) and used.get(id(node)) not in SHARED:
                what = f"its {used[id(node)]}" if id(node) in used else "the request itself"
                raise WithheldError(f"{function.qualname} uses {what}, which a WebSocket does not have")
        statement, _ = function.module.imports.get(ast.unparse(param.annotation), (None, ""))
        is_starlette = isinstance(statement, ast.ImportFrom) and statement.module == "starlette.requests"
        package = "starlette" if is_starlette else "fastapi"
        connection = draft.name(function.module, f"{package}.requests.HTTPConnection")
        draft.replace(function.module, param.annotation, connection)
