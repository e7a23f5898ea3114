"""What a function makes anew each time it runs, made once for the process."""

from __future__ import annotations

import ast
import builtins

from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import is_name, parent, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import decorate
from troubleshoot.patching.texts import WithheldError, last_line

CLOSES = frozenset(("dispose", "close", "aclose", "disconnect"))
APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.Try)
TAKES_OVER = "from_pool"
"""A client that is made so closes the pool together with itself."""


def make_once(draft: Draft, function: Function, call: ast.Call, name: str) -> None:
    """Make at import what `call` makes, `name` if it has none yet; a function that does nothing else is cached.

    Raises `WithheldError` where it depends on the request, is closed with it, or cannot be made at import.
    """
    statement = statement_of(call)
    assert statement is not None
    if isinstance(parent(call), (ast.Await, ast.withitem)):
        raise WithheldError("it has to be opened and closed by the lifespan of the application")
    if _gives_only(function, call):
        _cache(draft, function)
    elif isinstance(statement, ast.Assign) and statement.value is call and isinstance(statement.targets[0], ast.Name):
        _move(draft, function, statement, statement.targets[0].id)
    else:
        if name in function.names:
            raise WithheldError(f"{name} stands for something else in {function.qualname}")
        text = f"{name} = {draft.text(function.module, call)}"
        put_above(draft, function, call, name, lines_at_top(text, draft.source(function.module).indent(statement)))
        draft.replace(function.module, call, name)


def _gives_only(function: Function, call: ast.Call) -> bool:
    """Return whether a function without parameters returns what the call makes, whatever happens."""
    names = [name for name, values in function.body.assigned.items() if values == [call]]
    return (
        not function.params
        and not function.is_async
        and not function.is_generator
        and bool(function.body.returns)
        and all(
            item.value is call or (isinstance(item.value, ast.Name) and item.value.id in names)
            for item in function.body.returns
        )
    )


def _cache(draft: Draft, function: Function) -> None:
    if function.node.decorator_list or function.outer is not None:
        raise WithheldError(f"{function.qualname} is changed by a decorator, or is made anew itself")
    decorate(draft, function, draft.name(function.module, "functools.cache"))


def _move(draft: Draft, function: Function, statement: ast.Assign, name: str) -> None:
    """Move an assignment from a function to the top level, above what it stands in."""
    module, source = function.module, draft.source(function.module)
    blocks = [function.node.body, *(item.body for item in function.body.tries)]
    if not any(statement in block for block in blocks) or len(function.body.assigned.get(name, ())) > 1:
        raise WithheldError(f"{function.qualname} does not always make it")
    if name in function.body.globals:
        raise WithheldError(f"{name} is kept already")
    for item in ast.walk(function.node):
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute):
            if item.func.attr == TAKES_OVER and any(is_name(given, name) for given in item.args):
                raise WithheldError(f"the client that gets {name} closes it")
            if item.func.attr in CLOSES and is_name(item.func.value, name):
                _leave_open(draft, function, item, name)
    start, _ = source.span(statement)
    first = start - len(source.indent(statement))
    text = source.text[first : source.line_end(last_line(statement))]
    put_above(draft, function, statement.value, name, lines_at_top(text, source.indent(statement)))
    draft.delete(module, statement)


def _leave_open(draft: Draft, function: Function, closing: ast.Call, name: str) -> None:
    statement = statement_of(closing)
    blocks = (getattr(node, part, None) for node in ast.walk(function.node) for part in ("body", "orelse", "finalbody"))
    alone = any(isinstance(block, list) and block == [statement] for block in blocks)
    if not isinstance(statement, ast.Expr) or alone:
        raise WithheldError(f"{function.qualname} closes {name} at its end, in a block of its own")
    draft.delete(function.module, statement)


def put_above(draft: Draft, function: Function, value: ast.expr, name: str, lines: list[str]) -> None:
    """Insert `lines`, the assignment of `value` behind what stands above the first function that makes the same.

    Nothing is inserted if it is there already. Raises `WithheldError` if it cannot be computed there, or if its name is
    taken.
    """
    module, source = function.module, draft.source(function.module)
    same = ast.dump(value)
    for other in module.all_functions:
        for made in other.body.assigned.get(name, ()):
            if isinstance(made, ast.Call) and ast.dump(made) != same and _callee(made) == _callee(value):
                raise WithheldError(f"{other.qualname} makes another {name}")
    makers = [item for item in module.all_functions if any(ast.dump(call) == same for call in item.body.calls)]
    top = min((_top_statement(item) for item in makers), key=lambda item: item.lineno)
    known = module.body.assigned.get(name, [])
    if [ast.dump(item) for item in known] == [same] and known[0].lineno < top.lineno:
        return
    if known or name in module.imports or name in module.functions or name in module.classes:
        raise WithheldError(f"{name} stands for something else in {module.path}")
    if any(number in source.inside_strings for number in range(value.lineno, last_line(value) + 1)):
        raise WithheldError("it is given a text of several lines")
    for node in ast.walk(value):
        if isinstance(node, (ast.Await, ast.Yield, ast.Lambda, ast.NamedExpr)):
            raise WithheldError("it is given something that is made when the function runs")
        if isinstance(node, ast.Name) and (node.id in function.names or not _is_bound(module, node.id, top.lineno)):
            raise WithheldError(f"it depends on {node.id}, which {function.qualname} knows when it runs")
    index = module.tree.body.index(top)
    if index == 0 or not source.is_alone(module.tree.body[index - 1]):
        raise WithheldError(f"nothing stands above {function.qualname} to put it behind")
    above = module.tree.body[index - 1]
    distance = 2 if isinstance(above, APART) else 1 if isinstance(above, (ast.Import, ast.ImportFrom)) else 0
    position = source.line_start(last_line(above) + 1)
    draft.put(module, position, position, source.newline.join([*[""] * distance, *lines, ""]))


def lines_at_top(text: str, indent: str) -> list[str]:
    """Return the lines of a statement as they are at the top level."""
    return [line.removeprefix(indent) for line in text.splitlines()]


def _callee(node: ast.expr) -> str:
    return ast.dump(node.func) if isinstance(node, ast.Call) else ""


def _is_bound(module: Module, name: str, line: int) -> bool:
    """Return whether a name means something at the top level of a module before `line`."""
    bound: list[ast.expr | ast.stmt] = [*module.body.assigned.get(name, ())]
    bound += [module.imports[name][0]] if name in module.imports else []
    bound += [module.functions[name].node] if name in module.functions else []
    bound += [module.classes[name].node] if name in module.classes else []
    return hasattr(builtins, name) or any(item.lineno < line for item in bound)


def _top_statement(function: Function) -> ast.stmt:
    """Return the statement at the top level of the module that a function stands in."""
    tree = function.module.tree
    return next(item for item in tree.body if item.lineno <= function.node.lineno <= (item.end_lineno or item.lineno))
