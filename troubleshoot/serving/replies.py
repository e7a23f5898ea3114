"""Answers as a client gets them: JSON or lines, at most 4 KB unless more was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troubleshoot.formats import words
from troubleshoot.investigation.answer import Answer, RankedCause
from troubleshoot.investigation.session import Session
from troubleshoot.model import TELL_QUESTION, Ask, Reason
from troubleshoot.redaction import shown

LARGEST = 4096
"""Bytes of an answer of which no detail was asked for."""
STEPS = ((4, 300, 12), (3, 220, 12), (2, 160, 10), (1, 120, 8), (1, 70, 6))
"""Reasons, characters of a text and options that are shown, from the most that may fit to what always does."""
WHOLE = (1000, 4000, 1000)
SAID = {
    "diagnosed": "It stakes its name on the first cause.",
    "likely": "It is one of these; the next question would settle it.",
}
CONTESTED = (
    "What you have read and what was observed disagree: without your candidates {} would be the first. Believe neither "
    "before the next question is looked up."
)
HELPFUL = {
    "log": "a traceback or log of the moment (log, log_path)",
    "source": "the source (source)",
    "complaint": "what the person sees, in their words (complaint)",
}
"""What can still be handed over, where the cause cannot be told."""


def case_of(
    case: str,
    answer: Answer,
    session: Session,
    look_at: Mapping[str, Sequence[str]],
    relative: Callable[[str], str],
    *,
    detail: bool,
) -> str:
    """Return `answer` as JSON, with the places of the source at which its next question can be looked up.

    `relative` makes paths of a text those that the client knows.
    """
    for reasons, width, options in (WHOLE,) if detail else STEPS:
        writer = _Writer(session, relative, reasons, width, options, detail)
        text = json.dumps(writer.case(case, answer, look_at), ensure_ascii=False)
        if detail or len(text.encode()) <= LARGEST:
            return text
    return json.dumps(writer.case(case, answer, {}), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes an answer with so many reasons, characters of a text and options; with `detail` also what explains it."""

    session: Session
    relative: Callable[[str], str]
    reasons: int
    width: int
    options: int
    detail: bool

    def short(self, text: str, width: int = 0) -> str:
        return shown(self.relative(text), min(width or self.width, self.width))

    def case(self, case: str, answer: Answer, look_at: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        value: dict[str, Any] = {
            "case": case,
            "status": answer.status,
            "says": self.says(answer),
            "named": answer.named,
            "causes": [self.cause(item) for item in answer.ranked],
        }
        if answer.next_question is not None:
            value["next_question"] = self.question(answer.next_question, answer.ranked, look_at)
        given = [self.short(f"{what}: {name}", 80) for what, names in self.session.given.items() for name in names]
        skipped = (": ".join(filter(None, (item.location or item.source, item.why))) for item in answer.skipped)
        value["examined"] = self.some(given, self.options)
        value["skipped"] = self.some([self.short(text) for text in skipped], self.options // 2)
        if answer.versions:
            value["versions"] = {package: self.short(found.text, 40) for package, found in answer.versions.items()}
        if answer.status == "unknown":
            value["would_help"] = [text for what, text in HELPFUL.items() if what not in self.session.given]
        return value

    def says(self, answer: Answer) -> str:
        if answer.status == "likely" and (rival := self.session.diagnosis().rival):
            return CONTESTED.format(rival)
        return SAID.get(answer.status) or words.unknown(answer)

    def some(self, texts: Sequence[str], most: int) -> list[str]:
        more = 0 if self.detail else len(texts) - most
        return [*texts[:most], f"… and {more} more"] if more > 0 else list(texts)

    def cause(self, item: RankedCause) -> dict[str, Any]:
        cause = item.cause
        value: dict[str, Any] = {
            "cause": cause.id,
            "title": cause.title,
            "probability": round(min(item.probability, 0.99), 2),
            "tell": self.short(cause.tell),
            "reasons": [self.reason(reason) for reason in item.reasons[: self.reasons]],
            "do_this": self.short(item.do_this.what, 120),
        }
        if item.line is not None:
            value["line"] = self.short(f"{item.line.path}:{item.line.line} {item.line.function}", 120)
        if item.changes:
            places = [f"{change.proposal.finding.path}:{change.proposal.finding.line}" for change in item.changes]
            value["changes"] = self.some([self.short(place, 120) for place in places], 3)
        if item.fixes[0].misfit:
            value["not_for_your_versions"] = self.short(item.fixes[0].misfit)
        if self.detail:
            value["explanation"] = cause.explanation
            value["fixes"] = [
                {
                    "fix": f"{cause.id}#{fix.id}",
                    "title": fix.title,
                    "check": fix.check,
                    "run": words.verified(fix.verified_with),
                }
                for fix in item.fixes
            ]
            value["references"] = list(cause.references)
        return value

    def reason(self, reason: Reason) -> dict[str, str]:
        where, what = self.short(words.where(reason), 100), self.short(reason.evidence.what)
        return {"weight": words.weight(reason), "where": where, "what": what}

    def question(self, ask: Ask, ranked: Sequence[RankedCause], look_at: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        said = {item.cause.id for item in ranked} if ask.question == TELL_QUESTION else ()
        kept = list(ask.options.items())[: self.options]
        value: dict[str, Any] = {
            "id": ask.question,
            "text": self.short(ask.text),
            "options": {id_: "its tell, above" if id_ in said else self.short(text) for id_, text in kept},
        }
        if len(ask.options) > len(kept):
            value["more_options"] = len(ask.options) - len(kept)
        known = self.session.catalog.questions.get(ask.question)
        if known is not None and known.probe is not None:
            value["probe"] = known.probe.template
        if look_at:
            value["look_at"] = {name: [self.short(place, 100) for place in places] for name, places in look_at.items()}
        return value


def lines_of(text: str, *, detail: bool) -> str:
    """Return `text`, of which no detail was asked for, cut at the end of a line, with how much is left out."""
    if detail or len(text.encode()) <= LARGEST:
        return text
    lines = text.splitlines()
    size, kept = 100, 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > LARGEST:
            break
        kept += 1
    return "\n".join([*lines[:kept], f"… and {len(lines) - kept} more lines; detail: true has them.", ""])
