"""Why an application could not be imported, in the words of whoever has to put it right."""

from __future__ import annotations

import re

from troubleshoot.redaction import shown
from troubleshoot.sources.tracebacks import tracebacks

VALIDATION = re.compile(r"(?:^|\.)ValidationError: \d+ validation errors? for (?P<model>\w+)$")
LOCATION = re.compile(r"^(?P<name>[\w.\-]+(?: -> [\w.\-]+)*)$")
MISSING = re.compile(r"^\s+field required\b", re.IGNORECASE)
REFUSED = re.compile(r"(?i)connection refused|actively refused|connect call failed|\[Errno 111\]|\[WinError 1225\]")
ADDRESSES = (
    re.compile(r"connect call failed \('(?P<host>[^']{1,200})', (?P<port>\d+)", re.IGNORECASE),
    re.compile(r"""server at "?(?P<host>[\w.\-:]+)"?(?: \([^)]*\))?,? port (?P<port>\d+)"""),
    re.compile(r"connecting to (?P<host>[\w.\-]+):(?P<port>\d+)"),
    re.compile(r"\b(?P<host>[\w\-]+(?:\.[\w\-]+)*):(?P<port>\d{2,5})\b"),
    re.compile(r"server on '(?P<host>[^']{1,200})'"),
)
"""How the drivers of databases and queues name whom they wanted to reach."""
MOST = 20
"""Names that are listed."""


def reason(text: str) -> str:
    """Return what the last exception of a traceback says: with the settings that are missing, or who did not answer."""
    lines = text.splitlines()
    parts = [part for found in tracebacks(lines) for part in found.parts if part.exception]
    if not parts:
        return ""
    last = parts[-1].exception
    below = lines[parts[-1].last + 1 :]
    validation = VALIDATION.search(last)
    if validation and (names := _missing(below)):
        what = "1 value is" if len(names) == 1 else f"{len(names)} values are"
        more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
        return f"{what} missing for {validation['model']}: {', '.join(names[:MOST])}{more}"
    refused = [part.exception for part in parts if REFUSED.search(part.exception)]
    address = next((found for text in refused for pattern in ADDRESSES if (found := pattern.search(text))), None)
    if address:
        port = f", port {address['port']}" if "port" in address.groupdict() else ""
        return f"nothing answers at {address['host']}{port}, to which it connects while it is imported: {shown(last)}"
    return shown(last, 300)


def _missing(lines: list[str]) -> list[str]:
    """Return the fields that a validation error, of which these are the lines below the first, says are missing."""
    found = []
    name = ""
    for line in lines:
        if location := LOCATION.match(line):
            name = location["name"].replace(" -> ", ".")
        elif name and MISSING.match(line):
            found.append(shown(name))
    return found
