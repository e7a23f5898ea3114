"""The upload is written piece by piece as it is read, where it was read as a whole to be written."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, nodes_in, parent, statement_of
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.room import unused_name
from troubleshoot.patching.texts import WithheldError

PIECE = "1024 * 1024"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put a loop over pieces in the place of the statement that writes what was read."""
    function, module, call = sighting.function, sighting.module, sighting.node
    if function is None or not isinstance(call, ast.Call) or call.keywords:
        raise WithheldError("the type of the parameter decides that the upload is read at once")
    read: ast.expr = call
    around = parent(call)
    if isinstance(around, ast.Await):
        read = around
    written, reading = _written(function, read)
    statement = statement_of(written)
    writes = written.func
    if not isinstance(statement, ast.Expr) or not isinstance(writes, ast.Attribute):
        raise WithheldError("what is read is not only written to a file")
    source = draft.source(module)
    if reading is not None:
        if source.is_commented(reading):
            raise WithheldError("a comment stands beside the read")
        draft.delete(module, reading)
    wait = "await " if read is around else ""
    piece = unused_name(function.node, "chunk", "piece")
    loop = f"while {piece} := {wait}{draft.text(module, call.func)}({PIECE}):"
    target = draft.text(module, writes.value)
    whole = isinstance(statement.value, ast.Await)
    if writes.attr == "write" and statement.value in (written, parent(written)):
        lines = [loop, f"    {'await ' if whole else ''}{target}.write({piece})"]
    elif writes.attr == "write_bytes" and statement.value is written:
        copy = unused_name(function.node, "copy", "output")
        lines = [f'with {target}.open("wb") as {copy}:', f"    {loop}", f"        {copy}.write({piece})"]
    else:
        raise WithheldError("what is read is not only written to a file")
    source.must_be_alone(statement)
    draft.replace(module, statement, "\n".join(lines))


def _written(function: Function, read: ast.expr) -> tuple[ast.Call, ast.Assign | None]:
    """Return the call that writes what is read, and the statement that gives it a name in between."""
    around = parent(read)
    if isinstance(around, ast.Call) and around.args == [read] and not around.keywords:
        return around, None
    if isinstance(around, ast.Assign) and len(around.targets) == 1 and isinstance(around.targets[0], ast.Name):
        name = around.targets[0].id
        uses = [item for item in nodes_in(function.body.statements) if is_name(item, name)]
        writes = parent(uses[-1])
        if len(uses) == 2 and isinstance(writes, ast.Call) and writes.args == [uses[-1]] and not writes.keywords:
            _must_follow(function, around, writes)
            return writes, around
    raise WithheldError("what is read is not only written to a file")


def _must_follow(function: Function, reading: ast.Assign, writes: ast.Call) -> None:
    """Raise `WithheldError` if the read and the write may run on different terms."""
    statement = statement_of(writes)
    block = block_around(reading, function.node)
    following = block[block.index(reading) + 1 :]
    if statement in following[:1]:
        return
    first = following[0] if following else None
    if isinstance(first, (ast.With, ast.AsyncWith)) and first.body[:1] == [statement]:
        return
    raise WithheldError("the write does not follow the read at once")
