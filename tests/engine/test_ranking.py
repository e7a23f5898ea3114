"""Ranking: whatever the knowledge and the evidence, these hold."""

import math
import random

from catalogs import catalog_of, catalogs, cause, evidence, known
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.engine.ranking import Likelihoods, diagnose, rank
from troubleshoot.engine.strengths import DIAGNOSED, LIKELIHOOD, SIGNAL_BITS
from troubleshoot.model import NONE_OF_THESE, Evidence


def places(ranking):
    return {candidate.cause: candidate.probability for candidate in ranking}


def test_the_words_for_strength_are_in_their_order():
    assert LIKELIHOOD["always"] > LIKELIHOOD["often"] > LIKELIHOOD["sometimes"] > 0
    assert SIGNAL_BITS["confirms"] > SIGNAL_BITS["supports"] > 0 > SIGNAL_BITS["rules_out"]


@given(known())
def test_the_probabilities_add_up_to_one_and_none_of_these_competes(drawn):
    catalog, items = drawn
    ranking = rank(Likelihoods.of(catalog), items)
    assert {*catalog.causes, NONE_OF_THESE} == {candidate.cause for candidate in ranking}
    assert math.isclose(1.0, math.fsum(places(ranking).values()))


@given(known(), st.randoms())
def test_the_order_of_evidence_is_irrelevant(drawn, dice: random.Random):
    catalog, items = drawn
    shuffled = dice.sample(items, len(items))
    likelihoods = Likelihoods.of(catalog)
    assert rank(likelihoods, items) == rank(likelihoods, shuffled)


@given(known())
def test_evidence_counts_once_however_often_it_is_seen(drawn):
    catalog, items = drawn
    likelihoods = Likelihoods.of(catalog)
    assert places(rank(likelihoods, items)) == places(rank(likelihoods, items + items))


@given(known(), st.data())
def test_supporting_evidence_never_lowers_a_cause(drawn, data):
    catalog, items = drawn
    subject = data.draw(st.sampled_from(sorted(catalog.causes)))
    kind, value, degree = data.draw(
        st.sampled_from(
            (
                ("signal", "confirms", 0.0),
                ("signal", "supports", 0.0),
                ("resemblance", "", 0.7),
                ("tell", "yes", 0.0),
                ("reading", "sure", 0.0),
                ("reading", "possible", 0.0),
                ("outcome", "yes", 0.0),
            )
        )
    )
    more = Evidence(kind=kind, subject=subject, value=value, degree=degree, key="new", source="test", what="more")
    likelihoods = Likelihoods.of(catalog)
    before, after = (places(rank(likelihoods, seen))[subject] for seen in (items, [*items, more]))
    assert after >= before or math.isclose(before, after)


@given(known(), st.data())
def test_a_symptom_in_a_log_never_lowers_a_cause_relative_to_none_of_these(drawn, data):
    catalog, items = drawn
    symptom = data.draw(st.sampled_from(sorted(catalog.symptoms)))
    more = Evidence(kind="symptom", subject=symptom, source="log", what="more")
    likelihoods = Likelihoods.of(catalog)
    before, after = (places(rank(likelihoods, seen)) for seen in (items, [*items, more]))
    for id_ in catalog.causes:
        odds = (after[id_] / after[NONE_OF_THESE]) / (before[id_] / before[NONE_OF_THESE])
        assert odds >= 1 or math.isclose(1, odds)


@given(known())
def test_the_reasons_account_for_the_probability(drawn):
    catalog, items = drawn
    likelihoods = Likelihoods.of(catalog)
    ranking = rank(likelihoods, items)
    none = next(candidate for candidate in ranking if candidate.cause == NONE_OF_THESE)
    for candidate in ranking:
        bits = math.fsum(reason.bits for reason in candidate.reasons)
        prior = math.log2(likelihoods.prior[candidate.cause] / likelihoods.prior[NONE_OF_THESE])
        posterior = math.log2(candidate.probability / none.probability)
        assert math.isclose(prior + bits, posterior, abs_tol=1e-6)


@given(catalogs())
def test_without_evidence_nothing_is_known(catalog):
    diagnosis = diagnose(rank(Likelihoods.of(catalog), []))
    assert diagnosis.status == "unknown"
    assert diagnosis.candidates == ()


@given(st.data())
def test_diagnosed_means_a_high_probability(data):
    catalog = data.draw(catalogs())
    diagnosis = diagnose(rank(Likelihoods.of(catalog), data.draw(evidence(catalog))))
    if diagnosis.status == "diagnosed":
        assert diagnosis.candidates[0].probability >= DIAGNOSED


def test_one_wrong_answer_is_survived():
    questions = {f"q{index}": ["yes", "no"] for index in range(6)}
    mine = cause("family/mine", {"s": "always"}, {question: {"yes": "always"} for question in questions})
    other = cause("family/other", {"s": "always"}, {question: {"no": "always"} for question in questions})
    likelihoods = Likelihoods.of(catalog_of([mine, other], ["s"], questions))
    answers = [
        Evidence(kind="answer", subject=question, value="no" if question == "q0" else "yes", source="answer", what="")
        for question in questions
    ]
    after = places(rank(likelihoods, answers))
    assert after["family/mine"] > 10 * after["family/other"]


def test_a_fix_that_did_not_help_rules_its_cause_out():
    causes = [cause(f"family/{name}", {"s": "always"}, {}) for name in ("one", "two")]
    likelihoods = Likelihoods.of(catalog_of(causes, ["s", "t"], {"q": ["yes", "no"]}))
    seen = [
        Evidence(kind="signal", subject="family/one", value="confirms", source="log", what=""),
        Evidence(kind="symptom", subject="s", source="log", what=""),
        Evidence(kind="outcome", subject="family/one", value="no", source="answer", what=""),
    ]
    assert rank(likelihoods, seen[:2])[0].cause == "family/one"
    assert places(rank(likelihoods, seen))["family/two"] > places(rank(likelihoods, seen))["family/one"]
