"""The statement is given to `text()`."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.statements import injected
from troubleshoot.patching.calls import wrap
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

OF_THE_DRIVER = re.compile(r"%s|%\(\w+\)s|\?|\$\d")
"""Parameters that only a driver understands."""
NAMED = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""What `text()` takes for a parameter."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Wrap the statement where it is run."""
    function, call, statement = sighting.function, sighting.node, sighting.nodes["statement"]
    assert function is not None
    assert isinstance(call, ast.Call)
    assert isinstance(statement, ast.expr)
    if any(injected(statement, function)):
        raise WithheldError("the values in its text have to be bound first, or the statement could be anything")
    written = _written(statement, function)
    given = argument(call, 1, "params") or argument(call, 1, "parameters")
    if given is not None and OF_THE_DRIVER.search(written):
        raise WithheldError("its parameters are written as the driver wants them, and text() wants :name")
    named = NAMED.search(written)
    if given is None and named is not None:
        raise WithheldError(f"text() would take {named[0]} for a parameter")
    wrap(draft, sighting.module, statement, draft.name(sighting.module, "sqlalchemy.text", function))


def _written(statement: ast.expr, function: Function) -> str:
    """Return the literal parts of a statement, also of one that a variable holds."""
    texts = function.body.assigned.get(statement.id, []) if isinstance(statement, ast.Name) else [statement]
    nodes = (node for text in texts for node in ast.walk(text))
    return "".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
