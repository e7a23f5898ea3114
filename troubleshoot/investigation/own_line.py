"""The person's own line of code that the evidence leads to."""

from __future__ import annotations

from collections.abc import Iterable

from troubleshoot.model import Reason
from troubleshoot.redaction import shown
from troubleshoot.values import frozen

DIGITS = 9
"""Of the number of a line; no file has more lines."""


@frozen
class OwnLine:
    """A place in the person's own code; `function` and `statement` are empty where they are not known."""

    path: str
    line: int
    function: str = ""
    statement: str = ""


def own_line(reasons: Iterable[Reason]) -> OwnLine | None:
    """Return the line that the strongest of `reasons`, which come in this order, has; None if none has one."""
    for reason in reasons:
        captured = reason.evidence.captured
        number = captured.get("line", "")
        if reason.bits > 0 and captured.get("file") and number.isdecimal() and len(number) <= DIGITS:
            return OwnLine(
                path=shown(captured["file"]),
                line=int(number),
                function=shown(captured.get("function", "")),
                statement=shown(captured.get("statement", "")),
            )
    return None
