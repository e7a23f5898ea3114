"""A session on disk: kept when the user breaks off, taken up again later."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

from troubleshoot import limits
from troubleshoot.engine.strengths import FINDING_BITS, OUTCOME_BITS, READING_BITS, SIGNAL_BITS, TELL_BITS, VERSION_BITS
from troubleshoot.errors import OutputError, UsageError
from troubleshoot.investigation.session import Session, Step, cleaned, without_harm
from troubleshoot.investigation.shelf import modified, place, stem_of
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Catalog, Evidence, Skipped, Version
from troubleshoot.output import write_file
from troubleshoot.values import frozen

SCHEMA = 1
MOST_KEPT = 20
"""Sessions that are kept for a user who names no file."""
VALUES: Mapping[str, Container[str]] = {
    "signal": SIGNAL_BITS, "tell": TELL_BITS, "reading": READING_BITS, "outcome": OUTCOME_BITS,
    "finding": FINDING_BITS, "version": VERSION_BITS,
}  # fmt: skip
"""The values of those kinds of evidence about a cause that have one."""


@frozen
class Kept:
    """What is written down of a session; everything else follows from it."""

    schema: int
    observed: tuple[Evidence, ...]
    skipped: tuple[Skipped, ...]
    steps: tuple[Step, ...]
    outcomes: dict[str, Literal["yes", "no"]]
    versions: tuple[Version, ...] = ()


def keep_anew(session: Session, here: Path) -> Path:
    """Write `session`, of somebody who works in the folder `here`, to a file of its own, and return it.

    Of too many, the oldest goes. Raises `OutputError`, and OSError if there is no place for it.
    """
    folder = place()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_KEPT + 2):
        path = folder / f"{stem_of(here)}{f'-{number}' if number > 1 else ''}.json"
        try:
            keep(session, path, force=False)
        except OutputError:
            if not path.exists():
                raise
        else:
            break
    kept = sorted(folder.glob("*.json"), key=modified)
    for oldest in kept[:-MOST_KEPT]:
        oldest.unlink(missing_ok=True)
    return path


def keep(session: Session, path: Path, *, force: bool) -> Path:
    """Write `session` to `path`, whole or not at all, with `force` also if it is there, and return `path`.

    Raises `OutputError`.
    """
    kept = Kept(
        schema=SCHEMA,
        observed=tuple(session.observed),
        skipped=tuple(session.skipped),
        steps=tuple(session.steps),
        outcomes=session.outcomes,  # type: ignore[arg-type] # what it holds comes from the wizard's two answers
        versions=tuple(session.versions),
    )
    write_file(path, json.dumps(asdict(kept), indent=1, ensure_ascii=False) + "\n", force=force)
    return path


def take_up(catalog: Catalog, path: Path) -> Session:
    """Return the session kept at `path`; what today's knowledge no longer holds is left out.

    Raises `UsageError` if the file cannot be read or is no kept session.
    """
    import pydantic

    try:
        text = limits.read(path, "session").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"--resume {path}: cannot be read: {why}") from error
    try:
        kept = pydantic.TypeAdapter(Kept).validate_json(text)
    except pydantic.ValidationError as error:
        raise UsageError(f"--resume {path}: is not a session kept by troubleshoot") from error
    if not all(0 <= item.degree <= 1 for item in kept.observed):
        raise UsageError(f"--resume {path}: is damaged: a degree is none from 0 to 1")
    if kept.schema != SCHEMA:
        raise UsageError(
            f"--resume {path}: was kept by another version (schema {kept.schema}, this one reads {SCHEMA})"
        )
    session = Session(
        catalog,
        observed=[cleaned(item) for item in kept.observed if _is_known(catalog, item.kind, item.subject, item.value)],
        versions=map(without_harm, kept.versions),
    )
    session.skipped += map(without_harm, kept.skipped)
    session.steps += [_with_known_tells(catalog, step) for step in kept.steps if _is_known_answer(catalog, step)]
    session.outcomes |= {cause: value for cause, value in kept.outcomes.items() if cause in catalog.causes}
    return session


def _is_known(catalog: Catalog, kind: str, subject: str, value: str) -> bool:
    if kind == "symptom":
        return subject in catalog.symptoms
    if kind == "elsewhere":
        return subject == NONE_OF_THESE
    if kind != "answer":
        return subject in catalog.causes and value in VALUES.get(kind, (value,))
    if subject == SYMPTOM_QUESTION:
        return not value or value in catalog.symptoms
    if subject == TELL_QUESTION:
        return value in ("", NONE_OF_THESE) or value in catalog.causes
    return subject in catalog.questions and (not value or value in catalog.questions[subject].options)


def _is_known_answer(catalog: Catalog, step: Step) -> bool:
    return _is_known(catalog, "answer", step.question, step.option)


def _with_known_tells(catalog: Catalog, step: Step) -> Step:
    return replace(step, shown=tuple(cause for cause in step.shown if cause in catalog.causes))
