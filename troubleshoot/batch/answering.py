"""One line in, one line out: whatever is wrong with a line is said in its place."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from troubleshoot.api import Knowledge
from troubleshoot.batch.cases import Line, case_of, name_of, object_of
from troubleshoot.errors import ExitCode, TroubleshootError
from troubleshoot.formats import line as written
from troubleshoot.investigation.answer import causes_of
from troubleshoot.investigation.intake import Intake
from troubleshoot.redaction import shown


class Answered(NamedTuple):
    """A line to write, and what it has come to: `NAMED`, `SKIPPED` for part of it, or `BUG`."""

    text: str
    code: ExitCode


def answer_to(line: Line, knowledge: Knowledge, top: int) -> Answered:
    """Return the answer to a line, with at most `top` causes."""
    name = None
    try:
        value = object_of(line)
        name = name_of(value)
        case = case_of(value)
        place = Path(case.source) if case.source else None
        logs = (case.log,) if case.log else ()
        session = knowledge.examined(Intake(complaint=case.text, log_texts=logs, source=place))
        answer = causes_of(session, knowledge.renderer, top, place, None)
    except TroubleshootError as error:
        return Answered(_failed(line, name, str(error).removeprefix("--")), ExitCode.SKIPPED)
    except Exception as error:  # the other lines are still to be answered
        return Answered(_failed(line, name, f"a bug in troubleshoot: {type(error).__name__}: {error}"), ExitCode.BUG)
    code = ExitCode.SKIPPED if answer.skipped else ExitCode.NAMED
    return Answered(written.write(line.number, name, written.values(answer)), code)


def _failed(line: Line, name: str | int | None, why: str) -> str:
    return written.write(line.number, name, {"error": shown(why)})
