"""An answer as a page: what is said, and in which order. Text, Markdown and the terminal only draw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from troubleshoot import program
from troubleshoot.catalog.naming import origin
from troubleshoot.formats import words
from troubleshoot.formats.blocks import (
    Block,
    Choice,
    Choices,
    Code,
    Commands,
    Foreign,
    Items,
    Labelled,
    Lead,
    Line,
    Links,
    Page,
    Prose,
    Reasons,
    Section,
    Weighed,
)
from troubleshoot.formats.changes import remarks
from troubleshoot.investigation.answer import Answer, RankedCause, RenderedFix
from troubleshoot.investigation.commands import Command
from troubleshoot.model import TELL_QUESTION, Ask

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

Blocks: TypeAlias = tuple[Block, ...]
OPTIONS_SHOWN = 12
CHANGES_SHOWN = 3
WORTH_A_MENTION = 0.05
"""The least probability of a cause that is named beside the one that is diagnosed."""
WORTH_A_LINE = 0.1
"""The least probability of a cause that is named although it cannot be told."""


def page_of(answer: Answer) -> Page:
    """Return the page of `answer`, by how sure it is: the cause with its fix, a short list, or what would tell."""
    common = tuple(_common(answer))
    if answer.status == "diagnosed":
        first, *more = answer.ranked
        others = [item for item in more if item.probability >= WORTH_A_MENTION]
        also = (Section("Also possible"), _choices(others)) if others else ()
        return Page("Diagnosis", tuple(_short(first)), (*_rest(first), *also, *common))
    if answer.status == "likely":
        return Page("Not certain yet", *_likely(answer, common))
    return Page("Not known", *_unknown(answer, common))


def _likely(answer: Answer, common: Blocks) -> tuple[Blocks, Blocks]:
    named = answer.ranked[: answer.named]
    question = tuple(_question(answer.next_question, "settle it", named)) if answer.next_question else ()
    more = f"{program.name()} explain {named[0].cause.id}"
    told = Commands((Command(command=more, what="says more, and how to put it right"),))
    return (Lead(words.LIKELY), _choices(named, with_tells=True)), (*question, told, *common)


def _unknown(answer: Answer, common: Blocks) -> tuple[Blocks, Blocks]:
    tell = (Section("What would tell"), Commands(answer.commands)) if answer.commands else ()
    nearest = [item for item in answer.ranked if item.probability >= WORTH_A_LINE and not answer.is_foreign]
    guesses = (Section("The nearest that I know, and no more than a guess"), _choices(nearest)) if nearest else ()
    asked = () if answer.is_foreign or not answer.next_question else tuple(_question(answer.next_question, "help"))
    return (Lead(words.unknown(answer)), *tell), (*guesses, *asked, *common)


def _short(ranked: RankedCause) -> Iterator[Block]:
    """Yield what can do alone: the cause, the line, what to do, and the change or the fix itself."""
    aside = f"{ranked.cause.id}, {words.percent(ranked.probability)}{origin(ranked.pack)}"
    yield Labelled("Cause", ranked.cause.title, aside=aside)
    if ranked.line is not None:
        yield Line("Your line", ranked.line)
    yield Labelled("Do this", _sentence(ranked.do_this.what), command=ranked.do_this.command)
    if ranked.changes:
        yield _diff(ranked.changes[0])
    else:
        fix = ranked.fixes[0]
        if fix.misfit:
            yield Items((words.misfit(fix),))
        yield Code(fix.snippet.file_name, fix.snippet.language, fix.snippet.text.rstrip())


def _rest(ranked: RankedCause) -> Iterator[Block]:
    """Yield what the fix takes besides, why this is the cause, what happens, and where to read more."""
    if ranked.changes:
        yield from _changes(ranked)
    else:
        yield Items(tuple(_besides(ranked.fixes[0])))
    if ranked.reasons:
        yield Section("Why")
        yield Reasons(
            tuple(Weighed(words.weight(item), words.where(item), item.evidence.what) for item in ranked.reasons)
        )
    yield Section("What happens")
    yield Prose(ranked.cause.explanation)
    if ranked.cause.changed:
        yield Items(ranked.cause.changed)
    others = [fix for fix in ranked.fixes if ranked.changes or fix is not ranked.fixes[0]]
    if others:
        yield Section("An example in full" if ranked.changes else "Other ways")
        yield Commands(
            tuple(
                Command(
                    command=f"{program.name()} fix {ranked.cause.id}#{fix.id}",
                    what=f"{_sentence(fix.title)} {words.misfit(fix)}" if fix.misfit else fix.title,
                )
                for fix in others
            )
        )
    yield Section("Read more")
    yield Links(ranked.cause.references)


def _changes(ranked: RankedCause) -> Iterator[Block]:
    """Yield what is said of the change that was shown, the next ones, and how many more there are."""
    yield Items(tuple(remarks(ranked.changes[0].proposal)))
    for change in ranked.changes[1:CHANGES_SHOWN]:
        yield Section(f"In another place: {change.proposal.finding.path}:{change.proposal.finding.line}")
        yield _diff(change)
        yield Items(tuple(remarks(change.proposal)))
    more = len(ranked.changes) - CHANGES_SHOWN
    if more > 0:
        yield Items((f"There are {more} more places; `{program.name()} scan` lists them.",))


def _besides(fix: RenderedFix) -> Iterator[str]:
    yield from fix.steps
    yield f"Check: {fix.check}"
    if fix.risk:
        yield f"Risk: {fix.risk}"
    yield words.verified(fix.verified_with)


def _diff(change: Change) -> Code:
    return Code("", "diff", change.diff.rstrip("\n"))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _choices(ranked: Sequence[RankedCause], *, with_tells: bool = False) -> Choices:
    return Choices(
        tuple(
            Choice(
                percent=words.percent(item.probability),
                title=item.cause.title,
                cause=item.cause.id,
                tell=item.cause.tell if with_tells else "",
                place=f"{item.line.path}:{item.line.line}" if with_tells and item.line else "",
            )
            for item in ranked
        )
    )


def _question(ask: Ask, does: str, named: Sequence[RankedCause] = ()) -> Iterator[Block]:
    """Yield the next question, what an answer `does`, and how to give it on the command line; no tell is said twice."""
    yield Section(f"One question would {does}")
    yield Prose(ask.text)
    said = {item.cause.id for item in named} if ask.question == TELL_QUESTION else ()
    options = [
        Command(command=f"--answer {ask.question}={option}", what="" if option in said else text)
        for option, text in ask.options.items()
    ]
    yield Commands(tuple(options[:OPTIONS_SHOWN]))
    if len(options) > OPTIONS_SHOWN:
        more = len(options) - OPTIONS_SHOWN
        yield Items((f"… and {more} more; `{program.name()}` without a command asks them in a dialogue.",))


def _common(answer: Answer) -> Iterator[Block]:
    if answer.versions:
        yield Foreign((words.versions(answer),))
    if answer.skipped:
        yield Section("Not examined")
        yield Foreign(
            tuple(": ".join(filter(None, (item.location or item.source, item.why))) for item in answer.skipped)
        )
