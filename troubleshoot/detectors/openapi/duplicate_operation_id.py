"""A route with several methods, or one operation id for two routes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Origin
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword, text_of

DEEPEST = 6

BROKEN = {
    "main.py": """
from fastapi import FastAPI

app = FastAPI()


@app.api_route("/hooks", methods=["GET", "POST"])
def receive():
    return {}


@app.get("/items", operation_id="listItems")
def items():
    return []


@app.get("/orders", operation_id="listItems")
def orders():
    return []
"""
}
FIXED = {
    "main.py": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/hooks")
@app.post("/hooks")
def receive():
    return {}


@app.api_route("/proxy/{path:path}", methods=["GET", "POST"], include_in_schema=False)
def proxy():
    return {}


@app.api_route("/one", methods=["PUT"])
def one():
    return {}


@app.get("/items", operation_id="listItems")
def items():
    return []
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield routes with several methods that stand in the schema, and operation ids that another route has."""
    seen: dict[str, str] = {}
    for route in project.routes:
        if route.is_websocket or _is_left_out(route.call) or _is_in_no_schema(project, route.router, DEEPEST):
            continue
        given = keyword(route.call, "operation_id")
        operation = text_of(given) if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""
        message, nodes = "", {}
        if (
            isinstance(route.call.func, ast.Attribute)
            and route.call.func.attr == "api_route"
            and len(route.methods) > 1
        ):
            message = f"{' and '.join(route.methods)} of {route.function.name} get the same operation id"
            nodes = {"several": route.call}
        elif operation in seen and seen[operation] != route.scope.module.path + route.function.qualname:
            message = f"{route.function.name} has the operation id {operation}, which another route has as well"
        if operation:
            seen.setdefault(operation, route.scope.module.path + route.function.qualname)
        if message:
            yield Sighting(
                module=route.function.module,
                function=route.function,
                node=route.call,
                severity="info",
                message=message,
                captured={"function": route.function.name, **project.path_of(route.function)},
                nodes=nodes,
            )


def _is_left_out(call: ast.Call) -> bool:
    shown = keyword(call, "include_in_schema")
    return isinstance(shown, ast.Constant) and shown.value is False


def _is_in_no_schema(project: Project, owner: Origin | None, depth: int) -> bool:
    """Return whether what a router or an application has stands in no schema, as far as can be seen."""
    if owner is None or depth == 0:
        return False
    made = [item for item in project.registrations("app", "router made") if item.owner == owner]
    if any(_is_left_out(item.call) or _is_none(keyword(item.call, "openapi_url")) for item in made):
        return True
    included = [item for item in project.registrations("router") if item.other == owner]
    return bool(included) and all(
        _is_left_out(item.call) or _is_in_no_schema(project, item.owner, depth - 1) for item in included
    )


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
