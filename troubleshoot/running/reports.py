"""A section below failing tests: what the failure comes from, where that is known."""

from __future__ import annotations

from collections.abc import Generator
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from troubleshoot.running.exceptions import chain_of, text_of

if TYPE_CHECKING:
    from troubleshoot.investigation.answer import Answer
    from troubleshoot.running.failures import Explainer

SECTION = "troubleshoot"
CAPTURED = ("Captured log", "Captured stderr")
"""What the headings of captured text begin with that may say more than the exception."""
LIBRARIES = ("fastapi", "starlette", "sqlalchemy", "sqlmodel", "uvicorn", "httpx", "httpx2", "pydantic")
"""Packages that raise what an application does wrong; an assertion of theirs is no verdict of a test."""
OWN_CODE = "own-code"
"""The family of which nothing is said: the traceback above says it."""


class Reports:
    """Adds the section to reports of tests, and of modules that cannot be collected."""

    @cached_property
    def _explainer(self) -> Explainer:
        """What explains failures, made at the first: a run that passes needs nothing of it."""
        from troubleshoot.running.failures import Explainer

        return Explainer()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Look at a test that has failed, in whichever of its phases."""
        report = yield
        if report.failed and call.excinfo is not None:
            self._explain(report, call.excinfo.value)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Look at what has kept a module from being collected, such as an application that cannot be imported."""
        report = yield
        call: pytest.CallInfo[None] | None = getattr(report, "call", None)
        if report.failed and call is not None and call.excinfo is not None:
            self._explain(report, call.excinfo.value)
        return report

    def _explain(self, report: pytest.TestReport | pytest.CollectReport, error: BaseException) -> None:
        """Add the section to `report`, if there is something to say; whatever goes wrong here costs one line."""
        try:
            said = self._said(report, error)
        except Exception as problem:
            said = f"This failure could not be looked at: {type(problem).__name__}."
        if said:
            _add(report, said)

    def _said(self, report: pytest.TestReport | pytest.CollectReport, error: BaseException) -> str:
        """Return what is known of a failure; nothing if it cannot be told, or if the traceback says it."""
        if all(_is_verdict(item) for item in chain_of(error)):
            return ""
        written = report.longreprtext if isinstance(error, pytest.FixtureLookupError) else text_of(error)
        answer = self._explainer.explain(written)
        if not _is_worth_saying(answer) and _raised_in(error) in LIBRARIES:
            # What a library has raised may be the answer to what was logged; what a test logs, it may have expected.
            captured = [text for name, text in report.sections if name.startswith(CAPTURED)]
            answer = self._explainer.explain(written, *captured) if captured else answer
        if not _is_worth_saying(answer):
            return ""
        from troubleshoot.formats import note

        return note.write(answer).rstrip()


def _is_worth_saying(answer: Answer) -> bool:
    """Return whether an answer names one cause, by more than the way that every request of a test takes."""
    if answer.status != "diagnosed" or answer.ranked[0].cause.family == OWN_CODE:
        return False
    from troubleshoot.sources.frames import FRAME

    reasons = [reason.evidence for reason in answer.ranked[0].reasons if reason.bits > 0]
    return any(item.kind in ("signal", "symptom") and not FRAME.search(item.what) for item in reasons)


def _is_verdict(error: BaseException) -> bool:
    """Return whether an exception is what a test says of what it has seen, rather than what it has met."""
    if isinstance(error, pytest.fail.Exception):
        return True
    if not isinstance(error, AssertionError):
        return False
    return _raised_in(error) not in LIBRARIES


def _raised_in(error: BaseException) -> str:
    """Return the package whose statement has raised an exception."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    module = traceback.tb_frame.f_globals.get("__name__", "") if traceback is not None else ""
    return str(module).partition(".")[0]


def _add(report: pytest.TestReport | pytest.CollectReport, said: str) -> None:
    """Put a section right below the traceback, where files and editors show it too; else among what was captured."""
    add = getattr(report.longrepr, "addsection", None)
    if add is None:
        report.sections.insert(0, (SECTION, said))
    else:
        add(SECTION, said)
