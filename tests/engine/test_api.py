"""The package from a program: what a user's own program gets from `load`, `diagnose` and `scan`, and what it costs."""

import json
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import troubleshoot
from troubleshoot import diagnose, load, scan
from troubleshoot.errors import UsageError
from troubleshoot.formats import json as written
from troubleshoot.topics import read

TRACEBACKS = [path.read_text() for path in sorted((Path(__file__).parent / "tracebacks").glob("*.log"))[:12]]
PROJECT = Path(__file__).parent.parent / "readme" / "project"
CORS = "the browser says CORS error only when my endpoint crashes"
VAGUE = "requests hang"
USER = """\
from pathlib import Path

from troubleshoot import diagnose, load, scan

knowledge = load()
answer = diagnose(knowledge, "slow", log=["a", "b"], source=Path("."), answers={"endpoint-kind": "async-def"}, top=1)
status: str = answer.status
causes: list[tuple[str, float]] = [(ranked.cause.id, ranked.probability) for ranked in answer.ranked]
question: str = answer.next_question.text if answer.next_question else ""
lines: list[int] = [finding.line for finding in scan(knowledge, "app", select=["database"], minor=True).findings]
"""
WRONG = """\
from troubleshoot import diagnose, load

diagnose(load(), log=5)
load().nothing
"""


@pytest.fixture(scope="module")
def knowledge():
    return load()


def python(environment, folder, *arguments):
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_the_program_of_the_topic_runs(environment):
    program = re.search(r"```python\n(.*?)```", read("python"), re.DOTALL)[1]
    code, out, err = python(environment, PROJECT, "-c", program)
    assert (code, err) == (0, "")
    status, cause, *lines = out.splitlines()
    assert (status, cause.partition(",")[0]) == ("diagnosed", "performance/blocking-call-in-async-endpoint")
    assert lines[0] == "app/main.py:19"
    assert "main.py:19: error performance/blocking-call-in-async-endpoint" in lines


def test_a_type_checker_knows_what_comes_back(environment, tmp_path):
    (tmp_path / "topic.py").write_text(re.search(r"```python\n(.*?)```", read("python"), re.DOTALL)[1])
    (tmp_path / "right.py").write_text(USER)
    (tmp_path / "wrong.py").write_text(WRONG)
    check = ["-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path / "mypy")]
    _, out, err = python(environment, tmp_path, *check, "topic.py", "right.py", "wrong.py")
    assert err == ""
    assert re.findall(r"(?m)^(.*): error: .*\[(.*)\]$", out) == [
        ("wrong.py:3", "arg-type"),
        ("wrong.py:4", "attr-defined"),
    ]


def test_to_import_the_package_loads_nothing_of_it(environment, tmp_path):
    program = "import sys, troubleshoot; print([name for name in sys.modules if name.startswith('troubleshoot')])"
    assert python(environment, tmp_path, "-c", program) == (0, "['troubleshoot']\n", "")
    assert {"diagnose", "load", "scan"} <= set(troubleshoot.__all__)
    with pytest.raises(AttributeError, match="module 'troubleshoot' has no attribute 'nothing'"):
        troubleshoot.nothing  # noqa: B018


def test_it_is_what_the_command_says(knowledge, run):
    for complaint, log in ((CORS, ""), (VAGUE, ""), ("", TRACEBACKS[0])):
        arguments = [*([complaint] if complaint else []), *(["--log", "-"] if log else [])]
        said = json.loads(run("answer", *arguments, "--format", "json", stdin=log)[1])
        known = json.loads(written.write(diagnose(knowledge, complaint, log=log)))
        for reason in (reason for item in (*said["diagnosis"], *known["diagnosis"]) for reason in item["reasons"]):
            # A log that is at hand as text has another name.
            del reason["location"]
        assert known == said


def test_where_it_is_called_changes_nothing(knowledge, monkeypatch, tmp_path):
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    before = [diagnose(knowledge, VAGUE), diagnose(knowledge, log=TRACEBACKS[1]), diagnose(knowledge)]
    monkeypatch.chdir(tmp_path)
    assert [diagnose(knowledge, VAGUE), diagnose(knowledge, log=TRACEBACKS[1]), diagnose(knowledge)] == before
    assert before[2].status == "unknown"


def test_a_command_to_type_has_no_place_for_what_cannot_be_repeated(knowledge):
    answer = diagnose(knowledge, "xyzzy plugh " * 30)
    assert answer.status == "unknown"
    assert answer.commands
    assert not any("None" in command.command for command in answer.commands)


def test_an_answer_to_its_question_changes_what_it_says(knowledge):
    first = diagnose(knowledge, VAGUE)
    assert first.next_question is not None
    option = next(iter(first.next_question.options))
    second = diagnose(knowledge, VAGUE, answers={first.next_question.question: option})
    assert second.ranked != first.ranked
    assert len(diagnose(knowledge, VAGUE, top=1).ranked) <= 1


def test_threads_and_processes_may_share_it(knowledge):
    alone = [diagnose(knowledge, log=text) for text in TRACEBACKS]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda text: diagnose(knowledge, log=text), TRACEBACKS)) == alone
    sent = pickle.loads(pickle.dumps(knowledge))
    assert pickle.loads(pickle.dumps([diagnose(sent, log=text) for text in TRACEBACKS])) == alone
    assert pickle.loads(pickle.dumps(knowledge)) is sent


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([*TRACEBACKS[:4], "INFO: started", "\x00", ""]), max_size=3))
def test_the_same_gives_the_same_whatever_came_between(logs):
    knowledge = load()
    first = diagnose(knowledge, log=logs)
    diagnose(knowledge, CORS)
    assert diagnose(load(), log=logs) == first


def test_a_scan_is_what_the_command_finds(knowledge, run):
    report = scan(knowledge, PROJECT)
    found = json.loads(run("scan", str(PROJECT), "--format", "json")[1])["findings"]
    assert [(str(PROJECT / item.path), item.line, item.cause) for item in report.findings] == [
        (item["path"], item["line"], item["cause"]) for item in found
    ]
    assert scan(knowledge, PROJECT / "app").findings[0].path == "main.py"
    assert scan(knowledge, PROJECT, ignore=["performance", "routing"]).findings == ()
    assert scan(knowledge, PROJECT, select=["database"]).findings == ()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda known: load("nowhere"), "no folders knowledge/ and templates/ here"),
        (lambda known: diagnose(known, source="nowhere"), "nowhere: no such file or folder"),
        (lambda known: diagnose(known, answers={"endpoint-kimd": "x"}), "did you mean 'endpoint-kind'"),
        (lambda known: scan(known, "nowhere"), "nowhere"),
        (lambda known: scan(known, PROJECT, select=["databse"]), "no cause or family 'databse'"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(knowledge, wrong, why):
    with pytest.raises(UsageError) as raised:
        wrong(knowledge)
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)
