"""What an expression may be, and where it stands."""

from __future__ import annotations

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


Value = str | Function | Class | Module | Instance | Bound | Elements


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands; `bound` has the values of parameters that the caller knows."""

    module: Module
    function: Function | None = None
    bound: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, function: Function) -> Scope:
        """Return the scope inside a function."""
        return cls(function.module, function)
