"""Texts that must occur wherever a pattern matches, so that most patterns need not be compiled to be ruled out."""

from __future__ import annotations

import re

LEAST = 3
"""Characters below which a text occurs nearly everywhere."""
MOST = 24
"""Alternatives beyond which it is no quicker to look for them all."""
CLASS_ESCAPES = frozenset("dDwWsSbBAzZQEpPCx0123456789")
CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+(?P<flags>\))))?")
REPEAT = re.compile(r"(?:\{(?P<least>\d+)(?:,\d*)?\}|(?P<sign>[?*+]))\??")

Needles = tuple[str, ...]


def needles_of(pattern: str) -> Needles:
    """Return texts in lower case of which one occurs, in any case, in whatever `pattern` matches; none if unknown."""
    found, _ = _alternatives(pattern, 0)
    return found


def _alternatives(pattern: str, position: int) -> tuple[Needles, int]:
    """Read up to the end of a group; return its needles, and where it ends."""
    branches = []
    while True:
        needles, position = _sequence(pattern, position)
        branches.append(needles)
        if position >= len(pattern) or pattern[position] != "|":
            break
        position += 1
    together = tuple(dict.fromkeys(needle for needles in branches for needle in needles))
    return (together if all(branches) and len(together) <= MOST else ()), position


def _sequence(pattern: str, position: int) -> tuple[Needles, int]:
    """Read one alternative; of what must occur in it, the longest is its needle."""
    best: Needles = ()
    run = ""
    while position < len(pattern) and pattern[position] not in "|)":
        literal, inside, position = _atom(pattern, position)
        repeat = REPEAT.match(pattern, position)
        if repeat:
            position = repeat.end()
            optional = (repeat["least"] or ("1" if repeat["sign"] == "+" else "0")).strip("0") == ""
            best = _better(best, (run if optional else run + literal,))
            run = "" if optional else literal
            if not optional and not literal:
                best = _better(best, inside)
        elif literal:
            run += literal
        else:
            best = _better(_better(best, (run,)), inside)
            run = ""
    return _better(best, (run,)), position


def _atom(pattern: str, position: int) -> tuple[str, Needles, int]:
    """Read what a repeat would apply to: a literal character, or something else with the needles in it."""
    letter = pattern[position]
    if letter == "\\":
        following = pattern[position + 1 : position + 2]
        if following in CLASS_ESCAPES:
            return "", (), _end_of_escape(pattern, position)
        return CONTROL.get(following, following).lower(), (), position + 2
    if letter == "[":
        return "", (), _end_of_class(pattern, position)
    if letter == "(":
        group = GROUP.match(pattern, position)
        assert group
        if group["flags"]:
            return "", (), group.end()
        needles, end = _alternatives(pattern, group.end())
        return "", needles, end + 1
    if letter in "^$.":
        return "", (), position + 1
    return letter.lower(), (), position + 1


def _end_of_escape(pattern: str, position: int) -> int:
    found = re.compile(r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|[0-7]{1,3}|.)", re.DOTALL).match(
        pattern, position
    )
    return found.end() if found else len(pattern)


def _end_of_class(pattern: str, position: int) -> int:
    position += 2 if pattern[position + 1 : position + 2] == "^" else 1
    position += pattern[position : position + 1] == "]"
    while position < len(pattern) and pattern[position] != "]":
        if pattern.startswith("[:", position):
            position = pattern.find(":]", position) + 1
        position += 2 if pattern[position] == "\\" else 1
    return position + 1


def _better(one: Needles, other: Needles) -> Needles:
    """Return the needles whose shortest is longer, if that is long enough."""
    least = min(map(len, other), default=0)
    return other if least >= LEAST and least > min(map(len, one), default=0) else one
