"""Frozen values whose classes cost nothing to make.

For each class `dataclasses` writes the source of six functions and has it compiled, which takes a millisecond, and a
start makes forty classes. What `frozen` makes takes keywords only, is compared, shown, copied and pickled as a frozen
dataclass with slots is, and is one for `dataclasses` and pydantic.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import dataclass_transform
else:
    # What only a type checker knows need not be installed.
    dataclass_transform = lambda **_: lambda decorator: decorator  # noqa: E731

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(declared: type[T]) -> type[T]:
    """Make a class of values of what is declared as for a dataclass."""
    own = {name: _field(name, type_, declared) for name, type_ in declared.__annotations__.items()}
    left_out = {"__dict__", "__weakref__", *own}
    namespace = {name: item for name, item in vars(declared).items() if name not in left_out}
    inherited: Mapping[str, Field[Any]] = getattr(declared, "__dataclass_fields__", {})
    fields = {**inherited, **own}
    compared = [name for name, item in fields.items() if item.compare]
    namespace |= {
        "__slots__": tuple(own),
        "__dataclass_fields__": fields,
        "__dataclass_params__": _params(),
        "__qualname__": declared.__qualname__,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": _state,
        "__setstate__": _restore,
        "__repr__": _shown,
        "__eq__": _comparison(compared),
        "__hash__": _hash_of(compared),
    }
    made: Any = type(declared.__name__, declared.__bases__, namespace)
    made.__init__ = _init_of(fields, made)
    return made  # type: ignore[no-any-return] # it is what was declared


def _params() -> object:
    """Return the parameters of a dataclass such as these are, whichever this Python knows."""
    kind: Any = dataclasses._DataclassParams  # type: ignore[attr-defined] # what Dask, among others, looks for
    params = kind.__new__(kind)
    for name in kind.__slots__:
        setattr(params, name, name in ("init", "repr", "eq", "frozen", "kw_only", "slots"))
    return params


def compared(item: Any) -> tuple[Any, ...]:
    """Return what a value is compared by, in the order of its fields."""
    return tuple(getattr(item, name) for name, field_ in item.__dataclass_fields__.items() if field_.compare)


def _field(name: str, type_: Any, declared: type[Any]) -> Field[Any]:
    default = vars(declared).get(name, MISSING)
    made: Field[Any] = default if isinstance(default, Field) else field(default=default)
    made.name, made.type, made.kw_only = name, type_, True
    made._field_type = dataclasses._FIELD  # type: ignore[attr-defined] # what `dataclasses.fields` looks for
    return made


def _init_of(fields: Mapping[str, Field[Any]], made: type[Any]) -> Callable[..., None]:
    setters = [(name, getattr(made, name).__set__) for name in fields]
    defaults = {name: item.default for name, item in fields.items() if item.default is not MISSING}
    factories = [(name, item.default_factory) for name, item in fields.items() if item.default_factory is not MISSING]
    count = len(fields)

    def init(self: object, **given: object) -> None:
        values = {**defaults, **given}
        for name, make in factories:
            if name not in values:
                values[name] = make()
        if len(values) != count:
            raise TypeError(_wrong(made, fields, given))
        try:
            for name, put in setters:
                put(self, values[name])
        except KeyError:
            raise TypeError(_wrong(made, fields, given)) from None

    return init


def _wrong(made: type[Any], fields: Mapping[str, Field[Any]], given: Mapping[str, object]) -> str:
    needed = [n for n, item in fields.items() if item.default is MISSING and item.default_factory is MISSING]
    missing = [name for name in needed if name not in given]
    unknown = [name for name in given if name not in fields]
    return f"{made.__name__}: missing: {', '.join(missing) or '-'}; unknown: {', '.join(unknown) or '-'}"


def _tuple_of(names: list[str]) -> Callable[[Any], object]:
    return attrgetter(*names) if names else lambda _: ()


def _comparison(names: list[str]) -> Callable[[object, object], bool]:
    key = _tuple_of(names)

    def equal(self: object, other: object) -> bool:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hash_of(names: list[str]) -> Callable[[object], int]:
    key = _tuple_of(names)
    return lambda self: hash(key(self))


def _refuse(self: object, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change {name!r} of {type(self).__name__}")


def _shown(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
    return f"{type(self).__qualname__}({values})"


def _state(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _restore(self: Any, state: list[object]) -> None:
    for name, item in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, item)
