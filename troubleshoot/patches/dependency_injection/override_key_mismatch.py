"""One object with a name, in `Depends` and as the key; or the function itself where it was called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.topics.overrides import overrides
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.objects import imported
from troubleshoot.patching.room import free_name
from troubleshoot.patching.texts import WithheldError

BREAKS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^0-9A-Za-z]+")
"""Where a word ends and the next starts, in names and in texts."""
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def patch(sighting: Sighting, draft: Draft) -> None:
    """Use as the key what stands in `Depends`, which gets a name if it is made there."""
    key, module, project = sighting.nodes["key"], sighting.module, draft.project
    scope = Scope(module, sighting.function)
    made = project.value(key.func, scope) if isinstance(key, ast.Call) else None
    if not isinstance(key, ast.Call) or not isinstance(made, (Class, Function)):
        raise WithheldError("nothing shows which dependency is meant")
    if not key.args and not key.keywords and any(use.value is made for use in project.dependencies):
        draft.replace(module, key, draft.text(module, key.func))
        return
    named = next(_named(project, key, made), None)
    if named is not None:
        draft.replace(module, key, imported(draft, scope, *named))
        return
    uses = [(use.scope, use.given) for use in project.depends]
    places = [(where, node) for where, node in uses if _is_same(project, node, where, key, made)]
    if not places:
        raise WithheldError(f"no Depends has {ast.unparse(key)}")
    name = free_name(made.module, _name(made.name, key))
    made_here = [node for where, node in places if where.module is made.module]
    _define(
        draft,
        made.module,
        made_here,
        f"{name} = {made.name}{draft.text(module, key)[len(draft.text(module, key.func)) :]}",
    )
    keys = [(override.scope, override.key) for override in overrides(project)]
    places += [(where, node) for where, node in keys if _is_same(project, node, where, key, made)]
    for where, node in places:
        assert node is not None
        draft.replace(where.module, node, imported(draft, where, made.module, name))


def _is_same(project: Project, node: ast.expr | None, scope: Scope, key: ast.Call, made: Class | Function) -> bool:
    """Return whether an expression makes an object of the same, from the same."""
    return (
        isinstance(node, ast.Call)
        and project.value(node.func, scope) is made
        and [ast.dump(item) for item in node.args] == [ast.dump(item) for item in key.args]
        and [ast.dump(item) for item in node.keywords] == [ast.dump(item) for item in key.keywords]
    )


def _named(project: Project, key: ast.Call, made: Class | Function) -> Iterator[tuple[Module, str]]:
    """Yield the objects with a name that stand in some `Depends`, and are made as the key is."""
    for use in project.depends:
        if isinstance(use.given, ast.Name):
            for module in dict.fromkeys((made.module, use.scope.module, *project.modules)):
                for value in module.body.assigned.get(use.given.id, ()):
                    if _is_same(project, value, Scope(module), key, made):
                        yield module, use.given.id


def _name(called: str, key: ast.Call) -> str:
    """Return the name for an object: what makes it, and from which words and numbers."""
    words = [called]
    for item in (*key.args, *(keyword.value for keyword in key.keywords)):
        if not isinstance(item, ast.Constant) or not isinstance(item.value, (str, int)):
            raise WithheldError(f"nothing shows what an object made from {ast.unparse(item)} should be called")
        words.append(str(item.value))
    name = "_".join(BREAKS.sub("_", word).strip("_").lower() for word in words)
    if not name.isidentifier():
        raise WithheldError(f"{name} is no name")
    return name


def _define(draft: Draft, module: Module, uses: list[ast.expr | None], text: str) -> None:
    """Make the object above the first statement that uses it, else at the end of the module."""
    tops = [item for item in module.tree.body if any(node in uses for node in ast.walk(item))]
    last = module.tree.body[-1]
    if not tops and isinstance(last, DEFINITIONS):
        draft.at_end(module, text)
    elif not tops:
        draft.after(module, last, text)
    if not tops:
        return
    source = draft.source(module)
    is_definition = isinstance(tops[0], DEFINITIONS)
    position = source.line_start(source.commented_line(tops[0]))
    draft.put(module, position, position, f"{text}{source.newline * (3 if is_definition else 1)}")
