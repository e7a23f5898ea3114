"""Each parameter of the function says once where its value comes from, and has its default behind the equals sign."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import argument, keyword
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.parameters import FROM_REQUEST, marker
from troubleshoot.detectors.dependency_injection.annotated_and_default_conflict import conflict
from troubleshoot.patching.arguments import drop_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Mend the whole signature: of two parameters, one alone may not be left without a default."""
    function = sighting.function
    assert function is not None
    defaults = {param.name: param.default is not None for param in function.params}
    for param in function.params:
        if conflict(draft.project, function, param):
            new = _default(draft, function, param)
            defaults[param.name] = bool(new)
            _put_default(draft, function, param, new)
    positional = [param for param in function.params if param.kind == "positional"]
    last = None
    for param in positional:
        if last is not None and not defaults[param.name]:
            _only_by_name(draft, function, param, last)
            return
        last = param if defaults[param.name] else last


def _default(draft: Draft, function: Function, param: Param) -> str:
    """Return the plain default that a parameter is to have, after mending its annotation; nothing for none."""
    project, default = draft.project, param.default
    outside = Scope(function.module, function.outer)
    bare = Param(param.name, param.annotation, None, param.kind)
    called = project.path(default.func, outside) if isinstance(default, ast.Call) else ""
    depends = marker(project, function, bare, frozenset(DEPENDS))
    if depends is not None and isinstance(default, ast.Call):
        if _target(draft, default, outside) != _target(draft, *depends):
            raise WithheldError(f"{param.name} names one dependency in Annotated and another as its default")
        return ""
    request = marker(project, function, bare, FROM_REQUEST)
    assert request is not None
    call, scope = request
    if isinstance(default, ast.Call) and (called in FROM_REQUEST or called in DEPENDS):
        if called != project.path(call.func, scope):
            several = f"{ast.unparse(call.func)} or {ast.unparse(default.func)}"
            raise WithheldError(f"whether {several} is meant for {param.name} cannot be seen")
        _take_over(draft, function, param, call, default)
        given = argument(default, 0, "default")
        return "" if given is None or _is_dots(given) else _text(draft, function, given)
    _must_be_own(param, call)
    inner: ast.expr | ast.keyword = (
        call.args[0] if call.args else next(item for item in call.keywords if item.arg == "default")
    )
    value = inner.value if isinstance(inner, ast.keyword) else inner
    drop_argument(draft, function.module, call, inner)
    if project.path(call.func, scope) == "fastapi.Path":
        # Without it the path does not match, so there is no default in either place.
        return ""
    if default is not None and ast.dump(default) != ast.dump(value):
        raise WithheldError(f"{param.name} has one default inside {ast.unparse(call.func)} and another behind =")
    return _text(draft, function, default or value)


def _take_over(draft: Draft, function: Function, param: Param, call: ast.Call, default: ast.Call) -> None:
    """Move what the call in the default says besides the default itself into the call in Annotated."""
    if len(default.args) > 1 or any(item.arg is None for item in default.keywords):
        raise WithheldError(f"the default of {param.name} is given in a way of its own")
    if call.args or keyword(call, "default") is not None:
        raise WithheldError(f"{param.name} has two defaults")
    more = [item for item in default.keywords if item.arg != "default"]
    for item in more:
        known = keyword(call, item.arg or "")
        if known is not None and ast.dump(known) != ast.dump(item.value):
            raise WithheldError(f"{param.name} has two values of {item.arg}")
    new = [_text(draft, function, item) for item in more if keyword(call, item.arg or "") is None]
    if new:
        _must_be_own(param, call)
        source = draft.source(function.module)
        position = source.span(call.keywords[-1])[1] if call.keywords else source.span(call)[1] - 1
        draft.put(function.module, position, position, f"{', ' if call.keywords else ''}{', '.join(new)}")


def _put_default(draft: Draft, function: Function, param: Param, new: str) -> None:
    module, source, default = function.module, draft.source(function.module), param.default
    assert param.annotation is not None
    _, end = source.span(param.annotation)
    if default is None:
        if new:
            draft.put(module, end, end, f" = {new}")
    elif new:
        if new != draft.text(module, default):
            draft.replace(module, default, new)
    else:
        _, last = source.span(default)
        if "#" in source.text[end:last]:
            raise WithheldError(f"the default of {param.name} has a comment, which would go, too")
        draft.put(module, end, last, "")


def _only_by_name(draft: Draft, function: Function, param: Param, other: Param) -> None:
    """Put `*` before a parameter without a default that follows one with a default."""
    arguments, module = function.node.args, function.module
    if arguments.kwonlyargs or arguments.vararg or arguments.posonlyargs or function.owner is not None:
        raise WithheldError(f"{param.name} would have no default, and follows {other.name}, which has one")
    if any(call.args for _, call in callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, with arguments in their order")
    node = next(item for item in arguments.args if item.arg == param.name)
    start, _ = draft.source(module).span(node)
    line = draft.source(module).text[:start].rpartition("\n")[2]
    draft.put(module, start, start, "*, " if line.strip() else f"*,{draft.source(module).newline}{line}")


def _must_be_own(param: Param, call: ast.Call) -> None:
    assert param.annotation is not None
    if call not in ast.walk(param.annotation):
        raise WithheldError(f"{ast.unparse(call)} stands in {ast.unparse(param.annotation)}, which others may use, too")


def _target(draft: Draft, call: ast.Call, scope: Scope) -> tuple[object, list[str]]:
    given = argument(call, 0, "dependency")
    value = draft.project.value(given, scope) or (ast.unparse(given) if given is not None else "")
    return value, sorted(ast.unparse(item) for item in call.keywords if item.arg != "dependency")


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _text(draft: Draft, function: Function, node: ast.expr | ast.keyword) -> str:
    text = draft.text(function.module, node)
    if "\n" in text:
        raise WithheldError(f"line {node.lineno} of {function.module.path} goes on in the next")
    return text
