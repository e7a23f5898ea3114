"""Forms as clients in other languages send them, told as a client in Python would send them."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
CONTINUED = re.compile(r"\\\r?\n")


def forms_in(text: str) -> str:
    """Return requests in Python with the form fields that JavaScript or curl in `text` sends, nothing if it sends none.

    Which field goes to which address is not told apart: each address gets them all.
    """
    text = CONTINUED.sub(" ", text)
    addresses = dict.fromkeys(found["sent"] or found["asked"] for found in ADDRESS.finditer(text))
    return _requests(addresses, _fields_in(text))


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
    lines = ("from fastapi import FastAPI, UploadFile", "app = FastAPI()", f"@app.post({REFUSED!r})")
    return "\n".join((*lines, f"def endpoint({taken}): ...", _requests([REFUSED], fields)))


def _fields_in(text: str) -> dict[str, None]:
    return dict.fromkeys(found["appended"] or found["given"] for found in FIELD.finditer(text))


def _requests(addresses: Iterable[str], fields: Iterable[str]) -> str:
    given = ", ".join(f"{name!r}: b''" for name in fields)
    sent = "".join(f"requests.post({address!r}, files={{{given}}})\n" for address in addresses) if given else ""
    return f"import requests\n{sent}" if sent else ""
