"""Collections of connections: what they are, and how something is taken out of them that may be gone already."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import last_name, nesting, parent, statement_of
from troubleshoot.patches.sockets import LEAVING
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import body_of
from troubleshoot.patching.texts import WithheldError

KINDS = {"list": "list", "List": "list", "set": "set", "Set": "set", "dict": "dict", "Dict": "dict"}
DISPLAYS = {ast.List: "list", ast.Set: "set", ast.Dict: "dict"}


@dataclass(frozen=True, slots=True)
class Registry:
    """A list, set or dict that outlives its functions: an attribute of a class, or a name of a module."""

    container: ast.Name | ast.Attribute
    home: Class | Module
    kind: str

    @classmethod
    def of(cls, project: Project, container: ast.expr, function: Function) -> Registry | None:
        """Return the registry that an expression is, if it is known as one."""
        if isinstance(container, ast.Name):
            module = function.module
            values = module.body.assigned.get(container.id, [None])
            kind = _kind(module.body.annotated.get(container.id), values[0])
            return cls(container, module, kind) if kind and container.id not in function.body.assigned else None
        if not isinstance(container, ast.Attribute):
            return None
        owner = project.value(container.value, function)
        if not isinstance(owner, Instance):
            return None
        value, _ = owner.of.attributes.get(container.attr, (None, None))
        kind = _kind(owner.of.annotations.get(container.attr), value)
        return cls(container, owner.of, kind) if kind else None

    def drop(self, draft: Draft, socket: str, key: str) -> str:
        """Return the statement that takes out a socket; whatever else does so learns that it may be gone already.

        Nothing is returned for a dict whose key is not known, or where somebody may take out in another way.
        """
        if (self.kind == "dict" and not key) or any(call is None for call, _ in self._removals(draft.project)):
            return ""
        text = ast.unparse(self.container)
        for node, where in self._removals(draft.project):
            assert node is not None
            self._make_tolerant(draft, where.module, node)
        method = self._leaving()
        if method and isinstance(self.container, ast.Attribute):
            return f"{ast.unparse(self.container.value)}.{method}({socket})"
        if self.kind == "list":
            return f"if {socket} in {text}:\n    {text}.remove({socket})"
        if self.kind == "dict":
            # Meanwhile the client may have come back under the same key.
            return f"if {text}.get({key}) is {socket}:\n    del {text}[{key}]"
        return f"{text}.discard({socket})"

    def _leaving(self) -> str:
        """Return the method of the registry's class that does nothing but take a socket out of it."""
        if not isinstance(self.home, Class) or self.kind == "dict":
            return ""
        for name in LEAVING:
            method = self.home.methods.get(name)
            if method is not None and not method.is_async and len(method.params) == 2:
                block = body_of(method)
                inner = block[0].body[0] if len(block) == 1 and isinstance(block[0], ast.If) else block[0]
                call = inner.value if isinstance(inner, ast.Expr) else None
                if len(block) == 1 and isinstance(call, ast.Call) and self._is_own(call.func, ("remove", "discard")):
                    return name
        return ""

    def _is_own(self, func: ast.expr, names: tuple[str, ...]) -> bool:
        return (
            isinstance(func, ast.Attribute)
            and func.attr in names
            and last_name(func.value) == last_name(self.container)
        )

    def _removals(self, project: Project) -> Iterator[tuple[ast.expr | ast.stmt | None, Function]]:
        """Yield what fails when it takes out something that is gone, and None for what might, with where it stands."""
        module = self.home if isinstance(self.home, Module) else self.home.module
        name = last_name(self.container)
        modules = [module] if isinstance(self.home, Module) else list(project.files.modules(name))
        for function in (item for one in modules for item in one.all_functions):
            for call in function.body.calls:
                fails = ("remove",) if self.kind != "dict" else ("pop",)
                if self._is_own(call.func, fails) and (self.kind != "dict" or len(call.args) == 1):
                    assert isinstance(call.func, ast.Attribute)
                    yield from self._met(project, call, call.func.value, function)
            if self.kind == "dict":
                for item in ast.walk(function.node):
                    if isinstance(item, ast.Delete) and isinstance(item.targets[0], ast.Subscript):
                        deleted = item.targets[0].value
                        if last_name(deleted) == name:
                            yield from self._met(project, item, deleted, function)

    def _met(
        self, project: Project, node: ast.expr | ast.stmt, container: ast.expr, function: Function
    ) -> Iterator[tuple[ast.expr | ast.stmt | None, Function]]:
        found = Registry.of(project, container, function)
        if found is None:
            yield None, function
        elif found.home is self.home and not _is_guarded(node, container):
            yield node, function

    def _make_tolerant(self, draft: Draft, module: Module, node: ast.expr | ast.stmt) -> None:
        if isinstance(node, ast.Delete):
            subscript = node.targets[0]
            if len(node.targets) > 1 or not isinstance(subscript, ast.Subscript):
                raise WithheldError(f"line {node.lineno} of {module.path} deletes several things")
            draft.replace(
                module, node, f"{draft.text(module, subscript.value)}.pop({draft.text(module, subscript.slice)}, None)"
            )
            return
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Attribute)
        given = draft.text(module, node.args[0])
        if self.kind == "dict":
            draft.put(module, *2 * (draft.source(module).span(node.args[0])[1],), ", None")
        elif self.kind == "set":
            draft.replace(module, node.func, f"{draft.text(module, node.func.value)}.discard")
        else:
            statement = statement_of(node)
            if statement is None or not isinstance(parent(node), ast.Expr):
                raise WithheldError(f"line {node.lineno} of {module.path} removes in a way of its own")
            draft.deepen(module, [statement], f"if {given} in {draft.text(module, node.func.value)}:")


def _kind(annotation: ast.expr | None, value: ast.expr | None) -> str:
    head = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    if head is not None:
        return KINDS.get(last_name(head), "")
    made = last_name(value.func) if isinstance(value, ast.Call) else ""
    return DISPLAYS.get(type(value), "") or KINDS.get(made, "")


def _is_guarded(node: ast.AST, container: ast.expr) -> bool:
    """Return whether it is asked before, or caught after, that something may be gone."""
    text = ast.unparse(container)
    for around, inside in nesting(node):
        if isinstance(around, ast.If) and inside in around.body and text in ast.unparse(around.test):
            return True
        if isinstance(around, ast.Try) and inside in around.body and around.handlers:
            return True
    return False
