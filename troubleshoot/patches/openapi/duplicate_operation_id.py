"""One decorator for each method, above the same function."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.patching.arguments import without_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write the decorator once for each of its methods, in their order."""
    call, function = sighting.nodes.get("several"), sighting.function
    if not isinstance(call, ast.Call):
        raise WithheldError("nobody knows which of the two routes should keep the operation id")
    assert function is not None
    assert isinstance(call.func, ast.Attribute)
    given = keyword(call, "methods")
    names = [item.value for item in getattr(given, "elts", []) if isinstance(item, ast.Constant)]
    methods = [str(name).lower() for name in names]
    if not isinstance(given, (ast.List, ast.Tuple)) or len(methods) != len(given.elts):
        raise WithheldError("the methods are not written in the decorator")
    if call not in function.node.decorator_list or any(method not in METHODS for method in methods):
        raise WithheldError("there is no decorator for each of the methods")
    if keyword(call, "operation_id") is not None:
        raise WithheldError("the operation id is given, so all methods would get it")
    source = draft.source(function.module)
    start, end = source.span(call)
    head, arguments = source.of(call.func.value), without_argument(source, call, "methods")
    between = f"{source.newline}{source.text[source.line_start(call.lineno) : start]}"
    draft.put(function.module, start, end, between.join(f"{head}.{method}{arguments}" for method in methods))
