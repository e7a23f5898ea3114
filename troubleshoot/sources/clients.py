"""Forms as clients in other languages send them, told as a client in Python would send them."""

from __future__ import annotations

import re

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
CONTINUED = re.compile(r"\\\r?\n")


def forms_in(text: str) -> str:
    """Return requests in Python with the form fields that JavaScript or curl in `text` sends, nothing if it sends none.

    Which field goes to which address is not told apart: each address gets them all.
    """
    text = CONTINUED.sub(" ", text)
    names = dict.fromkeys(found["appended"] or found["given"] for found in FIELD.finditer(text))
    addresses = dict.fromkeys(found["sent"] or found["asked"] for found in ADDRESS.finditer(text))
    if not names or not addresses:
        return ""
    fields = ", ".join(f"{name!r}: b''" for name in names)
    return "import requests\n" + "".join(f"requests.post({address!r}, files={{{fields}}})\n" for address in addresses)
