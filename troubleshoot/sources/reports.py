"""Reports of pytest, and tracebacks that rich draws into a box: told apart, and written as Python's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from troubleshoot.lazy import pattern

PLACE = re.compile(
    r"""(?P<file>(?:[A-Za-z]:)?[^\s:"][^:"]{0,300}\.pyx?):(?P<line>\d{1,7}):
    (?:\ in\ (?P<function>[\w.<>]+) | (?:\ [A-Z]\w*)?)\ ?$""",
    re.VERBOSE,
)
"""Where a call stands: behind its source, or, where the source is left out, in front of its statement."""
FAILED = pattern(r"E {2,}(?P<exception>(?!AssertionError\b|Failed\b)(?:\w+\.){0,8}_?[A-Z]\w*(?:: .*)?)$")
"""What was raised. That an assertion does not hold says nothing about where the reason lies."""
RAN = pattern(r">\s{2,}(?P<statement>\S.*)")
DEFINED = pattern(r"\s*(?:async )?def (?P<function>\w+)\(")
BETWEEN = pattern(r"(?:_ ){8}")
NEXT_TEST = pattern(r"_{3,} .{1,200} _{3,}$|={3,} .{1,200} ={3,}$")
SECTION = re.compile(
    r"""={3,}\ (?:test\ session\ starts|ERRORS|FAILURES|warnings\ summary.{0,80}|short\ test\ summary\ info
    |\d+\ (?:passed|failed|skipped|errors?|warnings?|deselected|xfailed|xpassed)\b.{0,120})\ ={3,}$""",
    re.VERBOSE,
)
MARK = re.compile(r"E {3,}\S|(?:FAILED|ERROR) \S{1,300}::\S")
HEADER = "Traceback (most recent call last)"
POINTER = "❱"
"""Marks the statement in a traceback that rich has drawn: `fastapi run`, typer and notebooks print them so."""
BOX = re.compile(r"(?:[\w.\-]{1,60}\s+\| )?(?:│ (?P<text>.*?)\s*│?|[╭╰].*)\s*$")
BOXED_PLACE = pattern(r"(?P<file>\S.{0,300}):(?P<line>\d{1,7}) in (?P<function>[\w.<>]+)$")
BOXED_RAN = pattern(POINTER + r"\s*\d{1,7} (?:│ {0,3})*(?P<statement>.*)")
LONGEST = 200
"""Lines of source above a place that are looked at."""


def stretch(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the first and the last line of what pytest or rich has reported in `lines`, if anything."""
    if any(POINTER in line for line in lines):
        marks = [index for index, line in enumerate(lines) if BOX.match(line) or POINTER in line]
        return marks[0], marks[-1]
    marks = [index for index, line in enumerate(lines) if MARK.match(line) or SECTION.match(line)]
    if not marks:
        return None
    places = [index for index, line in enumerate(lines) if PLACE.match(line)]
    return min(marks + places), max(marks + places)


def as_tracebacks(lines: Sequence[str]) -> list[str]:
    """Return as many lines, with a report's calls as Python prints them; all else stays."""
    result = list(lines)
    is_open = False
    for index, line in enumerate(lines):
        place = PLACE.match(line)
        if place is None:
            failed = FAILED.match(line) if is_open else None
            if failed is not None:
                result[index] = failed["exception"]
            elif BETWEEN.match(line):
                result[index] = ""
            is_open = is_open and failed is None and NEXT_TEST.match(line) is None
        elif place["function"]:
            result[index] = _frame(place, place["function"])
            is_open = True
        else:
            _source_above(lines, index, place, result)
    return result


def unboxed(lines: Sequence[str]) -> list[str]:
    """Return as many lines, with the tracebacks that rich has drawn as Python prints them; all else stays."""
    result = list(lines)
    called: int | None = None
    for index, line in enumerate(lines):
        box = BOX.match(line)
        text = (box["text"] or "") if box else line.strip()
        place, ran = BOXED_PLACE.match(text), BOXED_RAN.match(text)
        if box is not None:
            result[index] = f"{HEADER}:" if HEADER in line else ""
        if place is not None:
            result[index] = _frame(place, place["function"])
            called = index
        elif ran is not None and called is not None:
            # The statement of a call stands right below it.
            result[called], result[index - 1] = "", result[called]
            result[index] = f"    {ran['statement'].strip()}"
            called = None
    return result


def _frame(place: re.Match[str], function: str) -> str:
    return f'  File "{place["file"]}", line {place["line"]}, in {function}'


def _source_above(lines: Sequence[str], index: int, place: re.Match[str], result: list[str]) -> None:
    """Turn the source above a place into its statement, and what was raised there into an exception."""
    above = list(_entry(lines, index))
    ran = next((at for at in above if RAN.match(lines[at])), 0)
    if not ran:
        return
    defined = next((found for at in above if at < ran and (found := DEFINED.match(lines[at]))), None)
    failed = next((at for at in reversed(above) if at > ran and FAILED.match(lines[at])), None)
    for at in above:
        if at != failed and not lines[at].startswith("E"):
            result[at] = ""
    result[ran - 1] = _frame(place, defined["function"] if defined else "<unknown>")
    result[ran] = f"    {RAN.match(lines[ran])['statement']}"  # type: ignore[index]
    if failed is not None:
        result[failed] = FAILED.match(lines[failed])["exception"]  # type: ignore[index]
    result[index] = ""


def _entry(lines: Sequence[str], index: int) -> Iterator[int]:
    """Yield the lines above a place that belong to it, the nearest first."""
    for at in range(index - 1, max(index - LONGEST, -1), -1):
        if NEXT_TEST.match(lines[at]) or BETWEEN.match(lines[at]) or PLACE.match(lines[at]):
            return
        yield at
