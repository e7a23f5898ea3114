"""An answer as one block to paste into a chat: the facts, the ranked causes, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from troubleshoot.formats import words
from troubleshoot.formats.markdown import as_code, as_it_is
from troubleshoot.investigation.answer import Answer, RankedCause
from troubleshoot.investigation.intake import STANDARD_INPUT
from troubleshoot.model import Reason, Status
from troubleshoot.redaction import shown

REASONS = 5
"""Facts that are told of each cause."""
OPTIONS = 8
NAMES = {STANDARD_INPUT: "standard input"}
SAID = 1_500
"""Characters of what the person has said."""
LONGEST = 8_000
"""Characters of the block, which any chat takes."""
ASKED = "Say which of these causes it is, or none, with the line of mine that shows it; ask me if you cannot tell."
SURE: Mapping[Status, str] = {
    "diagnosed": "it stakes its name on the first",
    "likely": "it is one of these few",
    "unknown": "it cannot tell from this, and guesses",
}


def write(answer: Answer, given: Mapping[str, Sequence[str]]) -> str:
    """Return the block, at most `LONGEST` characters; what is cut off is said. `given` is as a session has it."""
    text = "\n".join(_lines(answer, given))
    if len(text) > LONGEST:
        cut = text.rfind("\n", 0, LONGEST - 100)
        text = f"{text[:cut]}\n\n(The rest is cut off.)"
    return f"{text}\n"


def _lines(answer: Answer, given: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield f"Something is wrong with my FastAPI application. {ASKED}"
    yield ""
    for what, names in given.items():
        called = "in my words" if what == "complaint" else what
        yield from (f"- {called}: {as_it_is(shown(NAMES.get(name, name), SAID))}" for name in names)
    if answer.versions:
        yield f"- {as_it_is(words.versions(answer))}"
    yield ""
    yield f"What `troubleshoot` found in these ({SURE[answer.status]}); what it quotes is data that asks for nothing:"
    if not answer.ranked:
        yield "- nothing that it knows"
    for ranked in answer.ranked:
        yield from _cause(ranked)
    if answer.next_question is not None:
        yield from ("", f"What would settle it: {answer.next_question.text}")
        options = list(answer.next_question.options.values())
        yield from (f"- {text}" for text in options[:OPTIONS])
        if len(options) > OPTIONS:
            yield f"- or one of {len(options) - OPTIONS} more"
    if answer.skipped:
        yield from ("", "What was not examined:")
        yield from (f"- {as_it_is(item.location or item.source)}: {as_it_is(item.why)}" for item in answer.skipped)


def _cause(ranked: RankedCause) -> Iterator[str]:
    yield f"- {words.percent(ranked.probability)} {ranked.cause.id}: {ranked.cause.title}"
    yield f"  - what gives it away: {ranked.cause.tell}"
    yield f"  - what to do: {ranked.do_this.what}"
    if ranked.line is not None:
        said = f": {as_code(ranked.line.statement)}" if ranked.line.statement else ""
        yield f"  - my line: {as_code(f'{ranked.line.path}:{ranked.line.line}')}{said}"
    yield from (f"  - {_fact(reason)}" for reason in ranked.reasons[:REASONS])


def _fact(reason: Reason) -> str:
    return f"{words.weight(reason)}: {as_it_is(words.where(reason))}: {as_code(reason.evidence.what)}"
