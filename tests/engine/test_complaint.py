"""A complaint: errors quoted in it count, and so does its likeness to how people describe a cause."""

import dataclasses

import pytest
from catalogs import catalog_of, cause
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.model import Evidence, Signal, Skipped
from troubleshoot.sources.complaint import ComplaintSource
from troubleshoot.sources.passages import sentences


def phrased(id_: str, *phrases: str):
    return dataclasses.replace(cause(id_, {"s": "always"}, {}), title=id_, tell="-", explanation="-", phrases=phrases)


CATALOG = catalog_of(
    [
        phrased("family/pool", "connection pool exhausted under load", "requests wait for a database connection"),
        phrased("family/cors", "the browser blocks the request with a CORS error", "preflight answers without headers"),
        phrased("family/chat", "the chat window freezes for everybody", "messages stop for all users"),
    ],
    ["s"],
    {"q": ["yes", "no"]},
)


def alike(text, index=None):
    """Return each cause that `text` resembles with the degree, as a person's whole complaint."""
    complaint = ComplaintSource(CATALOG, text, index=index)
    return [(item.subject, item.degree) for item in complaint.collect() if isinstance(item, Evidence)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all my requests are waiting for database connections", "family/pool"),
        ("Browser: blocked by CORS, preflight has no headers", "family/cors"),
        ("chat freezing for users", "family/chat"),
    ],
)
def test_the_nearest_cause_comes_first(text, expected):
    assert alike(text)[0][0] == expected


@pytest.mark.parametrize(
    ("command", "without"),
    [
        ("uvicorn main:app --host 0.0.0.0 --port 8000", "uvicorn main:app"),
        ("uvicorn app.main:create_app() --factory --reload", "uvicorn app.main:create_app()"),
        ("gunicorn -w 4 -k uvicorn.workers.UvicornWorker app.main:app --bind=0.0.0.0:80", "gunicorn"),
        ("fastapi run main.py --workers 4", "fastapi run main.py"),
    ],
)
def test_the_options_that_a_server_is_started_with_say_nothing(command, without):
    said = "uvicorn --host 0.0.0.0 --port 8000 --reload --factory, gunicorn -w 4 app.main, fastapi run --workers 4"
    causes = [phrased("family/pool", "requests wait for a database connection"), phrased("family/start", said)]
    catalog = catalog_of(causes, ["s"], {"q": ["yes", "no"]})

    def first(run):
        found = list(ComplaintSource(catalog, f"It runs with {run}. Requests wait for the database.").collect())
        return found[0].subject, found[0].degree

    assert first(command) == first(without)
    assert first(command)[0] == "family/pool"


def test_what_sqlalchemy_puts_behind_every_error_says_nothing():
    behind = "(Background on this error at: https://sqlalche.me/e/20/e3q8)"
    assert list(sentences([f"The seats are gone {behind} and nobody paid."])) == [
        "The seats are gone   and nobody paid."
    ]


def test_pictures_html_and_pages_to_read_say_nothing():
    text = (
        '<img width="7" alt="the chat window freezes" src="https://github.com/chat/freezes"> I open '
        "http://localhost:8000/chat as in [the manual](https://fastapi.tiangolo.com/chat/window/?messages=freezes#all) "
        "and ![freezes](https://user-images.githubusercontent.com/1/window.png) <br/> see nothing."
    )
    (said,) = sentences([text])
    assert said.split() == [
        "I",
        "open",
        "http://localhost:8000/chat",
        "as",
        "in",
        "[the",
        "manual](",
        ")",
        "and",
        "see",
        "nothing.",
    ]


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("A wrong token gives 500 instead of 401", True),
        ("I get a 500 for every request.", True),
        ("It answers 500.", True),
        ("500 Internal Server Error since yesterday", True),
        ("It gets 500 requests a second, a 500 MB file among them, and takes 500 ms.", False),
        ("Five of 500 users see it.", False),
    ],
)
def test_a_500_that_somebody_speaks_of_is_a_symptom(catalog, text, is_said):
    found = [
        item.subject for item in ComplaintSource(catalog, text).collect() if getattr(item, "kind", "") == "symptom"
    ]
    assert ("server-error" in found) == is_said


ERROR = "AttributeError: 'async_generator' object has no attribute 'post'"
TEST = """```python
@pytest.fixture
async def shop():
    yield Shop()


async def test_order(shop):
    await shop.post("/orders")
```
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"Every call ends with it.\n\n{TEST}\n{ERROR}\n", ["supports"]),
        (f"I use a fixture in the tests. Elsewhere I get this.\n\n```\n{ERROR}\n```\n", []),
        (f"I wrote get_shop() and call it.\n\n```\n{ERROR}\n```\n", []),
    ],
)
def test_the_source_that_is_shown_beside_an_error_supports_what_it_stands_for(catalog, text, value):
    found = [
        item.value
        for item in ComplaintSource(catalog, text).collect()
        if getattr(item, "kind", "") == "signal" and item.subject == "testing/async-fixture-not-handled"
    ]
    assert found == value


def test_a_complaint_about_something_else_resembles_nothing():
    assert alike("sourdough rises slowly") == []


def test_more_of_the_words_mean_a_higher_degree():
    few = dict(alike("connection trouble since yesterday morning in Paris"))["family/pool"]
    many = dict(alike("connection pool exhausted"))["family/pool"]
    assert 0 < few < many <= 1


def test_an_index_on_disk_gives_the_same_answer(tmp_path):
    index = tmp_path / "index.sqlite"
    text = "database connection pool"
    assert alike(text, index) == alike(text, index) == alike(text)
    index.write_bytes(b"damaged")
    assert alike(text, index) == alike(text)


@given(st.text(max_size=300))
def test_no_text_can_upset_it(text):
    for _, degree in alike(text):
        assert 0 <= degree <= 1


def test_words_of_the_query_language_are_only_words():
    assert alike('pool" OR NEAR(connection) NOT * ^ - AND')[0][0] == "family/pool"


def test_an_empty_complaint_is_said_to_be_empty():
    assert list(ComplaintSource(CATALOG, " \n").collect()) == [
        Skipped(source="complaint", location="", why="it is empty")
    ]


def recognised(weight: str):
    """Return a catalog that has a signal of this weight for nearly a whole sentence."""
    pattern = "(?i)everybody.s window freezes until one .{1,20} is through"
    signal = Signal(pattern=pattern, weight=weight)
    chat = dataclasses.replace(CATALOG.causes["family/chat"], signals=(signal,))
    return dataclasses.replace(CATALOG, causes={**CATALOG.causes, chat.id: chat})


@pytest.mark.parametrize(("weight", "keeps"), [("supports", True), ("confirms", False)])
def test_a_sentence_that_was_recognised_keeps_its_words_unless_they_are_a_librarys(weight, keeps):
    text = "In the chat everybody's window freezes until one message is through"
    found = list(ComplaintSource(recognised(weight), text).collect())
    likeness = [item for item in found if item.kind == "resemblance" and item.subject == "family/chat"]
    assert [item.value for item in found if item.kind == "signal"] == [weight]
    assert ("freezes" in likeness[0].what.partition(";")[0]) is keeps
