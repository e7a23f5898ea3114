"""The endpoint takes `limit` and `offset` and gives them to its query; a limit of its own gets a maximum."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, argument, is_within, last_name, parent
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.calls import add_call
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import add_parameters, annotate
from troubleshoot.patching.texts import WithheldError

MAXIMUM = 100
USUAL = 50
PASSED_ON = ("list", "tuple", "jsonable_encoder")
"""Functions that give back what they are given, row by row."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Add the parameters and the calls, or the bound."""
    function = sighting.function
    assert function is not None
    param = next((item for item in function.params if sighting.node in (item.annotation, item.default)), None)
    if param is not None:
        _cap(draft, function, param)
        return
    statement, entity = sighting.nodes.get("statement"), sighting.nodes.get("entity")
    if not isinstance(statement, ast.expr) or entity is None or not _is_chain(statement):
        raise WithheldError("the query is put together in a way of its own")
    endpoints = [*_endpoints(draft, function, sighting.node)]
    for asked in dict.fromkeys([function, *(endpoint for endpoint, _ in endpoints)]):
        if asked.names & {"limit", "offset"}:
            raise WithheldError(f"{asked.qualname} has something else that is called limit or offset")
    order = []
    if not sighting.captured["order"]:
        keys = sighting.captured["keys"].split()
        if not keys:
            raise WithheldError("the query needs an order first, and nobody knows its primary key")
        order = [f".order_by({', '.join(f'{draft.text(function.module, entity)}.{key}' for key in keys)})"]
    add_call(draft, function.module, statement, *order, ".limit(limit)", ".offset(offset)")
    if not any(endpoint is function for endpoint, _ in endpoints):
        add_parameters(draft, function, ["limit: int", "offset: int"], required=True)
    for endpoint in dict.fromkeys(endpoint for endpoint, _ in endpoints):
        _take_page(draft, endpoint)
    for endpoint, call in endpoints:
        if call is not None:
            add_arguments(draft, endpoint.module, call, ["limit=limit", "offset=offset"])


def _endpoints(draft: Draft, function: Function, query: ast.AST) -> Iterator[tuple[Function, ast.Call | None]]:
    """Yield the endpoint that runs a query, or those that call a helper which does, with the call.

    Raises `WithheldError` if somebody else calls that, or does something with all rows.
    """
    known = set(draft.project.called_as("path operation"))
    if not _is_passed_on(draft.project, query, function):
        raise WithheldError(f"{function.qualname} does something with all rows, which would then be those of one page")
    if function in known:
        yield function, None
        return
    calls = list(callers(draft.project, function))
    if not calls or function.node.args.defaults:
        raise WithheldError(f"{function.qualname} has to be given limit and offset by the endpoint")
    for where, call in calls:
        if not isinstance(where, Function) or where not in known:
            raise WithheldError(f"{function.qualname} is called by others than endpoints, too")
        if any(isinstance(item, ast.Starred) for item in call.args):
            raise WithheldError(f"{where.qualname} calls {function.qualname} with a list of arguments")
        if not _is_passed_on(draft.project, call, where):
            raise WithheldError(f"{where.qualname} does something with all rows, which would then be those of one page")
        yield where, call


def _take_page(draft: Draft, endpoint: Function) -> None:
    annotated, query = _names(draft, endpoint)
    limit = f"limit: {annotated}[int, {query}(ge=1, le={MAXIMUM})] = {USUAL}"
    add_parameters(draft, endpoint, [limit, f"offset: {annotated}[int, {query}(ge=0)] = 0"])


def _names(draft: Draft, function: Function) -> tuple[str, str]:
    module = function.module
    return draft.name(module, "typing.Annotated", function), draft.name(module, "fastapi.Query", function)


def _cap(draft: Draft, function: Function, param: Param) -> None:
    """Give a limit that the client chooses a maximum, in the `Query()` that it has, or in a new one."""
    module = function.module
    assert param.annotation is not None
    calls = [node for node in (param.default, *ast.walk(param.annotation)) if isinstance(node, ast.Call)]
    declared = calls[0] if calls else None
    if declared is None:
        annotated, query = _names(draft, function)
        bounds = f"ge=1, le={_maximum(param, param.default)}"
        annotate(
            draft, function, param.annotation, f"{annotated}[{draft.text(module, param.annotation)}, {query}({bounds})]"
        )
        return
    if draft.project.path(declared.func, function) != "fastapi.Query":
        raise WithheldError(f"{param.name} does not come from the query")
    default = argument(declared, 0, "default") if declared is param.default else param.default
    given = [*declared.args, *declared.keywords]
    _, end = draft.source(module).span(given[-1] if given else declared)
    bound = f"le={_maximum(param, default)}"
    draft.put(module, end - (not given), end - (not given), f", {bound}" if given else bound)


def _maximum(param: Param, default: ast.expr | None) -> int:
    """Return the maximum for a limit, which may not be less than what it is if the client says nothing."""
    if default is not None and not isinstance(default, ast.Constant):
        raise WithheldError(f"nobody knows how much {param.name} is if the client says nothing")
    if default is not None and default.value is None:
        raise WithheldError(f"without {param.name} there would still be no limit at all")
    return max(MAXIMUM, default.value) if default is not None and isinstance(default.value, int) else MAXIMUM


def _is_chain(node: ast.expr) -> bool:
    """Return whether a statement is a variable, or made by methods one after the other."""
    while isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Attribute):
            return last_name(node.func) == "select"
        node = node.func.value
    return isinstance(node, (ast.Name, ast.Attribute))


def _is_passed_on(project: Project, node: ast.AST, function: Function, held: frozenset[str] = frozenset()) -> bool:
    """Return whether rows go into the answer one by one, and nothing is computed from all of them.

    `held` are the variables that they have been in: what goes from one to the other and back has no end.
    """
    around = parent(node)
    if isinstance(around, ast.Return):
        return True
    if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Name):
        name = around.targets[0].id
        uses = [
            item
            for item in ast.walk(function.node)
            if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)
        ]
        once = len(function.body.assigned.get(name, ())) == 1 or not any(is_within(use, around.value) for use in uses)
        return name in held or (once and all(_is_passed_on(project, use, function, held | {name}) for use in uses))
    if isinstance(around, (ast.If, ast.UnaryOp)):
        return isinstance(around, ast.UnaryOp) or around.test is node
    if isinstance(around, ast.For):
        chooses = any(isinstance(item, (ast.If, ast.IfExp, ast.Break)) for item in ast.walk(around))
        return around.iter is node and not chooses
    passes = isinstance(around, (ast.Await, ast.Attribute, ast.Dict, ast.List, ast.Tuple, *COMPREHENSIONS))
    if isinstance(around, ast.comprehension):
        passes = around.iter is node and not around.ifs
    elif isinstance(around, ast.Call):
        is_known = last_name(around.func) in PASSED_ON or _makes_answer(project, around, function)
        passes = is_known or around.func is node
    elif isinstance(around, ast.keyword):
        passes = True
    return passes and around is not None and _is_passed_on(project, around, function, held)


def _makes_answer(project: Project, call: ast.Call, function: Function) -> bool:
    path = project.path(call.func, function)
    return isinstance(project.value(call.func, function), Class) or path.startswith(("fastapi.", "starlette."))
