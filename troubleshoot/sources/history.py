"""What somebody tells of errors that are over, are not there, or that something else had: not what is wrong now."""

from __future__ import annotations

import re
from collections.abc import Iterable

from troubleshoot.sources.passages import END

FAILS = r"(?:get|gets|got|says?|sees?|fails?|raises?|gives?|throws?|shows?|returns?|ends|receives?|complains?)"
NOW = re.compile(
    r"(?:^|[,;:.(]\s{0,3}|\b(?:but|and|so|then)\s)"
    r"(?:now|(?:since|after) (?:that|this|then|moving|switching|changing)\b)"
    rf"[^?!;]{{0,60}}?\b{FAILS}\b",
    re.IGNORECASE,
)
"""Where a story comes to what is wrong now: what was said before it in the paragraph is how it came to that."""
GOT = r"(?:got|gets?|gave|gives?|led to|leads to|raise[sd]?|threw|throws?|(?:result|end)(?:s|ed) in|fail(?:s|ed) with)"
NEXT = re.compile(
    rf"\b{GOT}\b[^.?!;:`]{{0,40}}?\b(?:instead ?:"
    r"|(?:another|(?:a|the) (?:different|new|second|further|next|other)) (?:error|exception|message|traceback)\b)",
    re.IGNORECASE,
)
"""Where another error has come in place of the one told of so far: what stood in the paragraphs before it is over."""
BEFORE = re.compile(
    r"(?:before(?: that| this)?|previously|earlier|formerly|in the past|at first|initially|originally)\b"
    r"[^?]{0,200}\b(?:was|were|had|got|gave|said|raised|threw|failed|used to)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:with|in|under|on|using)\s(?:the\s)?(?:old\s)?(?:node(?:\.?js)?|express|flask|django|spring(?: boot)?|sanic"
    r"|aiohttp|tornado|rails|laravel|(?:sync(?:hronous)?|old|first|previous) (?:version|app|application|project))\b"
    r"[^.?!]{0,60}\b(?:had|got|was|were|used to)\b",
    re.IGNORECASE,
)


TO_THE_END = r"(?:(?!\b(?:but|only|just|still|although|because)\b)[^,;]){0,100}"
DENIED = re.compile(
    rf"\b(?:(?:(?:do|does|did)(?:n['’]t| not)|no longer|never) (?:say|raise|throw)s?\b{TO_THE_END}"
    rf"|(?:(?:do|does|did)(?:n['’]t| not)|no longer|never) (?:see|get|have|find|show|print|log)s?\b{TO_THE_END}"
    rf"|there (?:is|was) no\b{TO_THE_END}|(?:it|this|that) (?:is|was)(?:n['’]t| not) an?\b{TO_THE_END}"
    rf"|(?:instead of|rather than|without) (?:an?|any|the)\b{TO_THE_END}|expected {TO_THE_END}(?=, (?:but|instead)))",
    re.IGNORECASE,
)
"""What is said not to be there, if an error is spoken of."""
OF_AN_ERROR = re.compile(
    r"(?:say|raise|throw)s?\b|\b[A-Z]\w{0,40}(?:Error|Exception|Timeout|Greenlet)\b|\bWORKER TIMEOUT\b"
    r"|\b(?:error|warning|message|traceback|exception)s?\b|\b(?:any|some)where\b"
)


def told_apart(paragraphs: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Return what `paragraphs` say of now, what they tell of before, and of other things, in pieces of any length."""
    now: list[str] = []
    before: list[str] = []
    elsewhere: list[str] = []
    for paragraph in paragraphs:
        if NEXT.search(paragraph):
            before += now
            now.clear()
        turns = list(NOW.finditer(paragraph))
        begins = turns[-1].start() if turns else 0
        before.append(paragraph[:begins])
        kept: list[str] = []
        for sentence in END.split(paragraph[begins:]):
            if ELSEWHERE.search(sentence):
                elsewhere.append(sentence)
            else:
                (before if BEFORE.match(sentence) else kept).append(sentence)
        said = " ".join(kept)
        denied = [found.group() for found in DENIED.finditer(said) if OF_AN_ERROR.search(found.group())]
        elsewhere += denied
        for part in denied:
            said = said.replace(part, " ")
        now.append(said)
    return now, before, elsewhere
