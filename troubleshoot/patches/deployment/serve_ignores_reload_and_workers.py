"""`uvicorn.run` in the place of a config, a server and the call that serves."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, is_name, last_name, parent, statement_of, text_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError, last_line

SERVING = ("run", "serve")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put the arguments of the config into one call, and make a coroutine that has only served a plain function."""
    server, config, module = sighting.node, sighting.nodes["config"], sighting.module
    assert isinstance(server, ast.Call)
    assert isinstance(config, ast.Call)
    if not text_of(argument(config, 0, "app")):
        raise WithheldError("the application is not named by an import string, which every process needs")
    if len(server.args) + len(server.keywords) != 1:
        raise WithheldError("the server is given more than a config")
    if any(item.arg in ("callback_notify", "timeout_notify") for item in config.keywords):
        raise WithheldError("uvicorn.run does not take a callback")
    served = _serving(module.tree if sighting.function is None else sighting.function.node, server)
    gone = [_assignment(module, item) for item in (config, server) if item not in ast.walk(served)]
    block = block_around(served, module.tree)
    source = draft.source(module)
    if any(item not in block for item in gone):
        raise WithheldError("config and server are made elsewhere")
    text = f"{draft.name(module, 'uvicorn.run')}{source.flush(config).removeprefix(source.of(config.func))}"
    for item in gone:
        if not source.is_alone(item) or "#" in source.line(last_line(item)):
            raise WithheldError("a comment stands beside the config")
        draft.delete(module, item)
    draft.replace(module, served, text)
    if sighting.function is not None and sighting.function.is_async:
        _make_plain(draft, sighting.function)


def _serving(within: ast.AST, server: ast.Call) -> ast.Expr:
    """Return the statement that serves, and does nothing else: by itself, awaited, or in `asyncio.run`."""
    around = parent(server)
    names = around.targets if isinstance(around, ast.Assign) else []
    for node in ast.walk(within):
        call = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Await):
            call = call.value
        elif isinstance(call, ast.Call) and len(call.args) == 1 and isinstance(call.args[0], ast.Call):
            call = call.args[0] if ast.unparse(call.func) == "asyncio.run" and not call.keywords else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.args or call.keywords:
            continue
        held = call.func.value
        if call.func.attr in SERVING and (held is server or (names and is_name(held, getattr(names[0], "id", None)))):
            assert isinstance(node, ast.Expr)
            return node
    raise WithheldError("nobody knows where the server is started")


def _assignment(module: Module, call: ast.Call) -> ast.Assign:
    """Return the statement that gives what is made a name, which is used once."""
    statement = statement_of(call)
    if not isinstance(statement, ast.Assign) or statement.value is not call or len(statement.targets) != 1:
        raise WithheldError("config or server are made within something else")
    name = last_name(statement.targets[0])
    around = block_around(statement, module.tree)
    uses = [node for item in around for node in ast.walk(item) if is_name(node, name)]
    if len(uses) != 2:
        raise WithheldError(f"{name} is used for more than to serve")
    return statement


def _make_plain(draft: Draft, function: Function) -> None:
    waits = [item for item in function.body.awaits if not _serves(item.value)]
    if waits or any(isinstance(item, (ast.AsyncFor, ast.AsyncWith)) for item in ast.walk(function.node)):
        raise WithheldError(f"{function.qualname} awaits other things beside the server")
    found = list(callers(draft.project, function))
    if not found:
        raise WithheldError(f"nobody knows who calls {function.qualname}")
    for where, call in found:
        run = parent(call)
        if not isinstance(run, ast.Call) or draft.project.path(run.func, where) != "asyncio.run" or len(run.args) > 1:
            raise WithheldError(f"{function.qualname} runs beside something else")
        module = where.module if isinstance(where, Function) else where
        draft.replace(module, run, draft.text(module, call))
    draft.replace_start(function.module, function.node, "async def", "def")


def _serves(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "serve"
