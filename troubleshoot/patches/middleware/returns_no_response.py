"""What `call_next` has given is returned where nothing was."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.middleware import next_call
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Complete a bare `return`, or add the one that is missing at the end."""
    function, module, node = sighting.function, sighting.module, sighting.node
    call = next_call(function) if function is not None else None
    assert function is not None
    assert call is not None
    assert isinstance(node, ast.stmt)
    statements = list(_always_run(function.node.body, node.lineno))
    kept = next((name for item in statements if (name := _kept(item, call))), "")
    last = statements[-1]
    if isinstance(node, ast.Return) and node.value is not None:
        raise WithheldError(f"only its author knows the status of {draft.text(module, node.value)}")
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Await) and last.value.value is call:
        draft.replace_start(module, last, "await", "return await")
    elif not kept:
        # To call the application there might let in what is kept out today, if only by a 500.
        raise WithheldError("only its author knows what the client should get there")
    elif isinstance(node, ast.Return):
        draft.replace(module, node, f"return {kept}")
    else:
        draft.after(module, node, f"return {kept}")


def _always_run(statements: Sequence[ast.stmt], before: int) -> Iterator[ast.stmt]:
    """Yield the statements up to a line that run in any case, those in `with` and `try` included."""
    for statement in statements:
        if statement.lineno > before:
            return
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.Try)) and all(
            isinstance(handler.body[-1], (ast.Return, ast.Raise)) for handler in getattr(statement, "handlers", ())
        ):
            yield from _always_run(statement.body, before)
        else:
            yield statement


def _kept(statement: ast.stmt, call: ast.Call) -> str:
    """Return the name that a statement gives to what `call_next` has returned."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Await) and statement.value.value is call:
        return last_name(statement.targets[0]) if isinstance(statement.targets[0], ast.Name) else ""
    return ""
