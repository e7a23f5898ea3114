"""`monkeypatch` sets the overrides of a test and takes them back; a longer-lived fixture does so behind `yield`."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_in_finally, is_within, parent, statement_of
from troubleshoot.code.topics.overrides import NAME, Override, overrides
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import WithheldError

FIXTURE = "monkeypatch"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Mend all overrides of a test or fixture, for which it asks for `monkeypatch` once."""
    function = sighting.function
    assert function is not None
    found = [
        item for item in overrides(draft.project) if item.scope.function is function and not is_in_finally(item.node)
    ]
    decorators = " ".join(ast.unparse(item) for item in function.node.decorator_list)
    if "scope" in decorators and "function" not in decorators:
        _take_back(draft, function, found)
        return
    if function.owner is not None and function.owner.node.bases:
        raise WithheldError(f"{function.owner.name} may be a TestCase of unittest, which gets no fixtures")
    if re.search(r"\bgiven\b", decorators):
        raise WithheldError("Hypothesis runs the test many times, and a fixture only once")
    for statement in dict.fromkeys(_statement(item) for item in found):
        _set(draft, function, statement, [item for item in found if _statement(item) is statement])
    if FIXTURE not in [param.name for param in function.params]:
        typed = function.node.returns is not None or any(param.annotation for param in function.params)
        kind = f": {draft.name(function.module, 'pytest.MonkeyPatch')}" if typed else ""
        add_parameters(draft, function, [f"{FIXTURE}{kind}"], required=True)


def _set(draft: Draft, function: Function, statement: ast.stmt, found: list[Override]) -> None:
    """Write `monkeypatch.setitem(…)`, or `setattr` where the whole mapping is replaced."""
    module, source, first = function.module, draft.source(function.module), found[0]
    start, end = source.span(statement)
    mapping = draft.text(module, first.mapping)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        value, _ = source.span(statement.value)
        if statement.targets[0] is first.mapping:
            head = f'{FIXTURE}.setattr({draft.text(module, first.mapping.value)}, "{NAME}", '
        else:
            head = f"{FIXTURE}.setitem({mapping}, {draft.text(module, first.key)}, "
        if "\n" in head or source.text[start:value].rstrip().endswith("("):
            raise WithheldError(f"line {statement.lineno} of {module.path} goes on in the next")
        draft.put(module, start, value, head)
        draft.put(module, end, end, ")")
    elif isinstance(statement, ast.Expr) and statement.value is first.node:
        pairs = [f"{draft.text(module, item.key)}, {draft.text(module, item.value)}" for item in found]
        lines = "\n".join(f"{FIXTURE}.setitem({mapping}, {pair})" for pair in pairs)
        if lines.count("\n") >= len(pairs):
            raise WithheldError(f"line {statement.lineno} of {module.path} has values of several lines")
        draft.replace(module, statement, lines)
    else:
        raise WithheldError(f"line {statement.lineno} of {module.path} does more than override")


def _take_back(draft: Draft, function: Function, found: list[Override]) -> None:
    """Take the overrides out behind the only `yield` of a fixture, which comes there after its last test."""
    module, yields = function.module, function.body.yields
    if len(yields) != 1:
        raise WithheldError(
            f"{function.name} lives longer than a test, and has no place for what comes after the tests"
        )
    if any(parent(item.mapping) is item.node for item in found):
        raise WithheldError(f"{function.name} replaces all overrides at once")
    around = next(item for item in function.node.body if is_within(yields[0], item))
    lines = [f"{draft.text(module, item.mapping)}.pop({draft.text(module, item.key)}, None)" for item in found]
    draft.after(module, around, "\n".join(dict.fromkeys(lines)))


def _statement(override: Override) -> ast.stmt:
    found = override.node if isinstance(override.node, ast.stmt) else statement_of(override.node)
    assert found is not None
    return found
