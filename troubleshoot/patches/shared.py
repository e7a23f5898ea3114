"""Objects that are made anew each time a function runs, and could be made once."""

from __future__ import annotations

import ast
import builtins

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import is_name, parent, statement_of
from troubleshoot.patching.blocks import take_out_with
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import above_definitions, is_commented, statements_above
from troubleshoot.patching.texts import WithheldError

CLOSES = ("close", "aclose", "quit", "stop", "flush")


def share(sighting: Sighting, draft: Draft) -> None:
    """Make an object once: at the top of the module, or by a cached function if the function only makes it."""
    function, module, call = sighting.function, sighting.module, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    around = parent(call)
    if isinstance(around, ast.Return):
        _cache(draft, function)
        return
    if isinstance(around, ast.withitem) and isinstance(around.optional_vars, ast.Name):
        name = around.optional_vars.id
    elif isinstance(around, ast.Assign) and len(around.targets) == 1 and isinstance(around.targets[0], ast.Name):
        name = around.targets[0].id
    else:
        raise WithheldError("what is made has no name that it could keep")
    stored = [item for item in ast.walk(function.node) if is_name(item, name) and not isinstance(item.ctx, ast.Load)]  # type: ignore[attr-defined]
    is_given = any(item.arg == name for item in ast.walk(function.node) if isinstance(item, ast.arg))
    is_closed = any(item.attr in CLOSES and is_name(item.value, name) for item in function.body.attributes)
    if len(stored) > 1 or is_given or is_closed or name in function.body.globals:
        raise WithheldError(f"{name} is made or closed in several ways")
    _must_stand_at_top(module, call)
    _put_at_top(draft, module, name, call)
    if isinstance(around, ast.Assign):
        if is_commented(draft.source(module), around):
            raise WithheldError(f"a comment stands beside {name}")
        draft.delete(module, around)
        return
    block = parent(around)
    if not isinstance(block, (ast.With, ast.AsyncWith)) or len(block.items) > 1:
        raise WithheldError(f"the `with` opens more than {name}")
    take_out_with(draft, module, block)


def _cache(draft: Draft, function: Function) -> None:
    """Put `@cache` on a function that makes and returns an object."""
    if function.is_async or function.is_generator or function.params or function.owner or function.outer:
        raise WithheldError(f"{function.qualname} makes it from what it is given, or not in one step")
    if function.node.decorator_list:
        raise WithheldError(f"{function.qualname} has decorators of its own")
    source = draft.source(function.module)
    start = source.line_start(function.node.lineno)
    draft.put(function.module, start, start, f"@{draft.name(function.module, 'functools.cache')}{source.newline}")


def _must_stand_at_top(module: Module, call: ast.Call) -> None:
    """Raise `WithheldError` if a call uses a name that is not known above the functions of its module."""
    known = {*dir(builtins)}
    for item in statements_above(module):
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            known |= {(name.asname or name.name).partition(".")[0] for name in item.names}
        known |= {node.id for node in ast.walk(item) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(call):
        if isinstance(node, ast.Await):
            raise WithheldError("it has to be awaited")
        if isinstance(node, ast.Name) and node.id not in known:
            raise WithheldError(f"it is made with {node.id}, which is not known at the top of {module.path}")


def _put_at_top(draft: Draft, module: Module, name: str, call: ast.Call) -> None:
    """Assign the object at the top of its module, unless the same is assigned there already."""
    known = module.body.assigned.get(name, [])
    if len(known) == 1 and ast.unparse(known[0]) == ast.unparse(call):
        return
    if name in {*module.imports, *module.functions, *module.classes, *module.body.assigned}:
        raise WithheldError(f"{name} stands for something else in {module.path}")
    statement = statement_of(call)
    assert statement is not None
    first, *rest = draft.text(module, call).split("\n")
    indent = draft.source(module).indent(statement)
    if any(line.strip() and not line.startswith(indent) for line in rest):
        raise WithheldError("the call is laid out in a way of its own")
    above_definitions(draft, module, "\n".join([f"{name} = {first}", *(line.removeprefix(indent) for line in rest)]))
