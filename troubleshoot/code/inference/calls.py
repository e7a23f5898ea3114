"""What a call gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from troubleshoot.code.inference.annotations import tuple_parts
from troubleshoot.code.inference.arguments import arguments, is_complete, is_wrapped, skipped
from troubleshoot.code.inference.branches import constant, running
from troubleshoot.code.inference.libraries import RESOLVING, normal
from troubleshoot.code.inference.members import Members
from troubleshoot.code.inference.understanding import DEPTH
from troubleshoot.code.inference.values import Bound, Constant, Elements, Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of

DATA = ("str", "bytes", "int", "float", "bool", "dict")
HANDED_ON = 3
"""How many calls further a parameter is followed that decides nothing here."""
SAME_ELEMENTS = {"list", "set", "tuple", "sorted", "reversed", "frozenset", "iter"}


@dataclass(eq=False)
class Calls(Members):
    """Follows calls into what they run."""

    _results: dict[tuple[Function, int], Value | None] = field(default_factory=dict)
    _bindings: dict[frozenset[tuple[str, Value]], Mapping[str, Value]] = field(default_factory=dict)
    _received: dict[tuple[int, int, int, Function, int], Mapping[str, Value]] = field(default_factory=dict)
    _deciding: dict[tuple[Function, int], frozenset[str]] = field(default_factory=dict)

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
        function = self.receiver(called)
        if function is None:
            return {}
        if self._depth:
            # Something is being found out, and unknown meanwhile.
            return self._given(called, function, node, scope)
        inside, bound = id(scope.function or scope.module), id(scope.bound) if scope.bound else 0
        key = (id(node), inside, bound, function, skipped(called, function))
        if key not in self._received:
            self._received[key] = self._given(called, function, node, scope)
        return self._received[key]

    def _given(self, called: Value, function: Function, node: ast.Call, scope: Scope) -> Mapping[str, Value]:
        given = arguments(called, function, node)
        is_plain = is_complete(node) and not is_wrapped(function)
        bound: dict[str, Value] = {}
        for param in function.params[skipped(called, function) :]:
            node_given = given.get(param.name)
            default = param.default if node_given is None and is_plain else None
            known = constant(node_given, scope) or Constant.read(default)
            if known is not None:
                if param.name in self.deciding(function):
                    bound[param.name] = known
            elif node_given is not None and self._says_nothing(param, function):
                value = self.value(node_given, scope)
                if value is not None:
                    bound[param.name] = value
        return self.shared(bound)

    def _says_nothing(self, param: Param, function: Function) -> bool:
        """Return whether a parameter does not declare itself what it is; what is plain data is no object."""
        if param.annotation is None:
            return True
        return last_name(param.annotation) not in DATA and self.parameter(param, function) is None

    def shared(self, bound: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the same object for the same bindings, for whoever remembers what they lead to."""
        return self._bindings.setdefault(frozenset(bound.items()), bound)

    def deciding(self, function: Function, steps: int = HANDED_ON) -> frozenset[str]:
        """Return the parameters that decide which branches run, there or where they are handed on to."""
        if (function, steps) not in self._deciding:
            self._deciding[function, steps] = function.tested
            self._deciding[function, steps] = function.tested.union(*self._handed_on(function, steps))
        return self._deciding[function, steps]

    def _handed_on(self, function: Function, steps: int) -> Iterator[frozenset[str]]:
        names = {param.name for param in function.params[1 if function.owner is not None else 0 :]}
        for call in function.body.calls if steps and names else ():
            handed = [*call.args, *(item.value for item in call.keywords)]
            if any(isinstance(item, ast.Name) and item.id in names for item in handed):
                called = self.value(call.func, Scope.of(function))
                target = self.receiver(called) if called is not None else None
                if called is not None and target is not None:
                    deciding = self.deciding(target, steps - 1)
                    given = arguments(called, target, call).items()
                    yield frozenset(names).intersection(last_name(item) for name, item in given if name in deciding)

    def receiver(self, called: Value) -> Function | None:
        """Return the function of the project whose parameters a call fills."""
        found = called.function if isinstance(called, Bound) else called
        entered = self.method(found, "__init__") if isinstance(found, Class) else found
        return entered if isinstance(entered, Function) else None

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
        scope = Scope(function.module, function, bound)
        if function.node.returns is not None:
            value = self.annotation(function.node.returns, Scope(function.module, function.outer))
            if value is not None:
                return self._chosen(function, value, scope) or value
        self._depth += 1
        try:
            if function.is_generator:
                for item in running(function.body.yields, scope):
                    value = self.value(item.value, scope)
                    if value is not None:
                        return Elements(value)
                return None
            for statement in running(function.body.returns, scope):
                value = self.value(statement.value, scope)
                if value is not None:
                    return value
        finally:
            self._depth -= 1
        return None

    def _chosen(self, function: Function, declared: Value, scope: Scope) -> Value | None:
        """Return what a factory makes of a kind that its caller names, where it is declared to make one of several."""
        returned = running(function.body.returns, scope)
        if function.is_generator or len(returned) == len(function.body.returns):
            return None
        made = {self.value(item.value, scope) for item in returned}
        value = made.pop() if len(made) == 1 else None
        return value if isinstance(value, Instance) and self.is_kind(value, declared) else None

    def item(self, node: ast.expr, index: int, scope: Scope) -> tuple[bool, Value | None]:
        """Return whether `node` is a tuple whose parts are told apart, written out or returned, and what is there."""
        if isinstance(node, ast.Await):
            return self.item(node.value, index, scope)
        if isinstance(node, ast.Tuple):
            return _among(node.elts, index), self.value(node.elts[index], scope) if index < len(node.elts) else None
        called = self.value(node.func, scope) if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or called is None:
            return False, None
        if called == "asyncio.gather":
            return _among(node.args, index), self.value(node.args[index], scope) if index < len(node.args) else None
        function = called.function if isinstance(called, Bound) else called
        return self._returned_item(function, index, self.bindings(called, node, scope))

    def _returned_item(self, function: Value, index: int, bound: Mapping[str, Value]) -> tuple[bool, Value | None]:
        if not isinstance(function, Function) or self._depth > DEPTH:
            return False, None
        if index < len(parts := tuple_parts(function.node.returns)):
            return True, self.annotation(parts[index], Scope(function.module, function.outer))
        scope = Scope(function.module, function, bound)
        returned = [item.value for item in running(function.body.returns, scope)]
        several = [item.elts[index] for item in returned if isinstance(item, ast.Tuple) and _among(item.elts, index)]
        return bool(several), self._first(several, scope)

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


def _among(nodes: list[ast.expr], index: int) -> bool:
    """Return whether it is told which of several expressions has an index."""
    return index < len(nodes) and not any(isinstance(item, ast.Starred) for item in nodes[: index + 1])
