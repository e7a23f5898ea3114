"""What all the dependencies of a factory do alike becomes one dependency below them, which runs once."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import is_name, mentions, nodes_in
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import function_with
from troubleshoot.patching.room import free_name
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import SourceText, WithheldError, last_line


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the statements that do not know the factory's arguments out of the function that it makes."""
    node = sighting.nodes["factory"]
    if not isinstance(node, ast.FunctionDef):
        raise WithheldError("the class has to take what it needs from a dependency below it")
    factory = function_with(draft.project, node)
    inner = _inner(factory)
    own = {param.name for param in factory.params}
    statements = inner.node.body
    index = next((number for number, item in enumerate(statements) if mentions(item, own)), 0)
    shared, rest = statements[:index], statements[index:]
    if not shared or any(isinstance(item, (ast.Return, ast.Yield, ast.YieldFrom)) for item in nodes_in(shared)):
        raise WithheldError(f"what {factory.name} is given is used where the work is done")
    bound = {item.id for item in nodes_in(shared) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    used = [item for item in bound if any(is_name(other, item) for other in nodes_in(rest))]
    if len(used) != 1:
        raise WithheldError(f"the checks of {factory.name} need more than one thing of what is done before")
    _split(draft, factory, inner, shared, rest, used[0])


def _inner(factory: Function) -> Function:
    """Return the function that a factory makes. Raises `WithheldError` if it does anything else."""
    body = factory.node.body
    made = list(factory.functions.values())
    if len(body) != 2 or len(made) != 1 or made[0].node is not body[0] or factory.outer or factory.owner:
        raise WithheldError(f"{factory.name} does more than to make a dependency")
    arguments = made[0].node.args
    if (
        made[0].node.decorator_list
        or arguments.vararg
        or arguments.kwarg
        or arguments.kwonlyargs
        or arguments.posonlyargs
    ):
        raise WithheldError(f"{made[0].name} is declared in a way of its own")
    return made[0]


def _split(
    draft: Draft,
    factory: Function,
    inner: Function,
    shared: Sequence[ast.stmt],
    rest: Sequence[ast.stmt],
    variable: str,
) -> None:
    """Make a function above the factory from the statements that are shared, and let the rest depend on it."""
    module, source = factory.module, draft.source(factory.module)
    if any(mentions(inner.node.args, [name]) for name in _unknown_above(factory)):
        raise WithheldError(f"the parameters of {inner.name} need what only {factory.name} knows")
    name = free_name(module, f"get_{variable}", f"load_{variable}")
    kind = _kind(draft, inner, variable)
    texts = {
        param.name: source.text[source.span(arg)[0] : source.span(param.default or arg)[1]]
        for param, arg in zip(inner.params, inner.node.args.args, strict=True)
    }
    params = ", ".join(text for param, text in texts.items() if any(mentions(item, [param]) for item in shared))
    header = f"{'async ' if inner.is_async else ''}def {name}({params}){f' -> {kind}' if kind else ''}:"
    start, end = source.line_start(source.commented_line(shared[0])), source.line_start(source.commented_line(rest[0]))
    lines = [source.unit + line for line in _shared_lines(source, shared, variable)]
    above = source.line_start(source.commented_line(factory.node))
    draft.put(module, above, above, "".join(line.rstrip() + source.newline for line in (header, *lines, "", "")))
    draft.put(module, start, end, "")
    depends = f"{draft.name(module, 'fastapi.Depends')}({name})"
    kept = [
        text for param, text in texts.items() if param != variable and any(mentions(item, [param]) for item in rest)
    ]
    if kind and "Annotated" in module.imports:
        kept.insert(0, f"{variable}: Annotated[{kind}, {depends}]")
    else:
        kept.append(f"{variable}: {kind} = {depends}" if kind else f"{variable}={depends}")
    if inner.params:
        first, last = inner.node.args.args[0], inner.params[-1].default or inner.node.args.args[-1]
        line = source.text[source.line_start(first.lineno) : source.span(first)[0]]
        between = ", " if line.strip() else f",{source.newline}{line}"
        draft.put(module, source.span(first)[0], source.span(last)[1], between.join(kept))
    else:
        add_parameters(draft, inner, kept)


def _unknown_above(factory: Function) -> list[str]:
    """Return the names that a signature above a factory could not use."""
    module = factory.module
    known: list[Function | Class] = [*module.functions.values(), *module.classes.values()]
    below = [item.name for item in known if item.node.lineno >= factory.node.lineno]
    return [*below, *(param.name for param in factory.params)]


def _kind(draft: Draft, inner: Function, variable: str) -> str:
    """Return the type of a variable as it is written, if it is an object of a class or what the function returns."""
    values = inner.body.assigned.get(variable, [])
    made = values[0] if len(values) == 1 else None
    if isinstance(made, ast.Call) and isinstance(draft.project.value(made.func, inner), Class):
        return draft.text(inner.module, made.func)
    returns = inner.node.returns
    if returns is not None and inner.body.returns and all(is_name(item.value, variable) for item in inner.body.returns):
        return draft.text(inner.module, returns)
    return ""


def _shared_lines(source: SourceText, shared: Sequence[ast.stmt], variable: str) -> list[str]:
    """Return the lines of the statements as they stand in a function of their own, which returns the variable."""
    first, last = source.commented_line(shared[0]), last_line(shared[-1])
    if any(number in source.inside_strings for number in range(first, last + 1)):
        raise WithheldError("there is a text of several lines in what would move")
    indent = source.indent(shared[0])
    lines = [source.text[source.line_start(number) : source.line_end(number)] for number in range(first, last + 1)]
    lines = [line.removeprefix(indent) for line in lines]
    final = shared[-1]
    if isinstance(final, ast.Assign) and len(final.targets) == 1 and is_name(final.targets[0], variable):
        index = final.lineno - first
        lines[index] = lines[index].replace(f"{variable} =", "return", 1)
        return lines
    return [*lines, f"return {variable}"]
