"""What a table is for, by its name: whether people add to it as long as the application is used."""

from __future__ import annotations

import re

LOOKUPS = frozenset(
    (
        *(
            "brand",
            "category",
            "city",
            "color",
            "config",
            "configuration",
            "country",
            "currency",
            "department",
            "feature",
        ),
        *("flag", "genre", "kind", "label", "language", "locale", "option", "permission", "plan", "plugin", "policy"),
        *("province", "region", "role", "scope", "setting", "size", "state", "status", "tag", "template", "tier"),
        *("bot", "connector", "integration", "override", "pattern", "provider", "rule", "sport", "tool"),
        *("timezone", "topic", "type", "unit", "zone"),
    )
)
"""Tables that the application's makers, or those who set it up, fill, and that stay as short as a menu."""
FEW = frozenset(
    (
        *("bot", "config", "connector", "feature", "flag", "integration", "location", "option", "organisation"),
        *("organization", "override", "pipeline", "plan", "policy", "provider", "rule", "scope", "setting", "site"),
        *("stage", "tenant", "tier", "workflow", "workspace"),
    )
)
"""Things that somebody sets up, so that going through them one by one is no work."""
STREAMS = frozenset(
    (
        *(
            "activity",
            "answer",
            "article",
            "booking",
            "comment",
            "conversation",
            "delivery",
            "entry",
            "event",
            "feedback",
        ),
        *(
            "history",
            "invoice",
            "log",
            "measurement",
            "message",
            "metric",
            "notification",
            "operation",
            "order",
            "payment",
        ),
        *("post", "product", "reading", "record", "reply", "review", "sale", "submission", "ticket", "trade"),
        *("transaction", "view", "visit"),
    )
)
"""Tables of which even the part that belongs to one thing grows for as long as the thing is used."""
SUFFIXES = ("model", "table", "entity", "orm", "db", "row", "id")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_lookup(name: str) -> bool:
    """Return whether a table of this name is filled by the application's makers."""
    return _head(name) in LOOKUPS


def are_few(name: str) -> bool:
    """Return whether a table, a variable or a function of this name has what is set up, not what people bring."""
    return _head(name) in FEW


def is_for_a_cache(function: str) -> bool:
    """Return whether a function of this name reads a table to have all of it at hand."""
    return function.rpartition("_")[2] == "cache"


def is_stream(name: str) -> bool:
    """Return whether people keep adding rows to one and the same thing in a table of this name."""
    return _head(name) in STREAMS


def _head(name: str) -> str:
    """Return the word that says what a row is: `category` of `ProductCategories`."""
    found = [_singular(word.lower()) for word in WORD.findall(name)]
    while len(found) > 1 and found[-1] in SUFFIXES:
        found.pop()
    return found[-1] if found else ""


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")
