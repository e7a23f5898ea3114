"""What a middleware does with the whole body it does behind the last piece, which it has passed on by then."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, is_name, last_name, nodes_in, parent, statement_of
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import SourceText, WithheldError, last_line

GENERATOR, ORIGINAL = "pass_on", "original"
UNLIKE = "the middleware does more with the response than to look at its body"


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """The statements that collect a body, what each piece and the whole are called, and the loop as it becomes."""

    first: ast.stmt
    last: ast.stmt
    piece: str
    whole: str
    before: str
    kept: str
    after: str = ""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the loop and what follows it into a generator, and return the response with that for a body."""
    function, module, node = sighting.function, sighting.module, sighting.node
    statement = statement_of(node) if not isinstance(parent(node), ast.AsyncFor) else parent(node)
    assert function is not None
    assert isinstance(node, ast.Attribute)
    if not isinstance(statement, ast.stmt) or not isinstance(node.value, ast.Name):
        raise WithheldError(UNLIKE)
    source, response = draft.source(module), node.value.id
    block = block_around(statement, function.node)
    collected = _joined(statement) or _looped(statement, block, source)
    taken = {item.id for item in ast.walk(function.node) if isinstance(item, ast.Name)}
    if collected is None or {GENERATOR, ORIGINAL, collected.kept.partition(".")[0]} & (taken - {collected.whole}):
        raise WithheldError(UNLIKE)
    *middle, end = block[block.index(collected.last) + 1 :]
    if not _is_same_response(end, response, collected.whole) or not _may_wait(middle, response, block):
        raise WithheldError(UNLIKE)
    unit = source.unit
    lines = [
        collected.before,
        f"async for {collected.piece} in {ORIGINAL}:",
        f"{unit}{collected.kept}",
        f"{unit}yield {collected.piece}",
        *([collected.after] if collected.after else []),
        *_raw(source, collected.last, end),
    ]
    while not lines[-1].strip():
        lines.pop()
    inside = "\n".join(f"{unit}{line}" if line.strip() else "" for line in lines)
    text = (
        f"{ORIGINAL} = {draft.text(module, node)}\n\nasync def {GENERATOR}():\n{inside}\n\n"
        f"{draft.text(module, node)} = {GENERATOR}()\nreturn {response}"
    )
    draft.replace(module, collected.first, text, until=end)


def _joined(statement: ast.stmt) -> Collected | None:
    """Return what `body = b"".join([piece async for piece in …])` collects."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return None
    (target,), call = statement.targets[:1], statement.value
    made = call.args[0] if len(call.args) == 1 else None
    if last_name(call.func) != "join" or not isinstance(made, (ast.ListComp, ast.GeneratorExp)):
        return None
    piece = made.generators[0].target
    if not isinstance(target, ast.Name) or not isinstance(piece, ast.Name) or not is_name(made.elt, piece.id):
        return None
    if len(made.generators) > 1 or made.generators[0].ifs:
        return None
    several = f"{piece.id}s"
    return Collected(
        statement,
        statement,
        piece.id,
        target.id,
        f"{several} = []",
        f"{several}.append({piece.id})",
        f'{target.id} = b"".join({several})',
    )


def _looped(statement: ast.stmt, block: Sequence[ast.stmt], source: SourceText) -> Collected | None:
    """Return what `body = b""` and `async for piece in …: body += piece` collect."""
    if (
        not isinstance(statement, ast.AsyncFor)
        or len(statement.body) != 1
        or not isinstance(statement.target, ast.Name)
    ):
        return None
    index, added = block.index(statement), statement.body[0]
    start = block[index - 1] if index else None
    if not isinstance(added, ast.AugAssign) or not isinstance(start, ast.Assign) or statement.orelse:
        return None
    whole = last_name(added.target)
    if not is_name(start.targets[0], whole) or not is_name(added.value, statement.target.id):
        return None
    return Collected(start, statement, statement.target.id, whole, source.of(start), source.of(added))


def _is_same_response(statement: ast.stmt, response: str, whole: str) -> bool:
    """Return whether a statement returns a copy of the response: its body, status and headers."""
    call = statement.value if isinstance(statement, ast.Return) else None
    if not isinstance(call, ast.Call) or not last_name(call.func).endswith("Response"):
        return False
    copied = {f"{response}.{name}" for name in ("status_code", "headers", "media_type", "background")}
    given = [argument(call, index, name) for index, name in enumerate(("content", "status_code", "headers"))]
    others = [item for item in [*call.args, *(item.value for item in call.keywords)] if item is not given[0]]
    texts = {ast.unparse(item).removeprefix("dict(").removesuffix(")") for item in others}
    return is_name(given[0], whole) and given[1] is not None and texts <= copied


def _may_wait(statements: Sequence[ast.stmt], response: str, block: Sequence[ast.stmt]) -> bool:
    """Return whether statements only look at things, so that they may run when the response has been sent."""
    nodes = list(nodes_in(statements))
    stored = {item.id for item in nodes if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    outside = {
        item.id for item in nodes_in([item for item in block if item not in statements]) if isinstance(item, ast.Name)
    }
    changed = [item for item in nodes if isinstance(item, (ast.Attribute, ast.Subscript)) and not _is_load(item)]
    leaves = any(isinstance(item, (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.Global)) for item in nodes)
    calls = [ast.unparse(item.func) for item in nodes if isinstance(item, ast.Call)]
    texts = any(isinstance(item, ast.Constant) and item.lineno != item.end_lineno for item in nodes)
    return not (
        leaves
        or texts
        or stored & outside
        or any(f"{response}." in ast.unparse(item) for item in changed)
        or any(name.startswith(f"{response}.") for name in calls)
    )


def _is_load(node: ast.Attribute | ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load)


def _raw(source: SourceText, above: ast.stmt, end: ast.stmt) -> Iterator[str]:
    """Yield the lines between two statements of one block, without what they are indented by."""
    indent = source.indent(above)
    for number in range(last_line(above) + 1, end.lineno):
        yield source.line(number).removeprefix(indent)
