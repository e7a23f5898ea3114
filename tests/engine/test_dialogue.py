"""The dialogue: it asks what tells causes apart, and nothing else."""

import math
import random

from catalogs import catalog_of, cause, known
from hypothesis import given

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.engine.dialogue import describe, effort, next_question
from troubleshoot.engine.ranking import Likelihoods, rank
from troubleshoot.engine.strengths import ALIVE, EFFORT, TELLS_AGAIN, TELLS_SHOWN, WORTH_ASKING
from troubleshoot.investigation.session import OPENING_AGAIN, Session
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Evidence


def ask(catalog, items, skipped=()):
    likelihoods = Likelihoods.of(catalog)
    return next_question(catalog, likelihoods, rank(likelihoods, items), items, skipped)


@given(known())
def test_what_is_known_is_never_asked(drawn):
    catalog, items = drawn
    asked = ask(catalog, items)
    assert asked is None or asked.question not in {item.subject for item in items if item.kind == "answer"}


@given(known())
def test_it_is_deterministic(drawn):
    catalog, items = drawn
    assert ask(catalog, items) == ask(catalog, random.Random(0).sample(items, len(items)))


@given(known())
def test_a_question_is_worth_its_while_and_comes_to_an_end(drawn):
    catalog, items = drawn
    session = Session(catalog, observed=items)
    for _ in range(len(catalog.questions) + len(catalog.causes) + 3):
        question = session.next_question()
        if question is None:
            break
        assert question.gain > 0
        session.tell(question, "")
    assert session.next_question() is None


def information(likelihoods, ranking, question):
    """Return the mutual information between cause and answer, in bits, by its definition."""
    alive = [item for item in ranking if item.probability >= ALIVE * ranking[0].probability]
    total = sum(item.probability for item in alive)
    options = likelihoods.options[question]
    given = {
        item.cause: [likelihoods.probability(question, option, item.cause) for option in options] for item in alive
    }
    mixed = [sum(item.probability / total * given[item.cause][at] for item in alive) for at in range(len(options))]
    return sum(
        item.probability / total * chance * math.log2(chance / all_)
        for item in alive
        for chance, all_ in zip(given[item.cause], mixed, strict=True)
    )


@given(known())
def test_no_question_that_tells_enough_is_passed_over(drawn):
    catalog, items = drawn
    likelihoods = Likelihoods.of(catalog)
    ranking = rank(likelihoods, items)
    asked = next_question(catalog, likelihoods, ranking, items)
    closed = {item.subject for item in items if item.kind == "answer"}
    closed |= {SYMPTOM_QUESTION for item in items if item.kind == "symptom"}
    gains = {
        question: information(likelihoods, ranking, question)
        for question in {*catalog.questions, SYMPTOM_QUESTION} - closed
    }
    if asked is not None and asked.question in gains:
        assert math.isclose(gains[asked.question], asked.gain, rel_tol=1e-6, abs_tol=1e-9)
    best = asked.gain / EFFORT[effort(catalog, asked.question)] if asked else 0.0
    for question, gain in gains.items():
        assert gain < WORTH_ASKING + 1e-9 or gain / EFFORT[effort(catalog, question)] <= best + 1e-9


@given(known())
def test_dont_know_changes_nothing(drawn):
    catalog, items = drawn
    session = Session(catalog, observed=items)
    before = session.ranking()
    question = session.next_question()
    if question is not None:
        session.tell(question, "")
    assert session.ranking() == before


def test_it_asks_what_tells_the_leading_causes_apart():
    questions = {"apart": ["yes", "no"], "same": ["yes", "no"]}
    one = cause("family/one", {"s": "always"}, {"apart": {"yes": "always"}, "same": {"yes": "always"}})
    two = cause("family/two", {"s": "always"}, {"apart": {"no": "always"}, "same": {"yes": "always"}})
    catalog = catalog_of([one, two], ["s", "t"], questions)
    seen = [
        Evidence(kind="answer", subject=SYMPTOM_QUESTION, value="s", source="answer", what=""),
        Evidence(kind="answer", subject="same", value="yes", source="answer", what=""),
    ]
    assert ask(catalog, seen, list(catalog.causes)).question == "apart"


