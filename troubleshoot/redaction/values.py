"""Is what stands in a secret's place one, or a type, a name, a word of prose, a mask?"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from troubleshoot.lazy import pattern


class Place(NamedTuple):
    """Where a value stands: how it is written there, behind what name, between what."""

    form: Literal["url", "scheme", "header", "quoted", "listed", "tight", "loose"]
    """`listed` is `"name", "value"`; `tight` is `name=value`; `loose` is `name: value` or `name = value`."""
    name: str
    before: str = ""
    after: str = ""


MASK = (
    r"(?i)[*x•.…\-_#?]+|<.*|\$.*|%[(\w{].*|\{.*|\.{3}.*|your[_\-\s].*|my[_\-].*(?:key|token|secret|password)|"
    r"(?:\w*[_\-])?(?:redacted|hidden|masked|filtered|omitted|removed|placeholder|changeme|example|here)(?:[_\-]\w*)?|"
    r"\[.*"
)
WORDS = frozenset(
    """
    string password passwd secret token none null nil true false required missing invalid expired bearer basic digest
    header headers cookie cookies query body path str int bytes bool any optional object undefined value unknown empty
    text hidden yes no on off default is was has not and or for the with must should cannot field error auth jwt
    hs256 hs384 hs512 rs256 es256 eddsa refresh access csrf new old same other name username email user
    strict lax code id type self cls request response config settings env
    """.split()  # noqa: SIM905
)
LONGEST_NAME = 60
CODE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Z][a-z]+(?:[A-Z][a-z]+)*|[a-z_]+_[a-z_]+"
"""An attribute, a class, a name with underscores: what stands in source where a value would."""
NAME = pattern(r"[A-Za-z_][A-Za-z_]*")
IN_DATA = pattern(r"(?:^|[\s?&;'\"|{,(])(?:[\w.\-]{0,40})$")
IN_A_CALL = pattern(r"[(,][ ]{0,2}[\w.\-]{0,40}$")
NUMBERED = frozenset({"token", "signature", "credential", "credentials", "sig", "sas"})
"""Names that also count something, so that a number alone is none of their secrets."""
PHRASED = ("pass", "pwd")
SHORT_NAMES = frozenset({"sig", "sas", "otp", "dsn"})
"""Names that mean much else, so that only what is long counts."""
LONG = 12


def is_secret(value: str, place: Place) -> bool:
    """Return whether `value`, which stands where a secret would, is one."""
    lower = value.lower()
    if re.fullmatch(MASK, value) or lower in WORDS or _is_its_own_name(lower, place.name):
        return False
    if place.form == "url":
        return True
    if place.form == "header":
        return _is_credential(value, place.after)
    if place.form == "scheme":
        return _is_random(value) or (place.name == "bearer" and "." in value and not _is_code(value))
    if place.form == "listed":
        return _is_random(value)
    if place.form == "quoted":
        return _is_quoted_secret(value, place.name)
    return _is_bare_secret(value, place)


def _is_its_own_name(lower: str, name: str) -> bool:
    """Return whether a value only names what it is: password=db_password, token=TOKEN."""
    return bool(NAME.fullmatch(lower)) and any(
        word in lower for word in ("password", "passwd", "secret", "token", "api_key", "apikey", name)
    )


def _is_credential(value: str, after: str) -> bool:
    """Return whether what stands behind a header's name is its value, not a remark on it."""
    if _is_code(value) or len(value) < 4:
        return False
    return _is_random(value) or not (value.isalpha() and re.match(r"[ ][a-z]", after))


def _is_random(value: str) -> bool:
    if _is_code(value):
        return False
    return _is_mixed(value) or any(character.isdigit() for character in value)


def _is_code(value: str) -> bool:
    return len(value) <= LONGEST_NAME and re.fullmatch(CODE, value) is not None


def _is_quoted_secret(value: str, name: str) -> bool:
    if " " in value.strip() or (value.isdigit() and name in NUMBERED):
        return False
    if name.startswith(PHRASED):
        return True
    if name in SHORT_NAMES:
        return len(value) >= LONG
    return len(value) >= 4 and not (_is_code(value) and value.isalpha())


def _is_bare_secret(value: str, place: Place) -> bool:
    if place.name in SHORT_NAMES and len(value) < LONG:
        return False
    if len(value) < 3 or place.after[:1] in ("(", "[") or (value.isdigit() and place.name in NUMBERED):
        return False
    if _is_code(value) and (place.form == "loose" or IN_A_CALL.search(place.before)):
        return False
    strong = not all(character.isalpha() or character in "-_." for character in value) or _is_mixed(value)
    if place.form == "loose":
        return place.name.startswith(PHRASED) if value.isdigit() else strong and len(value) >= 6
    if NAME.fullmatch(value):
        if place.after[:1] in (",", ")") and not place.before.strip():
            return False  # an argument on a line of its own
        return bool(IN_DATA.search(place.before)) and not IN_A_CALL.search(place.before)
    return True


def _is_mixed(value: str) -> bool:
    """Return whether a value has large letters beside small ones, other than at its start."""
    return value[1:] != value[1:].lower() and not value.isupper()
