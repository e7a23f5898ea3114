"""Requests to other services, by the paths of the calls that make them."""

from __future__ import annotations

import re

REQUEST = re.compile(
    r"(?:requests|httpx)\.(?:(?:Session|session|Client|AsyncClient)\(\)\.)?(?P<method>get|post|put|patch|delete|request)"
)


def method_of(path: str) -> str:
    """Return the method of requests or httpx that sends a request and has this path; nothing if it is none."""
    found = REQUEST.fullmatch(path)
    return found["method"] if found else ""
