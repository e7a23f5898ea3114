"""The mount moves to the application, with the whole path, behind the line that includes the router."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.patches.registrations import is_application
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError, last_line


def patch(sighting: Sighting, draft: Draft) -> None:
    """Mount on what includes the router, if that is one application in the same file."""
    project, module, call = draft.project, sighting.module, sighting.node
    assert isinstance(call, ast.Call)
    router = next(item.owner for item in project.registrations("mount") if item.call is call)
    includes = [item for item in project.registrations("router") if item.other == router]
    if len(includes) != 1 or includes[0].scope.module is not module:
        raise WithheldError("the router is not included in this file, once")
    include = includes[0]
    prefix, target = keyword(include.call, "prefix"), include.call.func
    if prefix is not None and (not isinstance(prefix, ast.Constant) or not isinstance(prefix.value, str)):
        raise WithheldError("the prefix of the router is not written where it is included")
    if not isinstance(target, ast.Attribute) or not is_application(project, target.value, include.scope):
        raise WithheldError("the router is not included in an application")
    statement = _statement(module.tree, call)
    beside = _statement(module.tree, include.call)
    source = draft.source(module)
    if source.indent(statement) and source.indent(beside) != source.indent(statement):
        raise WithheldError("the mount stands inside a function of its own")
    if "#" in source.line(last_line(statement)):
        raise WithheldError("a comment stands behind the mount")
    path = sighting.nodes["path"]
    whole = f'"{text_of(prefix)}{sighting.captured["prefix"]}{sighting.captured["path"]}"'
    before, behind = (source.text[slice(*span)] for span in _around(source.span(call), source.span(path)))
    assert isinstance(call.func, ast.Attribute)
    made = before.removeprefix(source.of(call.func))
    draft.delete(module, statement)
    draft.after(module, beside, f"{source.of(target.value)}.mount{made}{whole}{behind}")


def _around(outer: tuple[int, int], inner: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    return (outer[0], inner[0]), (inner[1], outer[1])


def _statement(tree: ast.Module, call: ast.Call) -> ast.Expr:
    """Return the statement that is nothing but a call. Raises `WithheldError` if it is a part of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and node.value is call:
            block_around(node, tree)
            return node
    raise WithheldError("the call is a part of a larger statement")
