"""Random input: a small corpus of what the program is made for, cut, spliced and spoilt, mixed with what is raw.

Everything is made by a `random.Random`, so that the same makers serve hypothesis, which can shrink what they draw, and
a plain loop, which is many times as fast.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.fragments import HOSTILE, RUNS, SECRETLY

LONGEST = 20_000
"""Bytes of an input: enough for each limit that is not a size."""
FRAGMENTS = tuple(text.encode(errors="surrogatepass") for text in (*RUNS, *SECRETLY, *HOSTILE))
WORD = re.compile(rb"\w+|\s+|[^\w\s]")
VALUES: Sequence[Any] = (
    *(None, True, False, 0, -1, 1, 2, 1 << 40, 10**400, 0.5, 1e308, float("nan"), float("inf"), "", "a", "none"),
    *([], {}, [[]], [None], {"": ""}, {"a": {"a": {}}}),
)

Vary = Callable[[Random, bytes, Sequence[bytes]], bytes]
"""Makes an input out of one seed, and perhaps others."""


def inputs(seeds: Sequence[bytes], vary: Vary) -> st.SearchStrategy[bytes]:
    """Return a strategy for what `made` makes."""
    return st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.randoms(use_true_random=False).map(lambda random: made(random, seeds, vary)),
    )


def made(random: Random, seeds: Sequence[bytes], vary: Vary) -> bytes:
    """Return one input: a seed that is varied, seldom something raw."""
    if random.random() < 0.03:
        return raw(random)
    return vary(random, random.choice(seeds), seeds)[:LONGEST]


def raw(random: Random) -> bytes:
    """Return bytes that nobody has written, or fragments one behind the other."""
    if random.random() < 0.5:
        return random.randbytes(random.choice((0, 1, 3, 30, 300)))
    return b"".join(fragment(random) for _ in range(random.choice((1, 2, 5, 20))))


def fragment(random: Random) -> bytes:
    """Return a hostile fragment, sometimes many times."""
    return random.choice(FRAGMENTS) * random.choice((1, 1, 1, 1, 2, 3, 50))


def spoilt(random: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Return `data` after a few changes, each of a kind drawn anew."""
    for _ in range(random.choice((1, 1, 2, 3, 5, 10))):
        data = random.choice(CHANGES)(random, data, seeds)[:LONGEST]
    return data


def _span(random: Random, data: bytes) -> tuple[int, int]:
    """Return a piece of `data`: more often a short one."""
    start = random.randint(0, len(data))
    return start, start + int(min(len(data) - start, random.paretovariate(0.6)))


def _cut(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _repeated(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    return data[:end] + data[start:end] * random.choice((1, 2, 30)) + data[end:]


def _spliced(random: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    other = random.choice(seeds)
    start, end = _span(random, other)
    at, until = _span(random, data)
    return data[:at] + other[start:end] + data[random.choice((at, until)) :]


def _inserted(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + fragment(random) + data[at:]


def _flipped(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes((random.randrange(256),)) + data[at + 1 :]


def _reworded(random: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Put one word in the place of another."""
    words = list(WORD.finditer(data))
    if not words:
        return data
    old = random.choice(words)
    others = WORD.findall(random.choice(seeds))
    new = random.choice(others) if others and random.random() < 0.7 else fragment(random)
    return data[: old.start()] + new + data[old.end() :]


def _relined(random: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Move, take, double, indent or foreign one line."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    line = lines.pop(at)
    new: list[bytes] = random.choice(
        ([], [line, line], [b"    " + line], [line[4:]], [random.choice(random.choice(seeds).split(b"\n")), line])
    )
    to = random.choice((at, random.randint(0, len(lines))))
    return b"\n".join((*lines[:to], *new, *lines[to:]))


CHANGES = (_cut, _repeated, _spliced, _inserted, _flipped, _reworded, _relined)


def regrown(random: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Return JSON with other values in some places; sometimes its text is spoilt, too."""
    try:
        value = json.loads(data)
        others = json.loads(random.choice(seeds))
    except ValueError:
        return spoilt(random, data, seeds)
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        value = _value_changed(random, value, others)
    text = json.dumps(value, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")
    return spoilt(random, text, seeds) if random.random() < 0.1 else text


def _value_changed(random: Random, value: Any, others: Any) -> Any:
    """Return `value` with one place in it changed, the way there drawn at random."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        if random.random() < 0.1:
            return {name: item for name, item in value.items() if name != key}
        if random.random() < 0.05:
            return {**value, text(random): value[key]}
        return {**value, key: _value_changed(random, value[key], others)}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        if random.random() < 0.2:
            return [*value[:at], *random.choice(([], [value[at]] * 2, [random.choice(VALUES)])), *value[at + 1 :]]
        return [*value[:at], _value_changed(random, value[at], others), *value[at + 1 :]]
    if isinstance(value, str) and random.random() < 0.6:
        at = random.randint(0, len(value))
        return value[:at] + text(random) + value[at:]
    return random.choice((random.choice(VALUES), text(random), others, [value], {"a": value}))


def text(random: Random) -> str:
    """Return a hostile text."""
    return fragment(random).decode(errors="surrogatepass")


def grafted(random: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Return source with nodes from other source grafted on, so that it mostly parses; or spoilt source."""
    if random.random() < 0.25:
        return spoilt(random, data, seeds)
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        tree, other = ast.parse(data), ast.parse(random.choice(seeds))
        for _ in range(random.choice((1, 1, 2, 4, 8))):
            _graft(random, tree, other if random.random() < 0.7 else tree)
        if random.random() < 0.1:
            _poison(tree, text(random))
        source = ast.unparse(tree).encode(errors="replace")
        return source if random.random() < 0.9 else spoilt(random, source, seeds)
    return spoilt(random, data, seeds)


def _graft(random: Random, tree: ast.Module, other: ast.Module) -> None:
    """Put a copy of a node of `other`, or a new name or constant, in the place of one of its kind in `tree`."""
    places = [
        (node, name, at)
        for node in ast.walk(tree)
        for name, value in ast.iter_fields(node)
        for at in (range(len(value)) if isinstance(value, list) else [None])
    ]
    if not places:
        return
    node, name, at = random.choice(places)
    held = getattr(node, name)
    old = held if at is None else held[at]
    if isinstance(old, str):
        new: Any = random.choice([item.id for item in ast.walk(other) if isinstance(item, ast.Name)] or ["a"])
    elif isinstance(node, ast.Constant):
        new = random.choice((0, "", "/{a}", "x" * 300, None, 1.5, b"a", ..., True, -1, text(random)))
    elif isinstance(old, ast.AST):
        kind = next((base for base in (ast.stmt, ast.expr) if isinstance(old, base)), type(old))
        same = [item for item in ast.walk(other) if isinstance(item, kind)]
        # A copy, or a node could come to stand in itself.
        new = _copied(random.choice(same)) if same else old
    else:
        return
    if at is None:
        setattr(node, name, new)
    elif isinstance(old, ast.stmt) and random.random() < 0.3:
        held.insert(at, new)
    elif random.random() < 0.1 and len(held) > 1:
        del held[at]
    else:
        held[at] = new


def _poison(tree: ast.Module, text: str) -> None:
    """Add `text` to every string that is none of a format: some of them are told to the user."""
    formats = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in formats:
            node.value += text


def _copied(node: Any) -> Any:
    if isinstance(node, list):
        return [_copied(item) for item in node]
    if not isinstance(node, ast.AST):
        return node
    fields = {name: _copied(value) for name, value in ast.iter_fields(node)}
    return type(node)(**fields, lineno=getattr(node, "lineno", 1), col_offset=0)
