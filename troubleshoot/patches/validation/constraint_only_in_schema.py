"""Limits become the arguments that are enforced, and choices a Literal."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of
from troubleshoot.patching.arguments import add_arguments, drop_argument, drop_entry
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ENFORCED = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
}
PLAIN = ("str", "int")
Limit = tuple[str, ast.expr, ast.keyword | None]
"""A name of the schema, its value, and the keyword that gives it; without one it stands in `json_schema_extra`."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move what the call only writes into the schema to where it counts."""
    call, module = sighting.node, sighting.module
    assert isinstance(call, ast.Call)
    limits = list(_limits(call))
    others = [name for name, _, _ in limits if name not in ENFORCED and name != "enum"]
    if others:
        raise WithheldError(f"{others[0]} is no name of a schema, so nobody knows which limit is meant")
    extra = next((item for item in call.keywords if item.arg == "json_schema_extra"), None)
    inside = [value for _, value, given in limits if given is None]
    if inside:
        assert extra is not None
        assert isinstance(extra.value, ast.Dict)
        _take_out(draft, module, call, extra, inside)
    renamed = []
    for name, value, given in limits:
        if name == "enum":
            _narrow(draft, module, call, value)
            if given is not None:
                drop_argument(draft, module, call, given)
        elif given is not None:
            start, _ = draft.source(module).span(given)
            draft.put(module, start, start + len(name), ENFORCED[name])
        else:
            renamed.append(f"{ENFORCED[name]}={draft.text(module, value)}")
    if renamed:
        assert extra is not None
        if len(inside) == len(extra.value.values):  # type: ignore[attr-defined]
            draft.replace(module, extra, ", ".join(renamed))
        else:
            add_arguments(draft, module, call, [*renamed])


def _limits(call: ast.Call) -> list[Limit]:
    known = {*ENFORCED, "enum", "min", "max"}
    found: list[Limit] = [(item.arg, item.value, item) for item in call.keywords if item.arg in known]
    extra = keyword(call, "json_schema_extra")
    if isinstance(extra, ast.Dict):
        entries = zip(extra.keys, extra.values, strict=True)
        found += [(text_of(key), value, None) for key, value in entries if text_of(key) in known]
    return found


def _take_out(draft: Draft, module: Module, call: ast.Call, extra: ast.keyword, inside: list[ast.expr]) -> None:
    assert isinstance(extra.value, ast.Dict)
    enums = [value for key, value in zip(extra.value.keys, extra.value.values, strict=True) if text_of(key) == "enum"]
    if len(inside) == len(extra.value.values):
        if len(enums) == len(inside):
            drop_argument(draft, module, call, extra)
    elif len(inside) == 1:
        drop_entry(draft, module, extra.value, inside[0])
    else:
        raise WithheldError("json_schema_extra holds other things, too")


def _narrow(draft: Draft, module: Module, call: ast.Call, choices: ast.expr) -> None:
    """Turn the type into a Literal of the choices, if these are texts or numbers and the default is one of them."""
    annotation, default = _declared(call, module)
    values = choices.elts if isinstance(choices, (ast.List, ast.Tuple)) else []
    if not values or any(not isinstance(item, ast.Constant) for item in values):
        raise WithheldError("the choices are not written where they are used")
    plain = [item for item in ast.walk(annotation) if isinstance(item, ast.Name) and item.id in PLAIN]
    held = [item for item in ast.walk(annotation) if isinstance(item, ast.Name) and item.id in ("list", "List", "dict")]
    if len(plain) != 1 or held:
        raise WithheldError("the type is not a plain text or number")
    known = {item.value for item in values if isinstance(item, ast.Constant)}
    if isinstance(default, ast.Constant) and default.value not in (*known, None, ...):
        raise WithheldError("the default is none of the choices")
    inside = ", ".join(draft.text(module, item) for item in values)
    draft.replace(module, plain[0], f"{draft.name(module, 'typing.Literal')}[{inside}]")


def _declared(call: ast.Call, module: Module) -> tuple[ast.expr, ast.expr | None]:
    """Return the type of what the call describes, and its default."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.AnnAssign) and call in ast.walk(node):
            return _type_of(node.annotation), _default(call, node.value)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = node.args
            positional = [*arguments.posonlyargs, *arguments.args]
            defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
            both = [*zip(positional, defaults, strict=True)]
            for item, default in [*both, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]:
                inside = [item.annotation, default]
                if item.annotation is not None and any(part is not None and call in ast.walk(part) for part in inside):
                    return _type_of(item.annotation), _default(call, default)
    raise WithheldError("nobody knows the type")


def _type_of(annotation: ast.expr) -> ast.expr:
    """Return the first part of `Annotated[…]`, else the whole."""
    if not isinstance(annotation, ast.Subscript) or not isinstance(annotation.slice, ast.Tuple):
        return annotation
    return annotation.slice.elts[0] if last_name(annotation.value) == "Annotated" else annotation


def _default(call: ast.Call, assigned: ast.expr | None) -> ast.expr | None:
    if assigned is not call:
        return assigned
    return call.args[0] if call.args else keyword(call, "default")
