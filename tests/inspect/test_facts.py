"""Each fact holds of an application that shows it, and of no healthy twin."""

import json
from pathlib import Path

import pytest
from examples import EXAMPLES, HEAD

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.inspection.facts import KNOWN, ORDINARY, REMARKABLE


def test_every_remarkable_fact_has_an_example():
    assert set(REMARKABLE) == set(EXAMPLES)


@pytest.mark.parametrize("fact", EXAMPLES)
def test_a_fact_holds_where_it_should_and_nowhere_else(fact, project):
    wrong, right = EXAMPLES[fact]
    done = project.inspect(HEAD + wrong, "--format", "json")
    assert (done.code, done.err) == (1, "")
    assert set(done.remarkable) == {fact}
    if right is not None:
        healthy = project.inspect(HEAD + right, "--format", "json")
        assert (healthy.code, healthy.remarkable) == (0, [])


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (
            "route-shadowed",
            "GET /users/me (me) is never reached: GET /users/{name} (user), which is tried first, matches every such path",
        ),
        (
            "request-dependency-on-websocket",
            "WS /ws depends on user, which needs a Request; there is none on this route, so the call fails",
        ),
        (
            "variadic-query-parameter",
            "FastAPI reads args and kwargs out of the signature of wrapper as query parameters of GET /a",
        ),
    ],
)
def test_a_fact_is_one_sentence_in_the_users_names_with_its_place(fact, sentence, project):
    found = next(
        item
        for item in project.inspect(HEAD + EXAMPLES[fact][0], "--format", "json").json["facts"]
        if item["id"] == fact
    )
    assert found["what"] == sentence
    assert found["location"].startswith("main.py:")
    line = int(found["location"].partition(":")[2])
    assert (project.folder / "main.py").read_text().splitlines()[line - 1].lstrip().startswith("def ")


def test_a_bare_application_is_healthy_and_rules_much_out(project):
    done = project.inspect("from fastapi import FastAPI\napp = FastAPI()\n", "--format", "json")
    assert (done.code, done.remarkable, done.json["causes"]) == (0, [], [])
    assert {fact["id"] for fact in done.json["facts"]} >= {"no-middleware", "no-cors-middleware", "no-websocket-route"}


def test_what_cannot_be_looked_into_rules_nothing_out(project):
    done = project.inspect(
        """
        from fastapi import FastAPI
        class Other:
            async def __call__(self, scope, receive, send): ...
        app = FastAPI()
        app.mount("/other", Other())
        """,
        "--format",
        "json",
    )
    assert "no-websocket-route" not in {fact["id"] for fact in done.json["facts"]}


def test_every_fact_that_speaks_for_a_cause_is_remarkable():
    catalog = load(find_content())
    spoken = {(fact, weight) for cause in catalog.causes.values() for fact, weight in cause.facts.items()}
    assert {fact for fact, _ in spoken} <= set(KNOWN)
    assert {fact for fact, weight in spoken if weight != "rules_out"} <= set(REMARKABLE)
    assert not set(REMARKABLE) & set(ORDINARY)


def test_a_confirmed_cause_is_named_with_the_command_that_explains_it(project):
    done = project.inspect(HEAD + EXAMPLES["cors-not-outermost"][0])
    assert "confirmed  Another middleware stands outside CORSMiddleware and answers first" in done.out
    assert "troubleshoot explain middleware/cors-not-outermost" in done.out


def test_the_answer_takes_the_application_as_evidence(project):
    project.write("main.py", HEAD + EXAMPLES["cors-not-outermost"][0])
    done = project.run("answer", "the browser reports a CORS error", "--app", "main:app", "--format", "json")
    first = json.loads(done.out)["diagnosis"][0]
    assert (done.code, first["cause"]) == (0, "middleware/cors-not-outermost")
    line = (HEAD + EXAMPLES["cors-not-outermost"][0]).splitlines().index("        return JSONResponse({}, 401)") + 1
    assert ["app", f"main.py:{line}"] in [[reason["source"], reason["location"]] for reason in first["reasons"]]
    assert "require_key" in first["fixes"][0]["snippet"]


def test_the_fix_takes_names_from_the_application(project):
    project.write("main.py", HEAD + EXAMPLES["cors-not-outermost"][0])
    done = project.run("fix", "middleware/cors-not-outermost", "--app", "main:app", "--defaults")
    assert done.code == 0
    assert "async def require_key(" in done.out


def test_the_answer_says_when_the_application_was_not_examined(project):
    project.write("main.py", "import os\nos._exit(3)\n")
    done = project.run("answer", "everything freezes", "--app", "main:app", "--format", "json")
    assert done.code == 4
    assert done.json["skipped"] == [
        {
            "source": "app",
            "location": "main:app",
            "why": "the process ended with code 3 while main:app was imported",
        }
    ]


def test_a_factory_is_named_with_parentheses(project):
    project.write("main.py", "from fastapi import FastAPI\ndef make():\n    return FastAPI()\n")
    assert project.run("inspect", "main:make()").code == 0
    assert project.run("answer", "it is slow", "--app", "main:make()").code in (0, 1)


def test_the_folder_of_an_import_is_the_users_not_ours(project):
    assert not Path(project.folder, "collect.py").exists()
    project.write("collect.py", "value = 42\n")
    done = project.inspect("import collect\nfrom fastapi import FastAPI\napp = FastAPI(title=str(collect.value))\n")
    assert (done.code, done.out.splitlines()[0].split("  ")[:2]) == (0, ["main:app", "42"])
