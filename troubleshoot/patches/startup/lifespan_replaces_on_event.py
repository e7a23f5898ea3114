"""The lifespan calls what was registered for an event."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, statement_of, text_of
from troubleshoot.patches.lifespans import at_start, at_stop
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import undecorate
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the registration out, and call the handler before or behind the `yield`."""
    module, call, project = sighting.module, sighting.node, draft.project
    assert isinstance(call, ast.Call)
    known: dict[ast.AST | None, Function] = {function.node: function for function in project.called_as("lifespan")}
    handler, lifespan = known.get(sighting.nodes.get("handler")), known.get(sighting.nodes.get("lifespan"))
    if lifespan is None or lifespan.module is not module:
        raise WithheldError("the lifespan is not a function of the same file")
    if handler is None or handler.module is not module or handler.owner is not None or handler.params:
        raise WithheldError("the handler is not a function of the same file without parameters")
    if handler.outer is not None and (lifespan.outer is None or lifespan.outer.node is not handler.outer.node):
        raise WithheldError(f"{lifespan.name} cannot see {handler.name}")
    called = f"{'await ' if handler.is_async else ''}{handler.name}()"
    event = text_of(argument(call, 0, "event_type"))
    if event == "startup":
        at_start(draft, lifespan, called)
    elif event == "shutdown":
        at_stop(draft, lifespan, called)
    else:
        raise WithheldError("which event it is is known only at run time")
    if call in handler.node.decorator_list:
        undecorate(draft, module, call)
        return
    statement = statement_of(call)
    if not isinstance(statement, ast.Expr) or statement.value is not call:
        raise WithheldError("the registration is no statement of its own")
    draft.delete(module, statement)
