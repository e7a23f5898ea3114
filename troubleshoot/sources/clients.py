"""What clients send, in other languages or in passing, told as source in Python would send it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

ADDRESS = re.compile(
    r"""(?:\bfetch|\baxios|\.(?:post|put|patch))\(\s{0,40}[`'"](?P<sent>[^`'"\s]{1,300})[`'"]
      | \bcurl\b[^\n]{0,400}?(?P<asked>https?://[^\s'"]{1,300})""",
    re.VERBOSE,
)
FIELD = re.compile(
    r"""\.append\(\s{0,40}['"](?P<appended>[\w.\-]{1,80})['"]\s{0,40},
      | (?:^|\s)(?:-F|--form)[\s=]{1,3}['"]?(?P<given>[\w.\-]{1,80})=""",
    re.VERBOSE,
)
MISSING = re.compile(
    r"""loc\\*["']:\s{0,40}[\[(]\s{0,40}\\*["']body\\*["'],\s{0,40}\\*["'](?P<field>[A-Za-z_]\w{0,80})\\*["']\s{0,40}[\])],?
        \s{0,40}\\*["']msg\\*["']:\s{0,40}\\*["'][Ff]ield\ required""",
    re.VERBOSE,
)
"""A field that the endpoint looked for in vain, as FastAPI tells of it."""
REFUSED = "/refused"
"""The address of an endpoint that is known from its refusal alone."""
TAKES_FILES = re.compile(r"\bUploadFile\b|\bFile\(")
CALL = re.compile(
    r"""\b(?:fetch|axios(?:\.(?P<method>get|post|put|patch|delete))?)\(\s{0,40}[`'"](?P<address>[^`'"\s]{1,300})[`'"]
        (?P<rest>[^;]{0,600}?)(?=;|\bfetch\(|\baxios\b|\n\s{0,40}\n|$(?!\n))""",
    re.VERBOSE,
)
"""A request of JavaScript whose address is written out, with what follows it."""
CURL = re.compile(r"\bcurl\b(?P<rest>[^\n]{0,1000})")
METHOD = re.compile(
    r"""\bmethod['"]?:\s{0,9}['"`](?P<method>\w{3,7})|(?:-X|--request)[\s=]{0,3}['"]?(?P<asked>[A-Z]{3,7})\b"""
)
OBJECT = re.compile(r"^\s{0,40},\s{0,40}\{(?P<inside>[^{}]{0,400})\}")
TEXT = re.compile(
    r"JSON\.stringify\(\s{0,40}\{(?P<inside>[^{}]{0,400})\}|(?:-d|--data(?:-raw|-binary)?)[\s=]{1,3}'\s?\{(?P<given>[^{}]{0,400})\}"
)
KEY = re.compile(
    r"""(?:^|,)\s{0,40}(?:(?P<quote>['"])(?P<quoted>\w{1,80})(?P=quote)|(?P<bare>[A-Za-z_$]\w{0,80}))\s{0,9}(?=:|,|$)"""
)
HAS_BODY = re.compile(r"\bbody\b|\s(?:-d|-F|--data(?:-raw|-binary)?|--form|--json)\b|^\s{0,40},\s{0,40}\w")
SENT = re.compile(r"\b(?:requests|httpx)\.(?:get|post|put|patch|delete)\(")
"""A request in Python, also one that is only spoken of."""
PARENTHESIS = re.compile(r"[()]")
LONGEST_CALL, MOST_CALLS = 1000, 50
CONTINUED = re.compile(r"\\\r?\n")


def requests_in(text: str) -> str:
    """Return requests in Python for those of JavaScript, curl and Python in `text`; nothing if there are none."""
    text = CONTINUED.sub(" ", text)
    lines = [*_forms(text), *_calls_of_javascript(text), *_calls_of_curl(text), *_calls_of_python(text)]
    return "\n".join(("import httpx, json, requests", *dict.fromkeys(lines), "")) if lines else ""


def refused_in(text: str) -> str:
    """Return an endpoint as the refusal in `text` tells of it, and a request with the fields sent to it instead.

    Nothing if `text` shows an endpoint that takes files, or a field that was looked for is among those sent.
    """
    text = CONTINUED.sub(" ", text)
    fields = _fields_in(text)
    missing = dict.fromkeys(found["field"] for found in MISSING.finditer(text))
    if not fields or not missing or fields.keys() & missing.keys() or TAKES_FILES.search(text):
        return ""
    taken = ", ".join(f"{name}: UploadFile" for name in missing)
    lines = ("from fastapi import FastAPI, UploadFile", "import requests", "app = FastAPI()", f"@app.post({REFUSED!r})")
    return "\n".join((*lines, f"def endpoint({taken}): ...", *_requests([REFUSED], fields), ""))


def _fields_in(text: str) -> dict[str, None]:
    return dict.fromkeys(found["appended"] or found["given"] for found in FIELD.finditer(text))


def _requests(addresses: Iterable[str], fields: Iterable[str]) -> Iterator[str]:
    given = ", ".join(f"{name!r}: b''" for name in fields)
    return (f"requests.post({address!r}, files={{{given}}})" for address in addresses if given)


def _forms(text: str) -> Iterator[str]:
    """Yield requests with the fields of forms; which go to which address is not told, so each address gets them all."""
    addresses = dict.fromkeys(found["sent"] or found["asked"] for found in ADDRESS.finditer(text))
    return _requests(addresses, _fields_in(text))


def _calls_of_javascript(text: str) -> Iterator[str]:
    for found in islice(CALL.finditer(text), MOST_CALLS):
        rest = found["rest"]
        method = (found["method"] or _method(rest) or "get").lower()
        thing = OBJECT.match(rest) if found["method"] in ("post", "put", "patch") else None
        written = TEXT.search(rest)
        if thing is not None:
            yield _json(method, found["address"], thing["inside"], is_told=True)
        elif written is not None:
            yield _json(method, found["address"], written["inside"] or "", is_told="application/json" in rest)
        else:
            yield f"requests.{method}({found['address']!r}{', **body' if HAS_BODY.search(rest) else ''})"


def _calls_of_curl(text: str) -> Iterator[str]:
    for found in islice(CURL.finditer(text), MOST_CALLS):
        rest = found["rest"]
        address = ADDRESS.search(found[0])
        if address is None or FIELD.search(rest):
            continue
        written, has_body = TEXT.search(rest), HAS_BODY.search(rest)
        method = (_method(rest) or ("post" if has_body else "get")).lower()
        if written is not None:
            yield _json(method, address["asked"], written["given"] or "", is_told="application/json" in rest)
        else:
            yield f"requests.{method}({address['asked']!r}{', **body' if has_body else ''})"


def _calls_of_python(text: str) -> Iterator[str]:
    """Yield the calls in lines of which only a part is Python."""
    for found in islice(SENT.finditer(text), MOST_CALLS):
        line = text[found.start() : found.start() + LONGEST_CALL].partition("\n")[0]
        call = line[: _end_of_call(line)]
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            ast.parse(call, mode="eval")
            yield call


def _end_of_call(line: str) -> int:
    """Return where the parenthesis is closed that is opened first."""
    depth = 0
    for place in PARENTHESIS.finditer(line):
        depth += 1 if place.group() == "(" else -1
        if not depth:
            return place.end()
    return len(line)


def _method(rest: str) -> str:
    found = METHOD.search(rest)
    return (found["method"] or found["asked"]) if found is not None else ""


def _json(method: str, address: str, inside: str, *, is_told: bool) -> str:
    """Return a request with an object, which is told to be JSON or not; keys that are not all read are not told."""
    keys = [found["quoted"] or found["bare"] for found in KEY.finditer(inside)]
    whole = bool(keys) and len(keys) == len([part for part in inside.split(",") if part.strip()])
    given = f"{{{', '.join(f'{key!r}: None' for key in keys)}}}" if whole else "body"
    return f"requests.{method}({address!r}, " + (f"json={given})" if is_told else f"data=json.dumps({given}))")
