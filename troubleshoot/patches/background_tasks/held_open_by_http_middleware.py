"""The function that collects the messages sends each on at once, and changes the head where that was changed later."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, parent, statement_of
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Send in the place of `append`; what was done to the first message is done when it passes."""
    function, call, collecting = sighting.function, sighting.node, sighting.nodes["collecting"]
    assert function is not None
    assert isinstance(call, ast.Call)
    assert isinstance(collecting, ast.AsyncFunctionDef | ast.FunctionDef)
    source, module = draft.source(function.module), function.module
    kept, message = _collected(collecting)
    send = function.params[3].name
    called = statement_of(call)
    assert called is not None
    block = block_around(called, function.node)
    made = next((item for item in block if _makes_list(item, kept)), None)
    if made is None or collecting not in block or block[-1] is called:
        raise WithheldError(f"{kept} is not made beside the function that fills it")
    *changes, sending = block[block.index(called) + 1 :]
    if not _sends_all(sending, kept, send):
        raise WithheldError(f"something else is done with {kept} than to send it")
    gone = [made, *changes, sending]
    if any(source.is_commented(item) or not source.is_alone(item) for item in gone):
        raise WithheldError("comments stand beside what would go")
    for item in gone:
        draft.delete(module, item)
    if not changes and source.is_commented(collecting):
        raise WithheldError(f"comments stand in {collecting.name}")
    if not changes:
        draft.replace(module, call.args[2], send)
        draft.delete(module, collecting)
        return
    head = [_of_head(draft, function, item, kept, message) for item in changes]
    lines = [f'if {message}["type"] == "http.response.start":', *(f"    {text}" for text in head)]
    draft.replace(module, collecting.body[0], "\n".join([*lines, f"await {send}({message})"]))


def _collected(collecting: ast.AsyncFunctionDef | ast.FunctionDef) -> tuple[str, str]:
    """Return the name of the list that a function fills, and of the message that it is given."""
    arguments = collecting.args.args
    statement = collecting.body[0]
    call = statement.value if isinstance(statement, ast.Expr) else None
    if (
        len(collecting.body) == 1
        and len(arguments) == 1
        and isinstance(collecting, ast.AsyncFunctionDef)
        and isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "append"
        and isinstance(call.func.value, ast.Name)
        and is_name(call.args[0], arguments[0].arg)
    ):
        return call.func.value.id, arguments[0].arg
    raise WithheldError(f"{collecting.name} does more than to collect the messages")


def _makes_list(statement: ast.stmt, name: str) -> bool:
    """Return whether a statement is `name = []`."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    value = getattr(statement, "value", None)
    return len(targets) == 1 and is_name(targets[0], name) and isinstance(value, ast.List) and not value.elts


def _sends_all(statement: ast.stmt, kept: str, send: str) -> bool:
    """Return whether a statement is a loop that sends what was kept, and does nothing else."""
    if not isinstance(statement, ast.For) or not is_name(statement.iter, kept) or len(statement.body) != 1:
        return False
    inside = statement.body[0]
    sent = inside.value.value if isinstance(inside, ast.Expr) and isinstance(inside.value, ast.Await) else None
    if not isinstance(sent, ast.Call) or not is_name(sent.func, send) or not isinstance(statement.target, ast.Name):
        return False
    return len(sent.args) == 1 and is_name(sent.args[0], statement.target.id)


def _of_head(draft: Draft, function: Function, statement: ast.stmt, kept: str, message: str) -> str:
    """Return a statement that changes the first message, with the message's own name."""
    if statement.lineno != statement.end_lineno or isinstance(statement, (ast.Return, ast.Raise)):
        raise WithheldError(f"what is done with {kept} is more than a change of its head")
    text, (start, _) = draft.text(function.module, statement), draft.source(function.module).span(statement)
    for node in sorted(ast.walk(statement), key=lambda item: -getattr(item, "col_offset", 0)):
        if is_name(node, kept):
            around = parent(node)
            if not isinstance(around, ast.Subscript) or ast.unparse(around.slice) != "0":
                raise WithheldError(f"what is done with {kept} is more than a change of its head")
            first, last = draft.source(function.module).span(around)
            text = f"{text[: first - start]}{message}{text[last - start :]}"
    return text
