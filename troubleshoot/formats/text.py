"""The answer as plain text, for pipes, files and terminals that want no drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from troubleshoot import program
from troubleshoot.formats.changes import remarks
from troubleshoot.formats.prose import set_markdown, wrapped
from troubleshoot.investigation.answer import Answer, RankedCause, RenderedFix
from troubleshoot.model import Ask, Reason
from troubleshoot.versions.names import TITLES

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

CANNOT_TELL = "I cannot tell from this."
FOREIGN = "This looks like nothing that I know."
LIKELY = "Not certain yet. Most likely it is one of these; is it true of your code?"
OPTIONS_SHOWN = 12
CHANGES_SHOWN = 3


def write(answer: Answer, *, in_full: bool = False) -> str:
    """Return `answer` as plain text, at most 100 columns wide but for code.

    `in_full` adds the page of the first cause even where it is only likely.
    """
    return "\n".join(_lines(answer, in_full)) + "\n"


def _lines(answer: Answer, in_full: bool) -> Iterator[str]:
    if answer.status == "diagnosed":
        first, *others = answer.ranked
        yield from cause_lines(first)
        if others:
            yield from ("", "Also possible")
            yield from _table(others)
    elif answer.status == "likely":
        yield LIKELY
        yield from _tells(answer.ranked[: answer.named])
        yield from ("", f"`troubleshoot explain {answer.ranked[0].cause.id}` says more, and how to put it right.")
    else:
        yield unknown_text(answer)
        if answer.ranked and not answer.is_foreign:
            yield from ("", "The nearest causes, for what they are worth:")
            yield from _table(answer.ranked)
    if in_full and answer.status != "diagnosed" and answer.ranked:
        yield ""
        yield from cause_lines(answer.ranked[0])
    if answer.next_question:
        yield ""
        yield from question_lines(answer.next_question)
    if answer.versions:
        yield ""
        yield from wrapped(versions_text(answer), "", "  ")
    if answer.skipped:
        yield from ("", "Not examined")
        yield from (f"  {': '.join(filter(None, (item.location or item.source, item.why)))}" for item in answer.skipped)


def cause_lines(ranked: RankedCause) -> Iterator[str]:
    """Yield the lines about one cause: what it is, why it is suspected, what happens, and its fixes."""
    yield from wrapped(f"Cause: {ranked.cause.title}", "", "       ")
    yield f"       {ranked.cause.id}, {percent(ranked.probability)}"
    if ranked.reasons:
        yield from ("", "Why")
        for reason in ranked.reasons:
            yield from wrapped(reason_text(reason), "  ", "    ")
    yield from ("", "What happens")
    yield from set_markdown(ranked.cause.explanation, "  ")
    for news in ranked.cause.changed:
        yield from wrapped(news, "  - ", "    ")
    for change in ranked.changes[:CHANGES_SHOWN]:
        yield ""
        yield from _change_lines(change, ranked)
    if ranked.changes:
        yield from ("", *wrapped(more_changes(ranked), "", "  "))
    for fix in () if ranked.changes else ranked.fixes:
        yield ""
        yield from _fix_lines(fix)
    yield from ("", "Read more")
    yield from (f"  {reference}" for reference in ranked.cause.references)


def _change_lines(change: Change, ranked: RankedCause) -> Iterator[str]:
    yield f"Fix: {change_title(change, ranked)}"
    yield ""
    yield from (f"    {line}".rstrip() for line in change.diff.splitlines())
    yield ""
    for remark in remarks(change.proposal):
        yield from wrapped(remark, "  - ", "    ")


def change_title(change: Change, ranked: RankedCause) -> str:
    """Return what a change does, and where."""
    finding = change.proposal.finding
    return f"{ranked.cause.fixes[change.proposal.fix].title} ({finding.path}:{finding.line})"


def more_changes(ranked: RankedCause) -> str:
    """Return how the changes shown are made, and how many more there are."""
    more = len(ranked.changes) - CHANGES_SHOWN
    told = f"There are {more} more places. " if more > 0 else ""
    command = f"{program.name()} fix {ranked.cause.id} --source"
    return (
        f"{told}`{command} FOLDER --apply` makes a change; `{program.name()} fix {ranked.cause.id}` gives an example."
    )


def _fix_lines(fix: RenderedFix) -> Iterator[str]:
    yield f"Fix: {fix.title} ({fix.snippet.file_name})"
    if fix.misfit:
        yield from wrapped(misfit_text(fix), "  ", "    ")
    yield ""
    yield from (f"    {line}".rstrip() for line in fix.snippet.text.rstrip().splitlines())
    yield ""
    for step in fix.steps:
        yield from wrapped(step, "  - ", "    ")
    yield from wrapped(f"Check: {fix.check}", "  ", "    ")
    if fix.risk:
        yield from wrapped(f"Risk: {fix.risk}", "  ", "    ")
    yield from wrapped(verified_text(fix), "  ", "    ")


def verified_text(fix: RenderedFix) -> str:
    """Return the sentence that says what the fix was run against."""
    if not fix.verified_with:
        return "This fix has no reproduction; it was reviewed but not run."
    packages = ", ".join(f"{name} {version}" for name, version in fix.verified_with.items())
    return f"Run against {packages}."


def misfit_text(fix: RenderedFix) -> str:
    """Return the sentence that says why a fix does not work with the versions in use."""
    return f"Not for your versions: it {fix.misfit}."


def versions_text(answer: Answer) -> str:
    """Return the versions in use, and where they stand, as one sentence."""
    named = (f"{TITLES[package]} {version.text} ({version.location})" for package, version in answer.versions.items())
    return f"Versions in use: {', '.join(named)}."


def question_lines(ask: Ask) -> Iterator[str]:
    """Yield the question that would help most, and how to answer it on the command line."""
    yield from wrapped(f"The question that would help most: {ask.text}", "", "  ")
    for option, text in list(ask.options.items())[:OPTIONS_SHOWN]:
        yield from wrapped(f"--answer {ask.question}={option}   {text}", "  ", "      ")
    if len(ask.options) > OPTIONS_SHOWN:
        more = len(ask.options) - OPTIONS_SHOWN
        yield f"  … and {more} more; `{program.name()}` without a command asks them in a dialogue."


def reason_text(reason: Reason) -> str:
    """Return a reason on one line: its weight, where it stands, and what it is."""
    return f"{reason.bits:+.1f} bits  {reason_place(reason)}: {reason.evidence.what}"


def reason_place(reason: Reason) -> str:
    """Return where a reason comes from."""
    return reason.evidence.location or reason.evidence.source


def percent(probability: float) -> str:
    """Return a probability as people read it, never as a certainty."""
    return f"{min(99, max(1, round(100 * probability)))} %"


def unknown_text(answer: Answer) -> str:
    """Return the sentence that says whether more would help, or the cause is not one of those known."""
    return FOREIGN if answer.is_foreign else CANNOT_TELL


def _tells(ranked: Sequence[RankedCause]) -> Iterator[str]:
    for item in ranked:
        yield from wrapped(f"{percent(item.probability):>5}  {item.cause.title} ({item.cause.id})", " ", "        ")
        yield from wrapped(item.cause.tell, "        ", "        ")
        for reason in item.reasons[:1]:
            yield from wrapped(f"Because {reason_place(reason)}: {reason.evidence.what}", "        ", "        ")


def _table(ranked: tuple[RankedCause, ...] | list[RankedCause]) -> Iterator[str]:
    for item in ranked:
        yield from wrapped(f"{percent(item.probability):>5}  {item.cause.title} ({item.cause.id})", " ", "        ")
