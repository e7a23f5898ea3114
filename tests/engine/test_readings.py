"""What somebody says who has read the case is evidence like any other: it leads, and alone it proves nothing."""

import pytest

from troubleshoot.engine.ranking import Likelihoods, diagnose, rank
from troubleshoot.errors import UsageError
from troubleshoot.investigation.session import Session
from troubleshoot.model import Evidence
from troubleshoot.sources.readings import ReadingSource

CAUSE, OTHER = "websocket/disconnect-not-handled", "middleware/cors-missing-on-error"


def diagnosis(catalog, candidates, *more):
    found = list(ReadingSource(catalog, candidates).collect())
    return diagnose(rank(Likelihoods.of(catalog), [*found, *more]))


def seen(cause, value):
    return Evidence(kind="signal", subject=cause, value=value, key="1", source="log", what="a line")


def resembles(cause, degree):
    return Evidence(kind="resemblance", subject=cause, degree=degree, source="complaint", what="a sentence")


def test_sure_alone_is_likely_and_whatever_was_observed_besides_makes_it_the_diagnosis(catalog):
    alone = diagnosis(catalog, {CAUSE: "sure"})
    assert (alone.status, alone.named, alone.candidates[0].cause) == ("likely", 1, CAUSE)
    supported = diagnosis(catalog, {CAUSE: "sure"}, seen(CAUSE, "supports"))
    assert (supported.status, supported.candidates[0].cause) == ("diagnosed", CAUSE)


@pytest.mark.parametrize("word", ["likely", "possible"])
def test_less_than_sure_alone_is_no_more_than_a_guess(catalog, word):
    found = diagnosis(catalog, {CAUSE: word})
    assert (found.status, found.candidates[0].cause) == ("unknown", CAUSE)


def test_a_reading_makes_no_diagnosis_against_what_was_observed(catalog):
    found = diagnosis(catalog, {OTHER: "sure"}, seen(CAUSE, "confirms"), seen(CAUSE, "supports"))
    assert found.candidates[0].cause == CAUSE
    told = diagnosis(catalog, {OTHER: "sure"}, seen(CAUSE, "supports"), seen(OTHER, "supports"), resembles(CAUSE, 0.05))
    assert (told.candidates[0].cause, told.status) == (OTHER, "likely")
    assert CAUSE in [candidate.cause for candidate in told.candidates[: told.named]]


def test_two_that_are_sure_are_a_short_list(catalog):
    found = diagnosis(catalog, {CAUSE: "sure", OTHER: "sure"})
    assert (found.status, found.named) == ("likely", 2)


def test_a_cause_named_twice_counts_once_with_the_surer_word(catalog):
    once = diagnosis(catalog, {CAUSE: "sure"})
    twice = diagnosis(catalog, {CAUSE: "sure", "disconnect-not-handled": "possible"})
    assert once.candidates[0].probability == twice.candidates[0].probability


def test_a_cause_that_is_not_there_is_refused_with_the_nearest(catalog):
    session = Session(catalog)
    with pytest.raises(UsageError, match="did you mean 'websocket/disconnect-not-handled'"):
        session.examine(ReadingSource(catalog, {"websocket/disconnect-not-handeld": "sure"}))
