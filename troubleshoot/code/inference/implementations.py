"""Which methods may run when an abstract one is called: those of the project's classes that implement it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from troubleshoot.code.inference.names import Names
from troubleshoot.code.inference.understanding import DEPTH
from troubleshoot.code.inference.values import Bound, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import last_name


@dataclass(eq=False)
class Implementations(Names):
    """Finds what stands behind an abstract base class or a protocol."""

    _implementations: dict[Function, tuple[Function, ...]] = field(default_factory=dict)

    def entered_by(
        self, called: Value | None, function: Function, call: ast.Call, scope: Scope
    ) -> Iterator[tuple[Function, Mapping[str, Value]]]:
        """Yield the functions that may run for a call of `function`, each with what its parameters receive."""
        yield function, self.bindings(called, call, scope) if called is not None else {}
        for method in self.implementations(function):
            # Each has defaults of its own.
            own = Bound(method, called.to) if isinstance(called, Bound) else method
            yield method, self.bindings(own, call, scope)

    def implementations(self, method: Function) -> tuple[Function, ...]:
        """Return the methods that may run for one that does nothing itself; nothing for any other function."""
        if method not in self._implementations:
            self._implementations[method] = ()
            self._implementations[method] = tuple(self._implementing(method))
        return self._implementations[method]

    def _implementing(self, method: Function) -> list[Function]:
        cls = method.owner
        if cls is None or not is_stub(method):
            return []
        derived = self._derived(cls)
        if not derived and any(value == "typing.Protocol" for value in self.bases(cls)):
            derived = self._alike(cls)
        found = (item.methods.get(method.name) for item in derived)
        return [function for function in found if function is not None and not is_stub(function)]

    def _derived(self, cls: Class, seen: int = 0) -> list[Class]:
        """Return the classes that derive from `cls`, also through others."""
        found = []
        for path in self.files.glance.deriving(cls.name) if seen < DEPTH else ():
            module = self.files.module(path)
            for item in module.classes.values() if module is not None else ():
                if item.node is not cls.node and any(
                    isinstance(base, Class) and base.node is cls.node for base in self.bases(item)
                ):
                    found += [item, *self._derived(item, seen + 1)]
        return found

    def _alike(self, protocol: Class) -> list[Class]:
        """Return the classes that have every method of a protocol, with the same parameters."""
        wanted = {name: _shape(method) for name, method in protocol.methods.items() if not name.startswith("__")}
        if not wanted:
            return []
        found = []
        for path in sorted(set.intersection(*(set(self.files.glance.defining(name)) for name in wanted))):
            module = self.files.module(path)
            for item in module.classes.values() if module is not None else ():
                has = {name: _shape(method) for name, method in item.methods.items() if name in wanted}
                if item.node is not protocol.node and has == wanted:
                    found.append(item)
        return found


def _shape(method: Function) -> tuple[bool, tuple[str, ...]]:
    return method.is_async, tuple(param.name for param in method.params)


def is_stub(function: Function) -> bool:
    """Return whether a method is there to be overridden: it is declared abstract, or does nothing but refuse."""
    if any(last_name(item) == "abstractmethod" for item in function.node.decorator_list):
        return True
    return all(_is_nothing(statement) for statement in function.node.body)


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return last_name(raised) == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
