"""The call passes what FastAPI would: an endpoint asks for it itself, and other code opens it."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.code.syntax.nodes import argument, is_name, mentions, nodes_in, parent, statement_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.parameters import injected
from troubleshoot.detectors.dependency_injection.depends_called_outside_fastapi import left_out
from troubleshoot.patches.dependencies import alias_for
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.objects import carried, name_of
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give each parameter that is left out a value, from a parameter of the caller, its default, or a block around."""
    call, module = sighting.node, sighting.module
    assert isinstance(call, ast.Call)
    scope = Scope(module, sighting.function)
    called, needed, defaults = left_out(draft.project, call, scope)
    given, asked, entered = [], [], []
    for param in needed:
        if sighting.function is not None and (known := _has_already(draft.project, sighting.function, called, param)):
            given.append(f"{param.name}={known}")
        elif sighting.function is not None and _is_called_by_fastapi(draft.project, sighting.function):
            _must_be_free(sighting.function, param.name)
            asked.append(_declared(draft, called, param, sighting.function))
            given.append(f"{param.name}={param.name}")
        else:
            opened, is_entered = _opened(draft, called, param, sighting)
            if is_entered:
                entered.append(opened)
            given.append(f"{param.name}={param.name if is_entered else opened}")
    given += [f"{param.name}={_plain(draft, called, param, sighting)}" for param in defaults]
    _pass(draft, sighting, call, given)
    if asked and sighting.function is not None:
        if len({"=" in text for text in asked}) > 1:
            raise WithheldError("some of what is needed has a default, and some has none")
        add_parameters(draft, sighting.function, asked, required="=" not in asked[0])
    if entered:
        _enter(draft, sighting, called, entered)


def _pass(draft: Draft, sighting: Sighting, call: ast.Call, given: list[str]) -> None:
    source = draft.source(sighting.module)
    ends = [source.span(item)[1] for item in (*call.args, *call.keywords)]
    position = max(ends, default=source.span(call)[1] - 1)
    draft.put(sighting.module, position, position, f"{', ' if ends else ''}{', '.join(given)}")


def _has_already(project: Project, caller: Function, called: Function, param: Param) -> str:
    """Return the parameter of the caller that is injected from the same dependency, or nothing."""
    wanted = _dependency(project, called, param)
    for name in injected(project, caller):
        theirs = next(item for item in caller.params if item.name == name)
        if wanted is not None and _dependency(project, caller, theirs) is wanted:
            return name
    return ""


def _is_called_by_fastapi(project: Project, caller: Function) -> bool:
    """Return whether FastAPI fills the parameters of a function, and nobody else calls it."""
    is_read = caller in set(project.called_as("path operation", "dependency", "websocket endpoint"))
    if is_read and any(callers(project, caller)):
        raise WithheldError(f"{caller.qualname} is called elsewhere, too")
    return is_read


def _declared(draft: Draft, called: Function, param: Param, caller: Function) -> str:
    """Return the declaration of a parameter as it is written at the called function."""
    origin, module, line = called.module, caller.module, caller.node.lineno
    dependency = _dependency(draft.project, called, param)
    alias = alias_for(draft.project, module, dependency, line) if dependency is not None else ""
    if alias:
        return f"{param.name}: {alias}"
    text = param.name
    if param.annotation is not None:
        text += f": {carried(draft, param.annotation, origin, module, line)}"
    if param.default is not None:
        sign = " = " if param.annotation is not None else "="
        text += sign + carried(draft, param.default, origin, module, line)
    return text


def _opened(draft: Draft, called: Function, param: Param, sighting: Sighting) -> tuple[str, bool]:
    """Return what gives the dependency outside of a request, and whether it is entered by `with`."""
    dependency, module = _dependency(draft.project, called, param), sighting.module
    init = draft.project.inference.method(dependency, "__init__") if isinstance(dependency, Class) else None
    taken = (
        dependency.params if isinstance(dependency, Function) else init.params[1:] if isinstance(init, Function) else []
    )
    if dependency is None or taken or (isinstance(dependency, Function) and dependency.node.decorator_list):
        raise WithheldError(f"what gives {param.name} needs something itself, or is not known")
    # What is called later may name what stands further below.
    line = len(module.lines) if sighting.function is not None else sighting.node.lineno
    name = name_of(draft, module, dependency, line)
    is_async = isinstance(dependency, Function) and dependency.is_async
    if is_async and (sighting.function is None or not sighting.function.is_async):
        raise WithheldError(f"{name} is async, and the call stands in no async function")
    if not isinstance(dependency, Function) or not dependency.is_generator:
        return f"{'await ' if is_async else ''}{name}()", False
    if sighting.function is not None:
        _must_be_free(sighting.function, param.name)
    kind = "async with" if is_async else "with"
    wrapper = draft.name(module, f"contextlib.{'async' if is_async else ''}contextmanager")
    return f"{kind} {wrapper}({name})() as {param.name}", True


def _plain(draft: Draft, called: Function, param: Param, sighting: Sighting) -> str:
    """Return the default inside `Query(…)` and the like."""
    assert isinstance(param.default, ast.Call)
    value = argument(param.default, 0, "default")
    if value is None or (isinstance(value, ast.Constant) and value.value is ...):
        raise WithheldError(f"{param.name} has no default that could be passed")
    return carried(draft, value, called.module, sighting.module, sighting.node.lineno)


def _enter(draft: Draft, sighting: Sighting, called: Function, entered: list[str]) -> None:
    """Put the statement with the call into `with`, and what follows, which may still need what is open."""
    statement = statement_of(sighting.node)
    assert statement is not None
    if _leaves(called, sighting):
        raise WithheldError("what the call gives may still be in use when what is opened for it is closed")
    block = block_around(statement, sighting.function.node if sighting.function is not None else sighting.module.tree)
    start = block.index(statement)
    stop = start + 1 if isinstance(statement, (ast.Return, ast.Expr)) else len(block)
    if len(entered) > 1:
        raise WithheldError("several things have to be opened for the call")
    draft.deepen(sighting.module, block[start:stop], f"{entered[0]}:")


def _leaves(called: Function, sighting: Sighting) -> bool:
    """Return whether a coroutine is handed on, or an object that holds what it was given goes out of the function."""
    around = parent(sighting.node)
    if called.is_async:
        return not isinstance(around, ast.Await)
    if called.name != "__init__" or isinstance(around, ast.Attribute):
        return False
    if not isinstance(around, ast.Assign) or not isinstance(around.targets[0], ast.Name) or sighting.function is None:
        return True
    name = around.targets[0].id
    return any(is_name(item.value, name) for item in (*sighting.function.body.returns, *sighting.function.body.yields))


def _dependency(project: Project, function: Function, param: Param) -> Function | Class | None:
    call, scope = injected(project, function)[param.name]
    given = argument(call, 0, "dependency")
    if given is None and param.annotation is not None:
        made = project.inference.annotation(param.annotation, Scope(function.module, function.outer))
        value = getattr(made, "of", None)
    else:
        value = project.value(given, scope)
    return value if isinstance(value, (Function, Class)) else None


def _must_be_free(function: Function, name: str) -> None:
    if name in [param.name for param in function.params] or any(
        mentions(node, [name]) for node in nodes_in(function.node.body)
    ):
        raise WithheldError(f"{name} stands for something else in {function.qualname}")
