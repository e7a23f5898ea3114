"""What a pattern for log lines matches, as text that people can read and search engines can find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import product

from troubleshoot.catalog.needles import ANCHORS, GROUP, REPEAT, end_of_class

HOLE = "…"
"""Stands for whatever may be there."""
MOST = 40
"""Texts that one pattern is written out into; a group that would make more is a hole."""
LEAST = 3
"""Letters below which a text says nothing by itself."""
CONTROL = {"n": " ", "t": " ", "r": "", "s": " "}
FEW = 3
"""Characters up to which a class stands for its first, and a repeat of any character for a quotation mark."""

Texts = tuple[str, ...]


@cache
def messages_of(pattern: str) -> Texts:
    """Return the texts that `pattern` looks for, in its order; what may be anything is `…`."""
    texts, _ = _alternatives(pattern, 0)
    return tuple(dict.fromkeys(text for text in map(_tidy, texts) if sum(map(str.isalnum, text)) >= LEAST))


def _tidy(text: str) -> str:
    return re.sub(rf"{HOLE}(?:{HOLE})+", HOLE, re.sub(r" +", " ", text)).strip()


def _alternatives(pattern: str, position: int) -> tuple[Texts, int]:
    """Read up to the end of a group; return what it may be, and where it ends."""
    found: list[str] = []
    while True:
        texts, position = _sequence(pattern, position)
        found += texts
        if position >= len(pattern) or pattern[position] != "|":
            return tuple(dict.fromkeys(found)), position
        position += 1


def _sequence(pattern: str, position: int) -> tuple[Texts, int]:
    """Read one alternative."""
    pieces: list[Sequence[str]] = []
    number = 1
    while position < len(pattern) and pattern[position] not in "|)":
        texts, position = _atom(pattern, position)
        repeat = REPEAT.match(pattern, position)
        if repeat:
            position = repeat.end()
            texts = _repeated(texts, repeat)
        if "" in texts:
            texts = ("",)
        if number * len(texts) > MOST:
            texts = (HOLE,)
        number *= len(texts)
        pieces.append(texts)
    return tuple("".join(parts) for parts in product(*pieces)), position


def _repeated(texts: Texts, repeat: re.Match[str]) -> Texts:
    """Return what something that stands there several times, or may be missing, reads like."""
    least = int(repeat["least"] or (1 if repeat["sign"] == "+" else 0))
    short = repeat["sign"] == "?" or (repeat["least"] and int(repeat["most"] or repeat["least"]) <= FEW)
    if texts == (" ",):
        return texts
    if texts == ("'",) and least and short:
        return ('"',)
    if texts in (("'",), (HOLE,)):
        return ("",) if short and not least else (HOLE,)
    return texts if least else ("",)


def _atom(pattern: str, position: int) -> tuple[Texts, int]:
    """Read what a repeat would apply to: a character, a class of them, or a group."""
    letter = pattern[position]
    if letter == "\\":
        following = pattern[position + 1 : position + 2]
        if following in ANCHORS:
            return ("",), position + 2
        if following == "W":
            return ("'",), position + 2
        plain = not following.isalnum()
        return ((following if plain else CONTROL.get(following, HOLE)),), position + 2
    if letter == "[":
        end = end_of_class(pattern, position)
        return (_member(pattern[position + 1 : end - 1]),), end
    if letter == "(":
        group = GROUP.match(pattern, position)
        assert group
        if group["flags"]:
            return ("",), group.end()
        texts, end = _alternatives(pattern, group.end())
        return texts, end + 1
    if letter in "^$":
        return ("",), position + 1
    return ("'" if letter == "." else letter,), position + 1


def _member(members: str) -> str:
    """Return what stands for the class of these characters: the first of few, else a hole."""
    plain = re.sub(r"\\([^\w\s])", r"\1", members)
    few = len(plain) <= FEW and plain[:1] != "^" and "\\" not in plain and not re.search(r"\w-\w", plain)
    if not few or plain[:1].isdigit():
        return HOLE
    return plain[0]
