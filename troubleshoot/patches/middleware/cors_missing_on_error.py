"""CORSMiddleware stands around the whole application."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import is_name, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take add_middleware out, and wrap the application at the end of its file."""
    module, call = sighting.module, sighting.nodes["cors"]
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    statement, app = statement_of(call), call.func.value
    if not isinstance(statement, ast.Expr) or statement not in module.tree.body or not isinstance(app, ast.Name):
        raise WithheldError("CORSMiddleware is not added at the top of the same file")
    if not call.args or any(_uses(other, app.id, module) for other in draft.project.files.modules()):
        raise WithheldError(f"{app.id} is used as a FastAPI object elsewhere, too")
    source = draft.source(module)
    _, end = source.span(call)
    _, behind = source.span(call.func)
    first, last = source.span(call.args[0])
    text = source.text[behind:first] + app.id + source.text[last:end]
    wrapped = f"{app.id} = {draft.text(module, call.args[0])}{text}".replace("\r\n", "\n")
    draft.delete(module, statement)
    guard = module.tree.body[-1]
    if isinstance(guard, ast.If) and "__name__" in draft.text(module, guard.test):
        draft.before(module, guard, f"{wrapped}\n\n")
    else:
        draft.at_end(module, wrapped)


def _uses(other: Module, app: str, module: Module) -> bool:
    """Return whether code of another file, or in a function, takes an attribute of the application."""
    if other is not module and app not in other.imports:
        return False
    bodies = [
        function.body
        for function in other.all_functions
        if app not in function.body.assigned and all(param.name != app for param in function.params)
    ]
    bodies += [other.body] if other is not module else []
    return any(is_name(item.value, app) for body in bodies for item in body.attributes)
