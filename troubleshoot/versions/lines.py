"""Versions in the lines of a log: in paths of tracebacks, in what pip and uv print, in banners and links."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from troubleshoot.lazy import pattern
from troubleshoot.model import Package
from troubleshoot.versions.names import EXACT, NAME, package_of

BLANK = r"[ \t]"
START = r"(?:^|[ \t/\\'\"]|-python3\.\d+-)"
PIN = rf"^{BLANK}*(?:\+ )?"
EXTRAS = r"(?:\[[\w,-]*\])?"
EQUALS = rf"(?:==|{BLANK}+)"
PATTERN = (
    rf"(?im){START}(?:{NAME})-{EXACT}|{PIN}(?:{NAME}){EXTRAS}{EQUALS}{EXACT}\s*$"
    rf"|Running uvicorn {EXACT}|sqlalche\.me/e/\d\d/|errors\.pydantic\.dev/\d+\.\d+/"
)
"""What a line with a version looks like (RE2)."""

_FOUND = (
    rf"(?i){START}(?P<place>{NAME})-(?P<at>{EXACT})"
    rf"|{PIN}(?P<pin>{NAME}){EXTRAS}{EQUALS}(?P<pinned>{EXACT})\s*$"
    rf"|Running (?P<banner>uvicorn) (?P<running>{EXACT})"
    r"|sqlalche\.me/e/(?P<sqlalchemy>\d\d)/|errors\.pydantic\.dev/(?P<pydantic>\d{1,3}\.\d{1,3})/"
)
_GONE = pattern(r"uninstall", re.IGNORECASE)
LONGEST = 100_000
"""Characters of a line that are read."""


def versions_in(line: str) -> Iterator[tuple[Package, str]]:
    """Yield the versions that `line` speaks of, a series as `2.0.*`; what was taken out is passed over."""
    line = line[:LONGEST]
    if _GONE.search(line):
        return
    for found in _compiled().finditer(line):
        if series := found["sqlalchemy"]:
            yield "sqlalchemy", f"{series[0]}.{series[1]}.*"
        elif series := found["pydantic"]:
            yield "pydantic", f"{series}.*"
        else:
            package = package_of(found["place"] or found["pin"] or found["banner"])
            version = found["at"] or found["pinned"] or found["running"]
            if package:
                yield package, version


@functools.cache
def _compiled() -> re.Pattern[str]:
    # It takes longer to compile than all else that is read of an ordinary log.
    return re.compile(_FOUND)
