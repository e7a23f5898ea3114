"""Which paths a compiled route takes: whether one pattern matches everything that another one does, decided exactly.

Both patterns are read into automata; the later one is covered if no path leads to a state in which it matches and the
earlier one does not (inclusion of regular languages by the product of one automaton with the other's subsets). Line
breaks, which `.` does not match, occur in no path.
"""

from __future__ import annotations

import functools
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_STATES = 1_000
"""States of one pattern, and pairs of the product, after which a comparison is given up."""
MOST_ROUTES = 8192
"""Patterns that are kept ready."""
MOST_COPIES = 64
"""Copies made for a repetition with bounds."""
LAST = sys.maxunicode

Span = tuple[int, int]


class TooHardError(Exception):
    """A pattern has something in it that no regular language has, or is too large."""


def covers(earlier: str, later: str) -> bool:
    """Return whether `earlier` is certain to match every path that `later` matches. Both are `re` patterns."""
    try:
        return _takes(earlier, _some_path(later)) and _includes(_automaton(earlier), _automaton(later))
    except TooHardError:
        return False


def _takes(pattern: str, path: str | None) -> bool:
    """Return whether `pattern` matches `path`; most pairs of routes are told apart by a single path."""
    return path is not None and _compiled(pattern).match(path) is not None


@functools.lru_cache(maxsize=MOST_ROUTES)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@functools.lru_cache(maxsize=MOST_ROUTES)
def _some_path(pattern: str) -> str | None:
    """Return the shortest path that `pattern` matches, or None if there is none."""
    automaton = _automaton(pattern)
    start = automaton.closure([0])
    seen, todo = {start}, deque([(start, "")])
    while todo:
        states, path = todo.popleft()
        if automaton.final in states:
            return path
        for character in sorted(automaton.cuts(states)):
            following = automaton.step(states, character) if character <= LAST else frozenset()
            if following and following not in seen:
                seen.add(following)
                todo.append((following, path + chr(character)))
    return None


def without_names(pattern: str) -> str:
    """Return `pattern` with its named groups unnamed, so that two can stand in one."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


@dataclass(slots=True)
class _Automaton:
    """A nondeterministic automaton: for each state its moves by a span of characters, and those by none."""

    moves: list[list[tuple[Span, int]]] = field(default_factory=list)
    jumps: list[list[int]] = field(default_factory=list)
    final: int = 0

    def state(self) -> int:
        if len(self.moves) >= MOST_STATES:
            raise TooHardError
        self.moves.append([])
        self.jumps.append([])
        return len(self.moves) - 1

    def closure(self, states: Iterable[int]) -> frozenset[int]:
        found, todo = set(states), list(states)
        while todo:
            for state in self.jumps[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(found)

    def step(self, states: frozenset[int], character: int) -> frozenset[int]:
        return self.closure(
            {to for state in states for (low, high), to in self.moves[state] if low <= character <= high}
        )

    def cuts(self, states: frozenset[int]) -> Iterator[int]:
        for state in states:
            for (low, high), _ in self.moves[state]:
                yield low
                yield high + 1


def _includes(first: _Automaton, second: _Automaton) -> bool:
    start = (first.closure([0]), second.closure([0]))
    seen, todo = {start}, [start]
    while todo:
        ours, theirs = todo.pop()
        if second.final in theirs and first.final not in ours:
            return False
        # One character stands for all between two borders.
        for character in {*first.cuts(ours), *second.cuts(theirs)}:
            following = second.step(theirs, character)
            if not following:
                continue
            pair = (first.step(ours, character), following)
            if pair not in seen:
                if len(seen) >= MOST_STATES:
                    raise TooHardError
                seen.add(pair)
                todo.append(pair)
    return True


@functools.lru_cache(maxsize=MOST_ROUTES)
def _automaton(pattern: str) -> _Automaton:
    parser, flags = _parser()
    try:
        tree = parser.parse(without_names(pattern))
    except (re.error, RecursionError, OverflowError) as error:
        raise TooHardError from error
    if tree.state.flags & ~re.UNICODE.value:
        raise TooHardError
    automaton = _Automaton()
    start = automaton.state()
    automaton.final = _Reader(automaton, flags).sequence(list(tree), start)
    return automaton


def _parser() -> tuple[Any, Any]:
    """Return the standard library's parser of patterns and its constants; it has moved in 3.11."""
    if sys.version_info >= (3, 11):
        from re import _constants, _parser  # type: ignore[attr-defined] # not in typeshed

        return _parser, _constants
    import sre_constants
    import sre_parse

    return sre_parse, sre_constants


