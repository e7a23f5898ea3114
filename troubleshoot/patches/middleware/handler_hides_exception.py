"""What waits for an exception that is a response by then looks at the response, or becomes the exception's handler."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, last_name, nodes_in, parent
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import SourceText, WithheldError, last_line

NAMES = {"HTTPException": "handle_http_exception", "RequestValidationError": "handle_validation_error"}
STATUS = {"HTTPException": ">= 400", "RequestValidationError": "== 422"}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the `except` behind the `try` if it raises again, else into a function that FastAPI calls."""
    function, handler, attempt = sighting.function, sighting.node, sighting.nodes.get("attempt")
    assert function is not None
    assert isinstance(handler, ast.ExceptHandler)
    assert isinstance(attempt, ast.Try)
    if last_name(handler.type) not in NAMES:
        raise WithheldError("the exception is one of several")
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None and len(handler.body) > 1:
        _look_at_status(draft, function, attempt, handler, sighting.nodes["call"])
    elif isinstance(last, ast.Return) and last.value is not None:
        _register(draft, function, handler)
    else:
        raise WithheldError("only its author knows what is to become of the response")
    if len(attempt.handlers) > 1:
        lines = range(handler.lineno, last_line(handler) + 1)
        draft.clear(function.module, lines[0], lines[-1])
    elif attempt.orelse or attempt.finalbody:
        raise WithheldError("the try has an else or a finally")


def _look_at_status(
    draft: Draft, function: Function, attempt: ast.Try, handler: ast.ExceptHandler, call: ast.AST
) -> None:
    """Do behind the `try` what the handler did, with the status of the response."""
    module, block = function.module, block_around(attempt, function.node)
    first = attempt.body[0]
    given = first.value if len(attempt.body) == 1 and isinstance(first, (ast.Return, ast.Assign)) else None
    if not isinstance(given, ast.Await) or given.value is not call:
        raise WithheldError("the try holds more than the call of the application")
    response = "response" if isinstance(first, ast.Return) else last_name(first.targets[0])  # type: ignore[attr-defined]
    is_taken = isinstance(first, ast.Return) and response in function.body.assigned
    others = [item for item in attempt.handlers if item is not handler]
    if not response or is_taken or not all(isinstance(item.body[-1], (ast.Raise, ast.Return)) for item in others):
        raise WithheldError("there is no one response behind the try")
    names = [item for item in nodes_in(handler.body) if is_name(item, handler.name)]
    if any(getattr(parent(item), "attr", "") != "status_code" for item in names):
        raise WithheldError(f"the response does not have all that {handler.name} has")
    source, text = draft.source(module), ""
    position, end = _extent(source, handler.body[0], handler.body[-2])
    for item in sorted(names, key=source.span):
        first_letter, behind = source.span(item)
        text += source.text[position:first_letter] + response
        position = behind
    inner = source.indent(handler.body[0])
    text = (text + source.text[position:end]).replace("\r\n", "\n").replace(f"\n{inner}", f"\n{source.unit}")
    lines = f"if {response}.status_code {STATUS[last_name(handler.type)]}:\n{source.unit}{text}"
    if isinstance(first, ast.Return):
        if attempt is not block[-1] or block is not function.node.body:
            raise WithheldError("something stands behind the try")
        lines += f"\nreturn {response}"
    if others:
        if isinstance(first, ast.Return):
            draft.replace_start(module, first, "return", f"{response} =")
        draft.after(module, attempt, lines.replace(source.unit, "    "))
    else:
        draft.replace(module, attempt, f"{response} = {draft.text(module, given)}\n{lines}")


def _register(draft: Draft, function: Function, handler: ast.ExceptHandler) -> None:
    """Make the handler's block a function of its own behind the middleware."""
    module = function.module
    decorator = next(
        (item for item in function.node.decorator_list if last_name(getattr(item, "func", None)) == "middleware"), None
    )
    name = NAMES[last_name(handler.type)]
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        raise WithheldError("it is not clear which application gets the handler")
    attempt = parent(handler)
    known = {function.params[0].name, handler.name}
    local = {*function.body.assigned, *(param.name for param in function.params)} - known
    used = {item.id for item in nodes_in(handler.body) if isinstance(item, ast.Name)}
    if used & local or name in module.functions or not isinstance(attempt, ast.Try):
        raise WithheldError("the handler uses what only the middleware knows")
    request, error = function.node.args.args[0], handler.name or "error"
    assert handler.type is not None
    source = draft.source(module)
    start, end = _extent(source, handler.body[0], handler.body[-1])
    inner, unit = source.indent(handler.body[0]), source.unit
    body = source.text[start:end].replace("\r\n", "\n").replace(f"\n{inner}", f"\n{unit}").replace(unit, "    ")
    raised = draft.text(module, handler.type)
    if last_name(handler.type) == "HTTPException":
        # FastAPI's own class would leave out the 404 of a path that does not exist.
        raised = draft.name(module, "starlette.exceptions.HTTPException", alias="StarletteHTTPException")
    signature = f"{draft.text(module, request)}, {error}: {raised}"
    app = draft.text(module, decorator.func.value)
    draft.after(
        module,
        function.node,
        f"@{app}.exception_handler({raised})\nasync def {name}({signature}):\n    {body}",
    )
    if len(attempt.handlers) == 1:
        first, final = attempt.body[0], attempt.body[-1]
        start, end = _extent(source, first, final)
        outer = source.indent(attempt)
        text = source.text[start:end].replace("\r\n", "\n").replace(f"\n{source.indent(first)}", f"\n{outer}")
        draft.replace(module, attempt, text.replace(f"\n{outer}", "\n"))


def _extent(source: SourceText, first: ast.stmt, last: ast.stmt) -> tuple[int, int]:
    """Return where the statements from `first` to `last` start and end, the comments above and behind included."""
    above, indent = first.lineno, source.indent(first)
    while source.line(above - 1).startswith(f"{indent}#"):
        above -= 1
    return source.line_start(above) + len(indent), source.line_end(last_line(last))
