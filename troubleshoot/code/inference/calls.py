"""What a call gives."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from troubleshoot.code.inference.libraries import RESOLVING, normal
from troubleshoot.code.inference.members import Members
from troubleshoot.code.inference.understanding import DEPTH
from troubleshoot.code.inference.values import Bound, Elements, Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of

SAME_ELEMENTS = {"list", "set", "tuple", "sorted", "reversed", "frozenset", "iter"}


@dataclass(eq=False)
class Calls(Members):
    """Follows calls into what they run."""

    _results: dict[tuple[Function, int], Value | None] = field(default_factory=dict)
    _bindings: dict[frozenset[tuple[str, Value]], Mapping[str, Value]] = field(default_factory=dict)

    def _call(self, node: ast.Call, scope: Scope) -> Value | None:
        called = self.value(node.func, scope)
        if called is None:
            return None
        if isinstance(called, str):
            return self._library_call(called, node, scope)
        return self.result(called, self.bindings(called, node, scope))

    def _library_call(self, called: str, node: ast.Call, scope: Scope) -> Value | None:
        name = called.removeprefix("builtins.")
        if name in SAME_ELEMENTS and name != called and node.args:
            return self.value(node.args[0], scope)
        if name == "super" and scope.function is not None and scope.function.owner is not None:
            bases = self.bases(scope.function.owner)
            first = bases[0] if bases else None
            return Instance(first) if isinstance(first, Class) else f"{first}()" if isinstance(first, str) else None
        if called.endswith(".sessionmaker") or called == "sqlalchemy.orm.sessionmaker":
            made = keyword(node, "class_") or (node.args[1] if len(node.args) > 1 else None)
            if made is not None and "Async" in ast.unparse(made):
                return "sqlalchemy.ext.asyncio.async_sessionmaker()"
        if (called == "functools.partial" or called.startswith("dependency_injector.providers.")) and node.args:
            return self.value(node.args[0], scope)
        if RESOLVING.fullmatch(called) and node.args and isinstance(cls := self.value(node.args[0], scope), Class):
            return Instance(cls)
        return normal(f"{called}()")

    def bindings(self, called: Value, node: ast.Call, scope: Scope) -> Mapping[str, Value]:
        """Return what the parameters of `called` receive that their own declaration does not tell."""
        function = called.function if isinstance(called, Bound) else called
        if isinstance(function, Class):
            found = self.method(function, "__init__")
            if not isinstance(found, Function):
                return {}
            function = found
        if not isinstance(function, Function):
            return {}
        skip = 1 if function.owner is not None and function is not called else 0
        bound: dict[str, Value] = {}
        params = [param for param in function.params if param.kind == "positional"][skip:]
        for index, param in enumerate(params):
            if param.annotation is not None and self.parameter(param, function) is not None:
                continue
            given = node.args[index] if index < len(node.args) else keyword(node, param.name)
            if given is not None and not isinstance(given, ast.Starred):
                value = self.value(given, scope)
                if value is not None:
                    bound[param.name] = value
        # The same bindings are the same object, for whoever remembers what they lead to.
        return self._bindings.setdefault(frozenset(bound.items()), bound)

    def result(self, called: Value, bound: Mapping[str, Value] | None = None) -> Value | None:
        """Return what calling `called` gives, awaited if need be."""
        match called:
            case str():
                return normal(f"{called}()")
            case Class():
                return Instance(called)
            case Instance(of=cls):
                call = self.method(cls, "__call__")
                if isinstance(call, Function):
                    return self.result(Bound(call, called), bound)
                return normal(f"{call}()") if call else None
            case Bound(function=function, to=to) if _returns_self(function):
                return Instance(to) if isinstance(to, Class) else to
            case Bound(function=function):
                return self.result(function, bound)
            case Function():
                return self._returned(called, bound or {})
            case _:
                return None

    def _returned(self, function: Function, bound: Mapping[str, Value]) -> Value | None:
        key = (function, id(bound) if bound else 0)
        if key not in self._results and self._depth <= DEPTH:
            self._results[key] = None
            self._results[key] = self._return_value(function, bound)
        return self._results.get(key)

    def _return_value(self, function: Function, bound: Mapping[str, Value]) -> Value | None:
        if function.node.returns is not None:
            value = self.annotation(function.node.returns, Scope(function.module, function.outer))
            if value is not None:
                return value
        scope = Scope(function.module, function, bound)
        self._depth += 1
        try:
            if function.is_generator:
                for item in function.body.yields:
                    value = self.value(item.value, scope)
                    if value is not None:
                        return Elements(value)
                return None
            for statement in function.body.returns:
                value = self.value(statement.value, scope)
                if value is not None:
                    return value
        finally:
            self._depth -= 1
        return None

    def item(self, node: ast.expr, index: int, scope: Scope) -> Value | None:
        """Return what `node` has at a place, if it is a tuple of different things: written out, or returned."""
        if isinstance(node, ast.Await):
            return self.item(node.value, index, scope)
        if isinstance(node, ast.Tuple):
            return self.value(node.elts[index], scope) if index < len(node.elts) else None
        called = self.value(node.func, scope) if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or called is None:
            return None
        if called == "asyncio.gather":
            return self.value(node.args[index], scope) if index < len(node.args) else None
        function = called.function if isinstance(called, Bound) else called
        return self._returned_item(function, index, self.bindings(called, node, scope))

    def _returned_item(self, function: Value, index: int, bound: Mapping[str, Value]) -> Value | None:
        if not isinstance(function, Function) or self._depth > DEPTH:
            return None
        returns = function.node.returns
        if isinstance(returns, ast.Subscript) and last_name(returns.value) in ("tuple", "Tuple"):
            parts = returns.slice.elts if isinstance(returns.slice, ast.Tuple) else []
            if index < len(parts):
                return self.annotation(parts[index], Scope(function.module, function.outer))
        scope = Scope(function.module, function, bound)
        tuples = (item.value for item in function.body.returns if isinstance(item.value, ast.Tuple))
        return self._first([item.elts[index] for item in tuples if index < len(item.elts)], scope)

    def entered(self, node: ast.expr, scope: Scope) -> Value | None:
        """Return what `with node as …` gives."""
        value = self.value(node, scope)
        if isinstance(value, Elements):
            return value.of
        if isinstance(value, Instance):
            for name in ("__aenter__", "__enter__"):
                method = self.method(value.of, name)
                if isinstance(method, Function):
                    return self.result(Bound(method, value)) or value
        return value


def _returns_self(function: Function) -> bool:
    """Return whether a method returns the object, or an object of the class, that it is called on."""
    returns = function.node.returns
    if function.is_generator or not function.params:
        return False
    if returns is not None:
        return (text_of(returns) or ast.unparse(returns)).rpartition(".")[2] == "Self"
    values = [statement.value for statement in function.body.returns]
    made = [value.func if isinstance(value, ast.Call) else value for value in values]
    name = "cls" if any(isinstance(value, ast.Call) for value in values) else "self"
    return bool(made) and all(isinstance(item, ast.Name) and item.id == name for item in made)
