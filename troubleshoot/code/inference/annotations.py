"""What is declared: by an annotation, a parameter, or a dependency."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from troubleshoot.code.inference.libraries import DEPENDS, INJECTED, PROVIDE, normal
from troubleshoot.code.inference.stores import Stores
from troubleshoot.code.inference.understanding import DEPTH
from troubleshoot.code.inference.values import Elements, Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function, Module, Param
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of

CONTAINERS = {"list", "set", "frozenset", "tuple", "dict", "defaultdict", "deque", "WeakSet", "Sequence", "Mapping"}
CONTAINERS |= {"List", "Set", "Tuple", "Dict", "DefaultDict", "Deque", "Iterable", "MutableMapping", "Collection"}
TUPLES = ("tuple", "Tuple")
MAPPINGS = {"dict", "Dict", "defaultdict", "DefaultDict", "Mapping", "MutableMapping", "OrderedDict"}
YIELDING = {"Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "AsyncIterable"}


@dataclass(eq=False)
class Annotations(Stores):
    """Understands annotations, and parameters by theirs."""

    _annotations: dict[tuple[int, int], Value | None] = field(default_factory=dict)
    _params: dict[Param, Value | None] = field(default_factory=dict)
    _quoted: dict[int, ast.expr | None] = field(default_factory=dict)

    def annotation(self, node: ast.expr, scope: Scope) -> Value | None:
        """Return what a value annotated with `node` is."""
        if self._depth > DEPTH:
            return None
        key = (id(node), id(scope.function or scope.module))
        if key not in self._annotations:
            self._annotations[key] = None
            self._annotations[key] = self._guarded(Annotations._annotation, node, scope)
        return self._annotations[key]

    def _annotation(self, node: ast.expr, scope: Scope) -> Value | None:
        if text := text_of(node):
            quoted = self._unquoted(node, text)
            return self.annotation(quoted, scope) if quoted is not None else None
        if isinstance(node, ast.BinOp):
            return self.annotation(node.left, scope) or self.annotation(node.right, scope)
        if isinstance(node, ast.Subscript):
            return self._generic(node, scope)
        if isinstance(node, ast.Name) and (alias := self.alias(node.id, scope)) is not None:
            return self.annotation(*alias)
        value = self.value(node, scope)
        if isinstance(value, str):
            return None if value.startswith(("builtins.", "typing.", "collections.abc.")) else normal(f"{value}()")
        return Instance(value) if isinstance(value, Class) else None

    def _unquoted(self, node: ast.expr, text: str) -> ast.expr | None:
        """Return the expression in an annotation written as a string, kept because nodes are known by identity."""
        if id(node) not in self._quoted:
            try:
                self._quoted[id(node)] = ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._quoted[id(node)] = None
        return self._quoted[id(node)]

    def _generic(self, node: ast.Subscript, scope: Scope) -> Value | None:
        name = last_name(node.value)
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not inside:
            return None
        if name in ("Annotated", "Optional", "Final", "ClassVar", "Awaitable", *INJECTED):
            value = self.annotation(inside[0], scope)
            if value is None and name == "Annotated":
                found = [self.dependency(item, scope) for item in inside[1:]]
                value = next((self.injected(item) for item in found if item is not None), None)
            return value
        if name == "Union":
            return next((value for value in (self.annotation(item, scope) for item in inside) if value), None)
        if len(tuple_parts(node)) > 1:
            return None
        if name in CONTAINERS or name in YIELDING:
            # dict[str, X] holds X, tuple[X, ...] too; Generator[X, None, None] yields X.
            first = name in YIELDING or name in TUPLES
            value = self.annotation(inside[0] if first else inside[-1], scope)
            return Elements(value, by_key=name in MAPPINGS) if value is not None else None
        return self.annotation(node.value, scope)

    def parameter(self, param: Param, function: Function) -> Value | None:
        """Return what a parameter receives: from its annotation, its dependency, or the object it is called on."""
        if param not in self._params:
            self._params[param] = None
            self._params[param] = self._parameter(param, function)
        return self._params[param]

    def _parameter(self, param: Param, function: Function) -> Value | None:
        scope = Scope.of(function)
        if function.owner is not None and function.params and param is function.params[0]:
            decorators = {item.id for item in function.node.decorator_list if isinstance(item, ast.Name)}
            if "classmethod" in decorators:
                return function.owner
            if "staticmethod" not in decorators:
                return Instance(function.owner)
        # Annotations are read where the function is defined.
        outside = Scope(function.module, function.outer)
        if param.annotation is not None and (value := self.annotation(param.annotation, outside)):
            return value
        if param.default is None:
            return None
        injected = self.dependency(param.default, outside)
        if injected is not None:
            return self.injected(injected)
        value = self.value(param.default, scope)
        if isinstance(param.default, ast.Subscript) and self.path(param.default.value, outside) in PROVIDE:
            return self.injected(value) if value is not None else None
        return None if isinstance(value, (Function, Class, Module)) else value

    def dependency(self, node: ast.expr, scope: Scope) -> Value | None:
        """Return the callable in `Depends(callable)`; None if `node` is something else."""
        if isinstance(node, ast.Call) and self.path(node.func, scope) in DEPENDS:
            called = node.args[0] if node.args else keyword(node, "dependency")
            return self.value(called, scope)
        return None

    def injected(self, dependency: Value) -> Value | None:
        """Return what FastAPI passes on from a dependency: what it returns, or yields."""
        result = self.result(dependency)
        return result.of if isinstance(result, Elements) else result


def tuple_parts(node: ast.expr | None) -> list[ast.expr]:
    """Return what is declared for each place of a tuple, also of one that may be None."""
    match node:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return tuple_parts(left) or tuple_parts(right)
        case ast.Subscript(value=of, slice=inside) if last_name(of) == "Optional":
            return tuple_parts(inside)
        case ast.Subscript(value=of, slice=ast.Tuple(elts=parts)) if last_name(of) in TUPLES:
            return [] if _is_open(parts) else parts
        case _:
            return []


def _is_open(parts: list[ast.expr]) -> bool:
    """Return whether a tuple is declared for any number of one thing."""
    return bool(parts) and isinstance(last := parts[-1], ast.Constant) and last.value is Ellipsis
