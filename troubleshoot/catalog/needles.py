"""Texts that must occur wherever a pattern matches, so that hardly a pattern need be compiled to be ruled out."""

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
"""Texts in lower case of which one occurs, in any case."""


def needles_of(pattern: str) -> tuple[Needles, ...]:
    """Return, the longest first, needles of each of which one occurs in whatever `pattern` matches."""
    found, _ = _alternatives(pattern, 0)
    return tuple(sorted(dict.fromkeys(found), key=_least, reverse=True))


def _alternatives(pattern: str, position: int) -> tuple[list[Needles], int]:
    """Read up to the end of a group; return its needles, and where it ends."""
    branches = []
    while True:
        needles, position = _sequence(pattern, position)
        branches.append(needles)
        if position >= len(pattern) or pattern[position] != "|":
            break
        position += 1
    if len(branches) == 1:
        return branches[0], position
    together = tuple(dict.fromkeys(needle for found in branches if found for needle in max(found, key=_least)))
    return ([together] if all(branches) and len(together) <= MOST else []), position


def _sequence(pattern: str, position: int) -> tuple[list[Needles], int]:
    """Read one alternative; return the needles that must occur in it."""
    found: list[Needles] = []
    run = ""
    while position < len(pattern) and pattern[position] not in "|)":
        literal, inside, position = _atom(pattern, position)
        repeat = REPEAT.match(pattern, position)
        if repeat:
            position = repeat.end()
            optional = (repeat["least"] or ("1" if repeat["sign"] == "+" else "0")).strip("0") == ""
            found.append((run if optional else run + literal,))
            run = "" if optional else literal
            if not optional and not literal:
                found += inside
        elif literal:
            run += literal
        else:
            found += [(run,), *inside]
            run = ""
    return [needles for needles in (*found, (run,)) if _least(needles) >= LEAST], position


def _atom(pattern: str, position: int) -> tuple[str, list[Needles], int]:
    """Read what a repeat would apply to: a literal character, or something else with the needles in it."""
    letter = pattern[position]
    if letter == "\\":
        following = pattern[position + 1 : position + 2]
        if following in CLASS_ESCAPES:
            return "", [], _end_of_escape(pattern, position)
        return CONTROL.get(following, following).lower(), [], position + 2
    if letter == "[":
        return "", [], _end_of_class(pattern, position)
    if letter == "(":
        group = GROUP.match(pattern, position)
        assert group
        if group["flags"]:
            return "", [], group.end()
        needles, end = _alternatives(pattern, group.end())
        return "", needles, end + 1
    if letter in "^$.":
        return "", [], position + 1
    return letter.lower(), [], position + 1


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


def _least(needles: Needles) -> int:
    return min(map(len, needles))
