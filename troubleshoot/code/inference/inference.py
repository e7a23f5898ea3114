"""The inference itself: one reader for each kind of expression."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from troubleshoot.code.inference.implementations import Implementations
from troubleshoot.code.inference.libraries import PROVIDE, normal
from troubleshoot.code.inference.understanding import DEPTH
from troubleshoot.code.inference.values import Elements, Scope, Value
from troubleshoot.code.syntax.modules import Class

TRANSPARENT = {"typing.Annotated", "typing_extensions.Annotated", "typing.Optional", "typing.Final", "typing.ClassVar"}


@dataclass(eq=False)
class Inference(Implementations):
    """Understands expressions of one project, each at most once."""

    _known: dict[tuple[int, int, int], Value | None] = field(default_factory=dict)

    def value(self, node: ast.expr | None, scope: Scope) -> Value | None:
        """Return what `node` is, or None."""
        if node is None or self._depth > DEPTH:
            return None
        key = (id(node), id(scope.function or scope.module), id(scope.bound) if scope.bound else 0)
        # The same is asked by every detector.
        known = self._known.get(key, _NEW)
        if known is not _NEW:
            return known  # type: ignore[return-value]
        read = _READERS.get(type(node))
        if read is None:
            return None
        # While it is being found out it is unknown, which ends `x = f(x)`.
        self._known[key] = None
        value = self._known[key] = self._guarded(read, node, scope)
        return value

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value | None:
        base = self.value(node.value, scope)
        value = self.member(base, node.attr) if base is not None else None
        return self.narrowed(node, value, scope)

    def _await(self, node: ast.Await, scope: Scope) -> Value | None:
        return self.value(node.value, scope)

    def _either(self, node: ast.BoolOp | ast.IfExp, scope: Scope) -> Value | None:
        return self._first(node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse], scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Value | None:
        return self.value(node.value, scope)

    def _display(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value | None:
        value = self._first(node.elts, scope)
        return Elements(value) if value is not None else None

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value | None:
        index = getattr(node.slice, "value", None)
        told, item = self.item(node.value, index, scope) if type(index) is int and index >= 0 else (False, None)
        if told:
            return item
        base = self.value(node.value, scope)
        if base in PROVIDE:
            return self.value(node.slice, scope)
        if isinstance(base, Elements):
            return base if isinstance(node.slice, ast.Slice) else base.of
        if isinstance(base, Class) or (isinstance(base, str) and base in TRANSPARENT):
            return base
        return normal(f"{base}[]") if isinstance(base, str) else None


_NEW = object()
_READERS: dict[type[ast.expr], Callable[..., Value | None]] = {
    ast.Name: Inference._name,
    ast.Attribute: Inference._attribute,
    ast.Call: Inference._call,
    ast.Await: Inference._await,
    ast.BoolOp: Inference._either,
    ast.IfExp: Inference._either,
    ast.NamedExpr: Inference._walrus,
    ast.Subscript: Inference._subscript,
    ast.List: Inference._display,
    ast.Tuple: Inference._display,
    ast.Set: Inference._display,
}
