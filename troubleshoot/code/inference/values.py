"""What an expression may be, and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from troubleshoot.code.syntax.modules import Class, Function, Module


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the project."""

    of: Class


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of the project, taken from an object."""

    function: Function
    to: Instance | Class


@dataclass(frozen=True, slots=True)
class Elements:
    """Something that holds or yields values of one kind; `by_key`, if a loop over it goes through its keys."""

    of: Value
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal that a parameter always is, as the caller has it; `of` keeps True apart from 1."""

    value: str | float | None
    of: type

    @classmethod
    def read(cls, node: ast.expr | None) -> Constant | None:
        """Return the literal that an expression is."""
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float, type(None))):
            return cls(node.value, type(node.value))
        return None


Value = str | Function | Class | Module | Instance | Bound | Elements | Constant
"""`Constant` is for what parameters are bound to alone: nothing else is one."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands; `bound` has the values of parameters that the caller knows."""

    module: Module
    function: Function | None = None
    bound: Mapping[str, Value] = field(default_factory=dict)

    @property
    def constants(self) -> dict[str, Constant]:
        """The parameters that the caller gives a literal, or leaves as their default is."""
        return {name: value for name, value in self.bound.items() if isinstance(value, Constant)}

    @classmethod
    def of(cls, function: Function) -> Scope:
        """Return the scope inside a function."""
        return cls(function.module, function)
