"""A compiled form of many sections, each of them JSON, or JSON a line, which are read when they are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Kept:
    """The compiled form, and where what stands in it; `names` are those of its sections."""

    def __init__(self, data: bytes, start: int, places: Mapping[str, tuple[int, int]]) -> None:
        self._data = data
        self._start = start
        self._places = places
        self.names = places.keys()

    def read(self, name: str) -> Any:
        """Return what a section of JSON holds."""
        first, last = self._places[name]
        return json.loads(self._data[self._start + first : self._start + last])

    def lines(self, name: str) -> Sequence[bytes]:
        """Return the lines of a section that is read line by line."""
        first, last = self._places[name]
        return self._data[self._start + first : self._start + last].split(b"\n")


class Section(Mapping[str, T]):
    """Things of one kind, by their ids, which are the first line; each is read and made when it is asked for."""

    def __init__(self, kept: Kept, name: str, make: Callable[[Any], T]) -> None:
        self._kept = kept
        self._name = name
        self._make = make
        self._made: dict[str, T] = {}

    @cached_property
    def _lines(self) -> Mapping[str, bytes]:
        ids, *lines = self._kept.lines(self._name)
        return dict(zip(json.loads(ids), lines, strict=True))

    def __getitem__(self, id_: str) -> T:
        if id_ not in self._made:
            self._made[id_] = self._make(json.loads(self._lines[id_]))
        return self._made[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class Rows(Sequence[T]):
    """A section of lines, of which each is made when it is asked for."""

    def __init__(self, lines: Sequence[bytes], make: Callable[[Any], T]) -> None:
        self._lines = lines
        self._make = make
        self._made: dict[int, T] = {}

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        if index not in self._made:
            self._made[index] = self._make(json.loads(self._lines[index]))
        return self._made[index]

    def __len__(self) -> int:
        return len(self._lines)


def as_json(value: Any) -> bytes:
    """Return a section that `Kept.read` reads."""
    return json.dumps(value, ensure_ascii=False).encode()


def as_lines(values: Iterable[Any]) -> bytes:
    """Return a section that `Kept.lines` reads."""
    return b"\n".join(map(as_json, values))
