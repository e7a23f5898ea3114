"""The application gets SessionMiddleware, with a secret from the environment."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import statement_of
from troubleshoot.code.topics.middleware import layers
from troubleshoot.patching.calls import call_text
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError, last_line

PROVIDER = "starlette.middleware.sessions.SessionMiddleware"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Add the middleware behind the others of the one application, so that it is around them."""
    node, project = sighting.node, draft.project
    if not isinstance(node, ast.Attribute) or node.attr != "session":
        raise WithheldError("only its author knows how users are authenticated")
    made = project.registrations("app")
    if len(made) != 1 or made[0].owner is None:
        raise WithheldError("it is not clear which application needs it")
    module = made[0].scope.module
    statement = statement_of(made[0].call)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        raise WithheldError("the application has no name")
    block = block_around(statement, module.tree)
    added = [statement_of(layer.registration.call) for layer in layers(project).get(made[0].owner, ())]
    last = max((item for item in block if any(item is other for other in added)), key=_line, default=statement)
    arguments = [draft.name(module, PROVIDER), f'secret_key={draft.name(module, "os.environ")}["SECRET_KEY"]']
    source = draft.source(module)
    text = call_text(source, statement, f"{statement.targets[0].id}.add_middleware", arguments)
    draft.behind(module, last_line(last), f"{source.indent(statement)}{text}{source.newline}")


def _line(statement: ast.stmt) -> int:
    return statement.lineno
