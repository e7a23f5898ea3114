"""Whether a text is in English, the one language whose words are understood, and about what it is."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from troubleshoot.sources.lexicon import WORD

FEWEST = 8
"""Of fewer words it cannot be told."""
FUNCTION_WORDS = frozenset(
    """about after and any are at because been but by can could did does doesn don for from get gets has have how i if
    into is isn it its my not of only or our out some that the their them then there they this to using we were what
    when where which while why will with without won would you your""".split()  # noqa: SIM905 - reads better as words
)
"""Words that are frequent in English and are none in languages that people mix with it."""
LEAST_FUNCTION = 0.08
"""The share of them below which a text may be in another language; of English it is a quarter."""
LEAST_KNOWN = 0.55
"""The share of words that are known to be English below which it is."""
MOST_FOREIGN_LETTERS = 0.2
LATIN = re.compile(r"[\x20-\x7e]{3,}")

OTHERS = re.compile(
    r"\b(?:Flask|Django|Tornado|Sanic|aiohttp\.web|Express(?:\.?js)?|NestJS|Spring ?Boot|Rails|Laravel|ASP\.NET)\b"
)
"""Frameworks that people ask about in the same words."""
COMPARED = re.compile(
    r"\b(?:as|like|unlike|than|from|similar to|equivalent of|used to)(?: (?:it|one|you) \w{2,4})?(?: in| with)? ?$",
    re.IGNORECASE,
)
"""What stands before a framework that is only compared with."""
NEAR = 40
"""Characters before it that are looked at, which is more than that can have: a text may name it thousands of times."""
OURS = re.compile(
    r"fast-?api|starlette|uvicorn|pydantic|sqlmodel|asgi|APIRouter|call_next|BackgroundTasks|CORSMiddleware"
    r"|@app\.(?:get|post|put|delete|websocket|middleware)",
    re.IGNORECASE,
)


def is_foreign(text: str, english: Container[str]) -> bool:
    """Return whether `text` is in another language; `english` are words that are known to be English."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(letter > "\u024f" for letter in letters) > MOST_FOREIGN_LETTERS * max(len(letters), FEWEST):
        return True
    words = [word.lower() for word in WORD.findall(text) if word.isalpha()]
    if len(words) < FEWEST or sum(word in FUNCTION_WORDS for word in words) >= LEAST_FUNCTION * len(words):
        return False
    return sum(word in english for word in words) < LEAST_KNOWN * len(words)


def in_latin(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return what is in our script in a text of another: whoever asks about a library names things in English.

    A word that stands alone says too little. In a foreign language that is written in our script nothing is.
    """
    if not any(letter > "\u024f" and letter.isalpha() for paragraph in paragraphs for letter in paragraph):
        return ()
    kept = (". ".join(run for run in LATIN.findall(text) if len(WORD.findall(run)) > 1) for text in paragraphs)
    return tuple(filter(None, kept))


def other_framework(text: str, beside: str, about: str = "") -> str:
    """Return the framework that `text` names, if neither that nor what was handed over with it is about FastAPI.

    `about` is what the knowledge says that it is about: of what that names, packs know something.
    """
    named = [
        found[0]
        for found in OTHERS.finditer(text)
        if not COMPARED.search(text[max(0, found.start() - NEAR) : found.start()])
    ]
    if not named or OURS.search(text) or OURS.search(beside) or not set(named).isdisjoint(OTHERS.findall(about)):
        return ""
    return str(named[0])
