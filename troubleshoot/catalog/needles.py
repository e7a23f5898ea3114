"""Texts that must occur wherever a pattern matches, so that hardly a pattern need be compiled to be ruled out.

Where a part of a pattern matches a few texts only, these are put together with what stands beside it, as RE2's own
prefilter does: https://swtch.com/~rsc/regexp/regexp4.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

LEAST = 3
"""Characters below which a text occurs nearly everywhere."""
MOST = 48
"""Alternatives beyond which it is no quicker to look for them all."""
CLASS_ESCAPES = frozenset("dDwWsSpPCx0123456789")
CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
ANCHORS = frozenset("bBAzZ")
GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+(?P<flags>\))))?")
REPEAT = re.compile(r"(?:\{(?P<least>\d+)(?:,(?P<most>\d*))?\}|(?P<sign>[?*+]))\??")
ESCAPE = re.compile(r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|[0-7]{1,3}|.)", re.DOTALL)

Needles = Sequence[str]
"""Texts in lower case of which one occurs, in any case."""
NOTHING: Needles = ("",)


class _Part(NamedTuple):
    """A part of a pattern: all the texts that it can be, None if they are many; and needles of what it matches."""

    texts: Needles | None
    needles: tuple[Needles, ...] = ()

    @property
    def best(self) -> Needles:
        """The needles that say most; empty if there are none."""
        return self.texts or max(self.needles, key=_least, default=())


def needles_of(pattern: str) -> tuple[Needles, ...]:
    """Return, the longest first, needles of each of which one occurs in whatever `pattern` matches."""
    part, _ = _alternatives(pattern, 0)
    found = part.needles if part.texts is None else (part.texts,)
    needed = dict.fromkeys(_without_longer(needles) for needles in found if _least(needles) >= LEAST)
    return tuple(sorted(needed, key=_least, reverse=True))


def _alternatives(pattern: str, position: int) -> tuple[_Part, int]:
    """Read up to the end of a group; return what it is, and where it ends."""
    branches = []
    while True:
        part, position = _sequence(pattern, position)
        branches.append(part)
        if position >= len(pattern) or pattern[position] != "|":
            break
        position += 1
    if len(branches) == 1:
        return branches[0], position
    best = [part.best for part in branches]
    together = tuple(dict.fromkeys(text for texts in best for text in texts))
    if len(together) > MOST or not all(best):
        return _Part(None), position
    if all(part.texts for part in branches):
        return _Part(together), position
    return _Part(None, (together,)), position


def _sequence(pattern: str, position: int) -> tuple[_Part, int]:
    """Read one alternative; return what it is, and where it ends."""
    found: list[Needles] = []
    run = NOTHING
    is_whole = True
    while position < len(pattern) and pattern[position] not in "|)":
        part, position = _atom(pattern, position)
        repeat = REPEAT.match(pattern, position)
        if repeat is None and part.texts is not None:
            run, ended = _joined(run, part.texts)
        elif repeat and repeat["sign"] == "?" and part.texts is not None:
            run, ended = _joined(run, (*part.texts, ""))
        else:
            repeated = _Part(None) if repeat and _may_be_missing(repeat) else part
            before, ended = _joined(run, repeated.texts or NOTHING)
            # What is repeated ends as it begins, however often that is.
            found += [*ended, before, *repeated.needles]
            run, ended = repeated.texts or NOTHING, []
            is_whole = False
        found += ended
        is_whole = is_whole and not ended
        position = repeat.end() if repeat else position
    return (_Part(run) if is_whole else _Part(None, _telling([*found, run]))), position


def _joined(before: Needles, behind: Needles) -> tuple[Needles, list[Needles]]:
    """Return the texts of which one follows the other, and those that end here because that would be too many."""
    if len(before) * len(behind) > MOST:
        return behind, [before]
    return tuple(dict.fromkeys(map("".join, product(before, behind)))), []


def _atom(pattern: str, position: int) -> tuple[_Part, int]:
    """Read what a repeat would apply to."""
    letter = pattern[position]
    if letter == "\\":
        following = pattern[position + 1 : position + 2]
        if following in ANCHORS:
            return _Part(NOTHING), position + 2
        if following in CLASS_ESCAPES:
            escape = ESCAPE.match(pattern, position)
            return _Part(None), escape.end() if escape else len(pattern)
        return _Part((CONTROL.get(following, following).lower(),)), position + 2
    if letter == "[":
        return _Part(None), end_of_class(pattern, position)
    if letter == "(":
        group = GROUP.match(pattern, position)
        assert group
        if group["flags"]:
            return _Part(NOTHING), group.end()
        part, end = _alternatives(pattern, group.end())
        return part, end + 1
    if letter in "^$":
        return _Part(NOTHING), position + 1
    return _Part(None if letter == "." else (letter.lower(),)), position + 1


def _may_be_missing(repeat: re.Match[str]) -> bool:
    return (repeat["least"] or ("1" if repeat["sign"] == "+" else "0")).strip("0") == ""


def end_of_class(pattern: str, position: int) -> int:
    """Return where the class of characters ends that opens at `position`."""
    position += 2 if pattern[position + 1 : position + 2] == "^" else 1
    position += pattern[position : position + 1] == "]"
    while position < len(pattern) and pattern[position] != "]":
        if pattern.startswith("[:", position):
            position = pattern.find(":]", position) + 1
        position += 2 if pattern[position] == "\\" else 1
    return position + 1


def _telling(found: Iterable[Needles]) -> tuple[Needles, ...]:
    return tuple(needles for needles in found if _least(needles) >= LEAST)


def _without_longer(needles: Needles) -> Needles:
    """Return `needles` without those in which another one occurs."""
    return tuple(text for text in needles if not any(other in text for other in needles if other != text))


def _least(needles: Needles) -> int:
    return min(map(len, needles))
