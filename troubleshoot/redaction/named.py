"""Secrets that are recognised by what stands in front of them: a header, a setting, a parameter, a place in a URL."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from troubleshoot.redaction.values import Place, is_secret

QUOTE = r"(?:\\{0,3}['\"`])"
QUOTED = (
    rf"(?:[A-Za-z]\w{{0,20}}\(|[bBrRuUfF]{{0,2}})(?P<quote>{QUOTE})"
    r"(?P<quoted>(?:(?!(?P=quote))[^\n]){1,4096})(?P=quote)"
)
"""A quoted value, in whatever it is wrapped: `"x"`, `b'x'`, `SecretStr('x')`, `\"x\"`."""
BARE = r"(?P<bare>[^\s'\"`&,;(){}\[\]<>|\\]{1,4096})"
KEYS = ("api", "access", "private", "signing", "encryption", "auth", "account", "client", "shared", "license", "master")
NAMES = (
    r"(?:pass(?:word|wd|wort|phrase|code)|pwd|credentials?|signature|jwt|otp|"
    r"secret(?:[_\-]?access)?(?:[_\-]?key)?|token|session[_\-]?(?:id|key)|sas|sig|csrf|xsrf|connection[_\-]?string|dsn|"
    rf"(?:{'|'.join(KEYS)}|subscription)[_\-]?key)"
)
NAME_WORDS = (
    *(
        "pass",
        "pwd",
        "credential",
        "signature",
        "jwt",
        "otp",
        "secret",
        "token",
        "session",
        "sas",
        "sig",
        "csrf",
        "xsrf",
    ),
    *("connection", "dsn", "subscription", *KEYS),
)
NAME = rf"(?P<name>{NAMES})(?:[_\-]?(?:hash|salt|value|base64|b64|\d{{1,3}}))?"
SET = r"[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}"
HEADERS = (
    *("authorization", "x-api-key", "x-auth-token", "x-access-token", "x-amz-security-token", "x-vault-token"),
    *("x-csrf-token", "x-csrftoken", "x-xsrf-token", "x-goog-api-key", "x-functions-key", "x-shopify-access-token"),
    *("x-api-token", "x-session-token", "private-token", "job-token", "api-key", "apikey", "ocp-apim-subscription-key"),
)
SCHEMES = r"(?:bearer|basic|token|api-?key|key|negotiate|ntlm|jwt|sharedkey|googlelogin)"
CREDENTIAL = (
    r"(?:(?:digest|hawk|aws4-hmac-sha256)[ \t]{1,4}(?P<fields>[^\n'`\]})]{1,4096})|"
    rf"(?:{SCHEMES}[ \t]{{1,4}})?(?P<rest>[^\s'\"`\]}}(),;]{{1,4096}}))"
)
HEADER_SET = rf"(?:{QUOTE}?{SET}|{QUOTE}[ \t]{{0,4}},[ \t]{{0,4}})(?:[bu]?{QUOTE})?"


class Rule(NamedTuple):
    """One way in which a secret is introduced: the words it may begin with, in lower case, and the rest."""

    words: tuple[str, ...]
    pattern: str

    def matches(self, text: str, lower: str) -> Iterator[re.Match[str]]:
        """Yield the places that match, none inside another; a word is looked for much faster than a pattern."""
        end = 0
        places = {place for word in self.words if word in lower for place in _places(lower, word)}
        for place in sorted(places):
            if place >= end and (match := _compiled(self.pattern).match(text, place)) is not None:
                yield match
                end = match.end()


USER = Rule(("://",), r"://(?P<user>[^\s/@'\"<>:]{0,256})(?::(?P<word>[^\s'\"<>@/]{1,256}))?@")
SCHEME = Rule(
    ("bearer", "basic", "token"),
    r"(?<![\w\-/.])(?P<scheme>bearer|basic|token)[ \t]{1,4}(?:\\?['\"])?(?P<bare>[A-Za-z0-9._~+/\-]{8,4096}={0,2})"
    r"(?![\w.~+/=:@\-])",
)
HEADER = Rule(HEADERS, rf"(?<!\w)(?:{'|'.join(HEADERS)}){HEADER_SET}{CREDENTIAL}")
COOKIE = Rule(("cookie",), rf"(?<!\w)cookie{HEADER_SET}(?P<pairs>[\w.\-]{{1,100}}=[^\n'\"`]{{1,8192}})")
PAIR = r"(?:\A|;)[ ]{0,4}[\w.\-]{1,100}=(?P<value>[^;\s]{1,4096})"
SETTING = Rule(
    NAME_WORDS,
    rf"{NAME}(?:{QUOTE}\]?|\])?(?P<set>{SET}|(?<=['\"])[ \t]{{0,4}},[ \t]{{0,4}}(?=[bu]?['\"])|>(?=[^<\n]{{1,256}}</))"
    rf"(?:{QUOTED}|{BARE})",
)
OPTION = Rule(
    ("--",),
    rf"(?<!\S)--[a-z\-]{{0,30}}?{NAME}[ \t]{{1,4}}(?:{QUOTED}|(?P<bare>[^\s'\"`<>\[\]{{}}$-][^\s'\"`]{{2,4096}}))",
)
WRAPPED = Rule(
    ("secretstr(", "secretbytes("), r"Secret(?:Str|Bytes)\(b?(?P<quote>['\"])(?P<quoted>[^'\"\n]{1,400})(?P=quote)"
)
LOGIN = Rule(
    ("auth=(", "auth(", "login("),
    r"(?:auth=?|login)\(\s{0,8}[bu]?['\"][^'\"\n]{1,200}['\"],\s{0,8}[bu]?(?P<quote>['\"])"
    r"(?P<quoted>[^'\"\n]{1,400})(?P=quote)",
)
CURL = Rule(("-u", "--user"), r"(?<=\s)(?:-u|--user)[ \t]{1,4}['\"]?[^\s:'\"]{1,100}:(?P<quoted>[^\s'\"]{1,200})")
STATEMENT = Rule(
    ("identified by", "password"), r"(?:identified by|password)[ \t]{1,4}(?P<quote>')(?P<quoted>[^'\n]{1,200})'"
)
INPUT = Rule(
    ("input",),
    rf"input(?:_value=|{QUOTE}:\s{{0,8}})(?P<quote>{QUOTE})(?P<value>(?:(?!(?P=quote))[^\n]){{1,4096}})(?P=quote)",
)
INPUT_OF = rf"(?i){NAMES}(?:{QUOTE}\s{{0,8}}\]|\n)"
"""What stands before the input of a value that was refused: its place in the body, or in a line of its own."""
INPUT_AFTER = 450
"""Characters behind its place in which a refused input stands."""
PARAMETERS = Rule(
    ("[parameters: ", "[generated in", "[cached since"),
    r"\[(?:parameters: |(?:generated in|cached since) [^\]\n]{1,40}\] )(?P<values>[(\[{][^\n]{1,8192})",
)
STATEMENT_BEFORE = 2000
"""Characters before its parameters in which a statement is looked for."""
SECRET_COLUMN = rf"(?i){NAMES}"
TEXT = r"(?P<quote>['\"])(?P<value>(?:\\[^\n]|(?!(?P=quote))[^\n\\]){0,8192})(?P=quote)(?P<is_key>[ \t]{0,4}:)?"
"""A text among parameters; one that is empty, or a key, is matched too, or the quotes behind it would be taken in pairs
that are none."""


def named(text: str, lower: str) -> Iterator[tuple[int, int]]:
    """Yield where each secret that something introduces starts and ends; `lower` is `text` in lower case."""
    for match in USER.matches(text, lower):
        if match["word"]:
            yield from _judged(match, "word", Place("url", "password"))
        elif len(match["user"]) >= 16:
            yield from _judged(match, "user", Place("scheme", "token"))
    for match in SCHEME.matches(text, lower):
        yield from _judged(match, "bare", Place("scheme", match["scheme"].lower()))
    for match in HEADER.matches(text, lower):
        group = "fields" if match["fields"] else "rest"
        yield from _judged(match, group, Place("header", "authorization", after=text[match.end() : match.end() + 40]))
    for match in COOKIE.matches(text, lower):
        start = match.start("pairs")
        only = 1 if lower.endswith("set-", 0, match.start()) else None
        for pair in itertools.islice(_compiled(PAIR).finditer(match["pairs"]), only):
            yield start + pair.start("value"), start + pair.end("value")
    for match in SETTING.matches(text, lower):
        yield from _setting(match, text)
    for match in OPTION.matches(text, lower):
        quoted = match["quoted"] is not None
        yield from _judged(match, "quoted" if quoted else "bare", Place("quoted" if quoted else "listed", "password"))
    for rule in (WRAPPED, LOGIN, CURL, STATEMENT):
        for match in rule.matches(text, lower):
            yield from _judged(match, "quoted", Place("quoted", "password"))
    for match in INPUT.matches(text, lower):
        before = slice(max(0, match.start() - INPUT_AFTER), match.start())
        if any(word in lower[before] for word in NAME_WORDS) and _compiled(INPUT_OF).search(text[before]):
            yield match.span("value")
    for match in PARAMETERS.matches(text, lower):
        if _compiled(SECRET_COLUMN).search(text, max(0, match.start() - STATEMENT_BEFORE), match.start()):
            for value in _compiled(TEXT).finditer(text, *match.span("values")):
                if value["value"] and not value["is_key"]:
                    yield value.span("value")


def _setting(match: re.Match[str], text: str) -> Iterator[tuple[int, int]]:
    name = match["name"].lower()
    if match["quoted"] is not None:
        yield from _judged(match, "quoted", Place("listed" if "," in match["set"] else "quoted", name))
    else:
        tight = match["set"] in ("=", ">")
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 2]
        yield from _judged(match, "bare", Place("tight" if tight else "loose", name, before, after))


def _judged(match: re.Match[str], group: str, place: Place) -> Iterator[tuple[int, int]]:
    start, end = match.span(group)
    value = match[group]
    end -= len(value) - len(value.rstrip(" \t\r\\,.;:"))
    if start < end and is_secret(value[: end - start], place):
        yield start, end


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
