"""Where a lifespan starts what runs beside the application, and where it stops it."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import parent, statement_of
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError


def pause_of(function: Function) -> ast.stmt:
    """Return the statement at which a lifespan pauses while the application runs."""
    statement = statement_of(function.body.yields[0]) if len(function.body.yields) == 1 else None
    if statement is None:
        raise WithheldError(f"{function.name} has more than one yield, or none")
    return statement


def at_start(draft: Draft, function: Function, text: str) -> None:
    """Insert lines that run last before the application does."""
    statement = pause_of(function)
    around = parent(statement)
    if isinstance(around, ast.Try) and around.body[0] is statement:
        statement = around
    draft.before(function.module, statement, text)


def at_stop(draft: Draft, function: Function, text: str) -> None:
    """Insert lines that run when the application has stopped, behind calls that stand there already."""
    statement = pause_of(function)
    around = parent(statement)
    if isinstance(around, ast.Try) and around.finalbody:
        following = around.finalbody
    else:
        block = block_around(statement, function.node)
        following = block[block.index(statement) + 1 :]
    done = [statement]
    for item in following:
        if not _is_bare_call(item):
            break
        done.append(item)
    if done[-1] is statement and following and isinstance(around, ast.Try) and around.finalbody:
        draft.before(function.module, following[0], text)
    else:
        draft.after(function.module, done[-1], text)


def _is_bare_call(statement: ast.stmt) -> bool:
    """Return whether a statement calls a function with nothing: `stop()` or `await stop()`."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    call = value.value if isinstance(value, ast.Await) else value
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not (call.args or call.keywords)
