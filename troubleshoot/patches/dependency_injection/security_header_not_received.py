"""A security scheme that reads the header as it is, and that Swagger UI and OpenAPI know."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module, Param
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.room import above_definitions, free_name
from troubleshoot.patching.texts import WithheldError

SHOWN = frozenset(("alias", "default", "description"))


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put `Depends` on an `APIKeyHeader` in the place of `Header`; the function gets the same text."""
    marker, function, module = sighting.nodes.get("marker"), sighting.function, sighting.module
    if not isinstance(marker, ast.Call) or function is None:
        raise WithheldError("nothing shows the whole path under which the login answers")
    param = next((item for item in function.params if marker in (item.default, *_behind_type(item))), None)
    if param is None:
        raise WithheldError("the header is declared elsewhere, for several functions")
    more = [item.arg or "**" for item in marker.keywords if item.arg not in SHOWN]
    if more:
        raise WithheldError(f"a security scheme cannot check {', '.join(more)}")
    depends = draft.name(module, "fastapi.Depends")
    draft.replace(
        module, marker, f"{depends}({_scheme(draft, module, marker, is_required=_is_required(param, marker))})"
    )


def _behind_type(param: Param) -> list[ast.expr]:
    annotation = param.annotation
    is_annotated = isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple)
    return annotation.slice.elts[1:] if is_annotated else []  # type: ignore[union-attr]


def _is_required(param: Param, marker: ast.Call) -> bool:
    """Return whether the header must be there. Raises `WithheldError` if something else than None stands in for it."""
    given = marker.args[0] if marker.args else keyword(marker, "default")
    default = given if param.default is marker else param.default
    if default is None or (isinstance(default, ast.Constant) and default.value is ...):
        return True
    if isinstance(default, ast.Constant) and default.value is None:
        return False
    raise WithheldError(f"a security scheme gives None where the header is missing, not {ast.unparse(default)}")


def _scheme(draft: Draft, module: Module, marker: ast.Call, *, is_required: bool) -> str:
    """Return the name of the scheme, which is made at the top of the module unless it is there."""
    described = keyword(marker, "description")
    given = ['name="Authorization"']
    given += [f"description={draft.text(module, described)}"] if described is not None else []
    given += [] if is_required else ["auto_error=False"]
    text = f"{draft.name(module, 'fastapi.security.APIKeyHeader')}({', '.join(given)})"
    for name, values in module.body.assigned.items():
        if len(values) == 1 and ast.unparse(values[0]) == ast.unparse(ast.parse(text, mode="eval")):
            return name
    name = free_name(module, "authorization_header", "api_key_header")
    above_definitions(draft, module, f"{name} = {text}")
    return name
