"""What belongs to an object: the methods and attributes of its class, the names of a module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from troubleshoot.code.inference.annotations import Annotations
from troubleshoot.code.inference.libraries import normal
from troubleshoot.code.inference.understanding import DEPTH
from troubleshoot.code.inference.values import Bound, Elements, Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import last_name

TASKS = {
    "celery.Celery().task": "celery.Task()",
    "celery.shared_task": "celery.Task()",
    "dramatiq.actor": "dramatiq.Actor()",
}
"""Decorators whose functions are handed to workers by methods of their own, and what they make of them."""


@dataclass(eq=False)
class Members(Annotations):
    """Finds members, own and inherited."""

    _bases: dict[ast.ClassDef, list[Value]] = field(default_factory=dict)

    def member(self, base: Value, name: str) -> Value | None:
        """Return what `base.name` is."""
        match base:
            case str():
                stored = self.state(base, name) if base.endswith(".state") else None
                return stored or normal(f"{base}.{name}")
            case Module():
                value = self.global_name(name, base)
                if value is None or value == f"builtins.{name}":
                    stem = base.path[:-12] if base.path.endswith("/__init__.py") else ""
                    for candidate in (f"{stem}/{name}.py", f"{stem}/{name}/__init__.py"):
                        if stem and candidate in self.files.known:
                            return self.files.module(candidate)
                return value
            case Class():
                method = self.method(base, name)
                if isinstance(method, Function):
                    return Bound(method, base)
                return self.attribute(base, name) or method
            case Instance(of=cls):
                method = self.method(cls, name)
                if isinstance(method, Function):
                    if _is_property(method):
                        return self.result(Bound(method, base))
                    return Bound(method, base)
                return self.attribute(cls, name) or method
            case Function():
                made = self._task(base, name)
                return normal(f"{made}.{name}") if made else None
            case Elements():
                if name in ("values", "items"):
                    return Elements(base.of)
                return base if name == "copy" else base.of if name in ("get", "pop") else None
            case _:
                return None

    def _task(self, function: Function, name: str) -> str:
        """Return what a decorator makes of a function that a job queue's workers run; the empty string for others."""
        for node in function.node.decorator_list:
            decorator = node.func if isinstance(node, ast.Call) else node
            path = self.path(decorator, Scope(function.module, function.outer))
            if path in TASKS:
                return TASKS[path]
            if not path and last_name(decorator) in ("task", "shared_task") and name in ("delay", "apply_async"):
                return "celery.Task()"
        return ""

    def method(self, cls: Class, name: str, seen: int = 0) -> Function | str | None:
        """Return a method, own or inherited; of a library's base class its qualified name."""
        if name in cls.methods:
            return cls.methods[name]
        library = ""
        for base in self.bases(cls) if seen < DEPTH else ():
            if isinstance(base, Class):
                found = self.method(base, name, seen + 1)
                if isinstance(found, Function):
                    return found
                library = library or found or ""
            elif isinstance(base, str) and not library:
                library = normal(f"{normal(f'{base}()')}.{name}")
        return library or None

    def bases(self, cls: Class) -> list[Value]:
        """Return the base classes that are understood."""
        known = self._bases.get(cls.node)
        if known is None:
            nodes = [base.value if isinstance(base, ast.Subscript) else base for base in cls.node.bases]
            values = (self.value(node, Scope(cls.module)) for node in nodes)
            known = [value for value in values if value is not None]
            if not self._depth:
                # Otherwise something is being found out, and unknown meanwhile.
                self._bases[cls.node] = known
        return known

    def lineage(self, cls: Class) -> Iterator[Class]:
        """Yield a class, and the classes of the project that it derives from, the nearest first."""
        queue, seen = [cls], set()
        while queue:
            here = queue.pop(0)
            if id(here.node) not in seen:
                seen.add(id(here.node))
                yield here
                queue += [base for base in self.bases(here) if isinstance(base, Class)]

    def is_a(self, cls: Class, path: str, seen: int = 0) -> bool:
        """Return whether a class derives from a library's class."""
        return seen < DEPTH and any(
            base == path or (isinstance(base, Class) and self.is_a(base, path, seen + 1)) for base in self.bases(cls)
        )

    def is_kind(self, value: Value | None, kind: Value, seen: int = 0) -> bool:
        """Return whether a value is of a kind, or of one that derives from it."""
        if value == kind:
            return True
        bases = self.bases(value.of) if isinstance(value, Instance) and seen < DEPTH else []
        made = (Instance(base) if isinstance(base, Class) else f"{base}()" for base in bases)
        return any(self.is_kind(item, kind, seen + 1) for item in made)

    def attribute(self, cls: Class, name: str) -> Value | None:
        """Return what an attribute of an instance holds."""
        for holder in [cls, *(base for base in self.bases(cls) if isinstance(base, Class))]:
            if name in holder.annotations and (
                value := self.annotation(holder.annotations[name], Scope(holder.module))
            ):
                return value
            if name in holder.attributes:
                node, method = holder.attributes[name]
                if isinstance(node, ast.Constant) and node.value is None:
                    # A place that is kept for what somebody else puts there.
                    return self.stored_in(cls, name)
                return self.value(node, Scope.of(method) if method else Scope(holder.module))
        return None


def _is_property(function: Function) -> bool:
    names = {last_name(item) for item in function.node.decorator_list}
    return bool(names & {"property", "cached_property"})
