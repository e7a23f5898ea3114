"""The traceback goes to the log, and the text of the exception no longer to the client."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import is_name, last_name, mentions, nodes_in
from troubleshoot.patches.logs import logger_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Log the exception first, and tell the client only that there was one."""
    handler, module = sighting.node, sighting.module
    assert isinstance(handler, ast.ExceptHandler)
    if not sighting.nodes:
        raise WithheldError("only its author can say which failures are the client's mistake")
    draft.before(module, handler.body[0], f'{logger_of(draft, module)}.exception("unhandled exception")')
    for item in _told(handler):
        draft.replace(module, item, '"internal error"')


def _told(handler: ast.ExceptHandler) -> Iterator[ast.expr]:
    """Yield the texts made of the exception that responses are given."""
    for made in nodes_in(handler.body):
        if not isinstance(made, ast.Call) or not last_name(made.func).endswith("Response"):
            continue
        inside_text: set[ast.AST] = set()
        for item in ast.walk(made):
            if isinstance(item, ast.JoinedStr):
                inside_text.update(ast.walk(item))
                if mentions(item, {handler.name or ""}):
                    yield item
            elif isinstance(item, ast.Call) and item not in inside_text and _is_text_of(item, handler.name):
                yield item


def _is_text_of(call: ast.Call, name: str | None) -> bool:
    return last_name(call.func) in ("str", "repr") and len(call.args) == 1 and is_name(call.args[0], name)
