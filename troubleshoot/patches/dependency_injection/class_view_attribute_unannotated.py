"""The annotation that an attribute of a class-based view lacks."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import last_name, text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.objects import carried, name_of
from troubleshoot.patching.texts import WithheldError

YIELDS = frozenset(("Iterator", "Iterable", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator"))


def patch(sighting: Sighting, draft: Draft) -> None:
    """Annotate the attribute with what the dependency says that it gives, else with `Any`."""
    module, statement, target = sighting.module, sighting.node, sighting.nodes["attribute"]
    if isinstance(statement, ast.Assign) and len(statement.targets) > 1:
        raise WithheldError("several attributes share the dependency")
    dependency = sighting.nodes.get("dependency")
    if not isinstance(dependency, ast.expr):
        raise WithheldError("Depends() is to call the type that is missing")
    given = draft.project.value(dependency, module)
    if isinstance(given, Class):
        kind = name_of(draft, module, given, statement.lineno)
    elif isinstance(given, Function) and given.node.returns is not None:
        kind = _kind(draft, given, module, statement.lineno)
    else:
        kind = draft.name(module, "typing.Any")
    draft.replace(module, target, f"{draft.text(module, target)}: {kind}")


def _kind(draft: Draft, given: Function, module: Module, line: int) -> str:
    """Return the annotation of what a dependency returns or yields, as it is written in `module`."""
    returns = given.node.returns
    assert returns is not None
    if any(text_of(node) for node in ast.walk(returns)):
        raise WithheldError(f"what {given.name} returns stands in quotes, so it may not be known yet")
    return carried(draft, _yielded(returns) if given.is_generator else returns, given.module, module, line)


def _yielded(annotation: ast.expr) -> ast.expr:
    """Return the annotation of what a generator yields."""
    if not isinstance(annotation, ast.Subscript) or last_name(annotation.value) not in YIELDS:
        raise WithheldError(f"{ast.unparse(annotation)} does not say what the dependency yields")
    inside = annotation.slice
    return inside.elts[0] if isinstance(inside, ast.Tuple) else inside