def test_the_tells_shown_are_those_of_the_leading_causes():
    causes = [cause(f"family/cause-{index}", {"s": "always"}, {}) for index in range(9)]
    catalog = catalog_of(causes, ["s", "t"], {"q": ["yes", "no"]})
    seen = [Evidence(kind="resemblance", subject="family/cause-7", degree=0.1, source="complaint", what="")]
    asked = ask(catalog, seen, [SYMPTOM_QUESTION])
    assert asked.question == TELL_QUESTION
    assert next(iter(asked.options)) == "family/cause-7"
    assert [*asked.options][-1] == NONE_OF_THESE
    assert len(asked.options) == TELLS_SHOWN + 1


def test_tells_that_were_not_recognised_are_not_shown_again():
    causes = [cause(f"family/cause-{index}", {"s": "always"}, {}) for index in range(9)]
    catalog = catalog_of(causes, ["s", "t"], {"q": ["yes", "no"]})
    session = Session(catalog)
    first = ask(catalog, [], [SYMPTOM_QUESTION])
    session.tell(first, NONE_OF_THESE)
    second = ask(catalog, session.evidence, [SYMPTOM_QUESTION])
    assert not set(first.options) & set(second.options) - {NONE_OF_THESE}


def test_an_earlier_answer_can_be_changed_without_losing_the_later_ones():
    questions = {"first": ["yes", "no"], "second": ["yes", "no"]}
    catalog = catalog_of([cause("family/one", {"s": "always"}, {"first": {"yes": "always"}})], ["s", "t"], questions)
    session = Session(catalog)
    asked = [
        type(session.next_question())(question=name, text="", why="", options={"yes": "", "no": ""}, gain=1.0)
        for name in questions
    ]
    session.tell(asked[0], "yes")
    session.tell(asked[1], "no")
    session.tell(asked[0], "no", at=0)
    assert [(step.question, step.option) for step in session.steps] == [("first", "no"), ("second", "no")]


def other_symptoms():
    """Return a session about two causes that share nothing."""
    one = cause("family/one", {"s": "always"}, {})
    two = cause("family/two", {"t": "always"}, {})
    return Session(catalog_of([one, two], ["s", "t"], {}))


def test_where_nothing_leads_anywhere_the_opening_question_is_asked_once_more():
    session = other_symptoms()
    session.tell(describe(session.catalog, SYMPTOM_QUESTION), "s")
    asked = session.next_question()
    assert (asked.question, "family/one" in asked.options) == (TELL_QUESTION, True)
    session.tell(asked, NONE_OF_THESE)
    asked = session.next_question()
    assert asked.question == SYMPTOM_QUESTION
    assert asked.text != "What do you see?"
    session.tell(asked, "t")
    assert [item.value for item in session.evidence if item.subject == SYMPTOM_QUESTION] == ["t"]
    assert next(item.cause for item in session.ranking() if item.cause != NONE_OF_THESE) == "family/two"
    assert session.next_question() is None


def test_an_opening_that_was_passed_over_comes_again_when_the_field_is_smaller():
    session = Session(load(find_content()))
    for _ in range(OPENING_AGAIN + 1):
        asked = session.next_question()
        session.tell(asked, "" if asked.question == SYMPTOM_QUESTION else next(iter(asked.options)))
        if session.diagnosis().status == "diagnosed":
            session.steps.pop()
            session.tell(asked, "")
    assert [step.question for step in session.steps].count(SYMPTOM_QUESTION) == 1
    assert session.next_question().question == SYMPTOM_QUESTION
    session.tell(session.next_question(), "")
    assert session.next_question().question != SYMPTOM_QUESTION


def test_of_many_tells_that_nobody_could_tell_the_leading_few_are_shown_once_more():
    causes = [cause(f"family/{name}", {"s": "always"}, {}) for name in ("a", "b", "c", "d")]
    session = Session(catalog_of(causes, ["s", "t"], {}))
    session.tell(describe(session.catalog, SYMPTOM_QUESTION), "s")
    pages = []
    while (asked := session.next_question()) and asked.question == TELL_QUESTION:
        pages.append([option for option in asked.options if option != NONE_OF_THESE])
        session.tell(asked, "")
    assert [len(page) for page in pages] == [4, TELLS_AGAIN, TELLS_AGAIN]
    assert sorted(pages[1] + pages[2]) == sorted(pages[0])