class _Reader:
    """Builds an automaton from a parsed pattern (Thompson's construction)."""

    def __init__(self, automaton: _Automaton, codes: Any) -> None:
        self.automaton = automaton
        self.codes = codes

    def sequence(self, items: list[Any], state: int) -> int:
        """Add `items` behind `state`; return the state in which they have been read."""
        for index, (code, value) in enumerate(items):
            if code is self.codes.AT:
                self.check_anchor(value, index == 0 and state == 0, index == len(items) - 1)
            else:
                state = self.item(code, value, state)
        return state

    def check_anchor(self, value: Any, is_first: bool, is_last: bool) -> None:
        begins = value in (self.codes.AT_BEGINNING, self.codes.AT_BEGINNING_STRING)
        ends = value in (self.codes.AT_END, self.codes.AT_END_STRING)
        if not ((begins and is_first) or (ends and is_last)):
            raise TooHardError

    def item(self, code: Any, value: Any, state: int) -> int:
        codes = self.codes
        if code in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY):
            to = self.automaton.state()
            self.automaton.moves[state] += [(span, to) for span in self.spans(code, value)]
            return to
        if code is codes.SUBPATTERN:
            if value[1] or value[2]:
                raise TooHardError
            return self.sequence(list(value[3]), state)
        if code is codes.BRANCH:
            to = self.automaton.state()
            for branch in value[1]:
                self.automaton.jumps[self.sequence(list(branch), self.forked(state))].append(to)
            return to
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            return self.repeated(value, state)
        raise TooHardError

    def forked(self, state: int) -> int:
        to = self.automaton.state()
        self.automaton.jumps[state].append(to)
        return to

    def repeated(self, bounds: tuple[int, Any, Any], state: int) -> int:
        least, most, items = bounds
        is_endless = most is self.codes.MAXREPEAT
        if least > MOST_COPIES or (not is_endless and most > MOST_COPIES):
            raise TooHardError
        for _ in range(least):
            state = self.sequence(list(items), self.forked(state))
        if is_endless:
            loop = self.forked(state)
            self.automaton.jumps[self.sequence(list(items), self.forked(loop))].append(loop)
            return loop
        end = self.automaton.state()
        for _ in range(most - least):
            self.automaton.jumps[state].append(end)
            state = self.sequence(list(items), self.forked(state))
        self.automaton.jumps[state].append(end)
        return end

    def spans(self, code: Any, value: Any) -> list[Span]:
        """Return the characters that an item matches, as spans in order, without the line break."""
        codes = self.codes
        if code is codes.ANY:
            return _without([(ord("\n"), ord("\n"))])
        if code is codes.LITERAL:
            return [(value, value)]
        if code is codes.NOT_LITERAL:
            return _without([(value, value), (ord("\n"), ord("\n"))])
        negated = value[0][0] is codes.NEGATE
        found = [span for kind, item in value[negated:] for span in self.member(kind, item)]
        return _without([*found, (ord("\n"), ord("\n"))]) if negated else found

    def member(self, kind: Any, item: Any) -> list[Span]:
        if kind is self.codes.LITERAL:
            return [(item, item)]
        if kind is self.codes.RANGE:
            return [(item[0], item[1])]
        if kind is self.codes.CATEGORY:
            return _category(str(item))
        raise TooHardError


@functools.lru_cache(maxsize=16)
def _category(name: str) -> list[Span]:
    """Return the characters of `\\d`, `\\w` or `\\s` or their opposites."""
    tests = {"DIGIT": r"\d", "WORD": r"\w", "SPACE": r"\s"}
    key = name.rpartition("_")[2]
    if key not in tests:
        raise TooHardError
    matched = [match.span() for match in re.finditer(f"{tests[key]}+", "".join(map(chr, range(LAST + 1))))]
    spans = [(start, end - 1) for start, end in matched]
    return _without(spans) if "NOT" in name else spans


def _without(spans: list[Span]) -> list[Span]:
    """Return all characters but these."""
    found, low = [], 0
    for start, end in sorted(spans):
        if start > low:
            found.append((low, start - 1))
        low = max(low, end + 1)
    return [*found, (low, LAST)] if low <= LAST else found
