"""What a shell offers when Tab is pressed where an id is taken."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from troubleshoot.model import Catalog

Offered = list[tuple[str, str]]
"""What can stand there, with what it means."""
WIDEST = 72
"""Characters of a meaning."""
WORDS, CURRENT, HELD_BACK = "COMP_WORDS", "COMP_CWORD", "_TROUBLESHOOT_HELD_BACK"


def join_words() -> None:
    """Put together what bash has taken apart: to it `question=option` is three words, of which it completes the last.

    What stands before that one is held back, for bash to keep as it is.
    """
    words, current = os.environ[WORDS].split("\n"), int(os.environ.get(CURRENT) or 0)
    equals = next((place for place in (current, current - 1) if words[place : place + 1] == ["="] and place > 1), 0)
    if not equals:
        return
    typed = words[current] if current > equals else ""
    os.environ[HELD_BACK] = f"{words[equals - 1]}="
    os.environ[WORDS] = "\n".join([*words[: equals - 1], typed])
    os.environ[CURRENT] = str(equals - 1)


def causes(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer the ids of causes; the short ones where no id begins as what was typed does."""
    return _starting(_causes(_catalog(ctx), incomplete), incomplete)


def fixes(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer the ids of causes, and behind `#` those of the cause's fixes."""
    catalog = _catalog(ctx)
    cause, hash_, _ = incomplete.partition("#")
    if not hash_ or catalog is None:
        return _starting(_causes(catalog, incomplete), incomplete)
    from troubleshoot.catalog.naming import causes_named

    named = causes_named(catalog, cause)
    offered = [(f"{cause}#{name}", fix.title) for id_ in named for name, fix in catalog.causes[id_].fixes.items()]
    return _starting(offered, incomplete)


def families(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer the ids of families."""
    return _starting(_families(_catalog(ctx)), incomplete)


def causes_and_families(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer what may be selected or ignored."""
    catalog = _catalog(ctx)
    return _starting([*_families(catalog), *_causes(catalog, incomplete)], incomplete)


def symptoms(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer the ids of symptoms."""
    return _starting(_symptoms(_catalog(ctx)), incomplete)


def answers(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer `question=`, and behind it what can be answered; the answers at once where it can be one question only."""
    catalog = _catalog(ctx)
    if catalog is None:
        return []
    if held := os.environ.get(HELD_BACK):
        offered = [(text.removeprefix(held), meaning) for text, meaning in _options(catalog, held[:-1])]
        return _starting(offered, incomplete)
    question, equals, _ = incomplete.partition("=")
    asked = _starting(_questions(catalog), "" if equals else incomplete)
    if not equals and len(asked) > 1:
        return asked
    return _starting(_options(catalog, question if equals else asked[0][0][:-1] if asked else ""), incomplete)


def probes(ctx: typer.Context, incomplete: str) -> Offered:
    """Offer the names of probes."""
    catalog = _catalog(ctx)
    known = catalog.probes if catalog else {}
    return _starting(((name, question.text) for name, (question, _) in known.items()), incomplete)


def topics(incomplete: str) -> Offered:
    """Offer the topics of `help`."""
    from troubleshoot.topics import headings

    return _starting(headings().items(), incomplete)


def _catalog(ctx: typer.Context) -> Catalog | None:
    from troubleshoot.catalog import loading
    from troubleshoot.cli.packs import chosen_in, find
    from troubleshoot.errors import TroubleshootError

    try:
        return loading.load(find(chosen_in(ctx), lambda _: None))
    except TroubleshootError:
        return None


def _starting(offered: Iterable[tuple[str, str]], text: str) -> Offered:
    return [(value, _short(meaning)) for value, meaning in offered if value.startswith(text)]


def _short(meaning: str) -> str:
    # Longer ones are set in several lines, of which a shell makes offers of their own; brackets are taken for markup.
    line = " ".join(meaning.split()).replace("[", "(").replace("]", ")")
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"


def _causes(catalog: Catalog | None, typed: str) -> Iterator[tuple[str, str]]:
    from troubleshoot.catalog.naming import stem

    known = catalog.causes.values() if catalog else ()
    short = not any(cause.id.startswith(typed) for cause in known)
    yield from ((stem(cause.id) if short else cause.id, cause.title) for cause in known)


def _families(catalog: Catalog | None) -> Iterator[tuple[str, str]]:
    yield from ((family.id, family.title) for family in (catalog.families.values() if catalog else ()))


def _symptoms(catalog: Catalog | None) -> Iterator[tuple[str, str]]:
    yield from ((symptom.id, symptom.title) for symptom in (catalog.symptoms.values() if catalog else ()))


def _questions(catalog: Catalog) -> Iterator[tuple[str, str]]:
    from troubleshoot.formats.listing import questions

    yield from ((f"{ask.question}=", ask.text) for ask in questions(catalog))


def _options(catalog: Catalog, question: str) -> Iterator[tuple[str, str]]:
    from troubleshoot.formats.listing import questions

    options = next((ask.options for ask in questions(catalog) if ask.question == question), {})
    yield from ((f"{question}={option}", text) for option, text in options.items())
