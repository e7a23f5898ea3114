"""What other tools found, handed over as SARIF."""

import contextlib
import copy
import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troubleshoot.errors import UsageError
from troubleshoot.sources.findings import FindingsSource

CAUSE = "performance/blocking-call-in-async-endpoint"
SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "ruff",
                    "rules": [{"id": "ASYNC251", "defaultConfiguration": {"level": "note"}}, {"id": "RUF006"}],
                }
            },
            "results": [
                {
                    "ruleId": "ASYNC251",
                    "level": "error",
                    "message": {"text": "Async functions should not call `time.sleep`"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "app/main%20file.py"},
                                "region": {"startLine": 12},
                            },
                            "logicalLocations": [{"fullyQualifiedName": "app.main.read_report"}],
                        }
                    ],
                },
                {"ruleIndex": 1, "message": {"text": "Store a reference"}},
                {"ruleId": "E501", "message": {"text": "Line too long"}},
            ],
        }
    ],
}


def collected(catalog, tmp_path, log):
    path = tmp_path / "findings.sarif"
    path.write_text(log if isinstance(log, str) else json.dumps(log))
    return list(FindingsSource(catalog, path).collect())


def changed(**result):
    log = copy.deepcopy(SARIF)
    log["runs"][0]["results"] = [{**log["runs"][0]["results"][0], **result}]
    return log


def test_a_rule_that_a_cause_names_is_evidence_with_its_place(catalog, tmp_path):
    blocking, task = sorted(collected(catalog, tmp_path, SARIF), key=lambda item: item.subject, reverse=True)
    assert (blocking.subject, blocking.value, blocking.location) == (CAUSE, "error", "app/main file.py:12")
    assert blocking.what == "ruff ASYNC251: Async functions should not call `time.sleep`"
    assert dict(blocking.captured) == {"file": "app/main file.py", "line": "12", "function": "read_report"}
    assert (task.subject, task.value) == ("background-tasks/create-task-garbage-collected", "warning")


def test_editions_of_a_tool_are_the_tool(catalog, tmp_path):
    log = changed(ruleId="python.sqlalchemy.security.sqlalchemy-execute-raw-query")
    log["runs"][0]["tool"]["driver"]["name"] = "Semgrep OSS"
    assert [item.subject for item in collected(catalog, tmp_path, log)] == ["database/sql-injection"]


@pytest.mark.parametrize(
    "result",
    [
        {"kind": "pass"},
        {"suppressions": [{"kind": "inSource"}]},
        {"baselineState": "absent"},
        {"ruleId": "E501"},
        {"ruleId": None, "ruleIndex": 99},
        {"ruleId": None, "ruleIndex": True},
    ],
    ids=str,
)
def test_what_is_no_finding_is_passed_over(catalog, tmp_path, result):
    assert collected(catalog, tmp_path, changed(**result)) == []


def test_the_level_comes_from_the_rule_if_the_result_has_none(catalog, tmp_path):
    log = changed()
    del log["runs"][0]["results"][0]["level"]
    assert [item.value for item in collected(catalog, tmp_path, log)] == ["info"]


@pytest.mark.parametrize(
    ("score", "severity"), [("9.1", "error"), (7, "error"), ("6.9", "warning"), ("3.9", "info"), ("high", "warning")]
)
def test_without_a_level_a_score_tells_the_severity(catalog, tmp_path, score, severity):
    log = changed()
    del log["runs"][0]["results"][0]["level"]
    log["runs"][0]["tool"]["driver"]["rules"] = [{"id": "ASYNC251", "properties": {"security-severity": score}}]
    assert [item.value for item in collected(catalog, tmp_path, log)] == [severity]


@pytest.mark.parametrize(("status", "count"), [("accepted", 0), ("rejected", 1), ("underReview", 1)])
def test_only_an_accepted_suppression_counts(catalog, tmp_path, status, count):
    log = changed(suppressions=[{"kind": "external", "status": status}])
    assert len(collected(catalog, tmp_path, log)) == count


@pytest.mark.parametrize("component", [{"index": 0}, {"name": "ruff"}], ids=str)
def test_a_rule_may_belong_to_an_extension(catalog, tmp_path, component):
    log = changed(ruleId=None, rule={"index": 0, "toolComponent": component})
    log["runs"][0]["tool"] = {
        "driver": {"name": "several", "rules": [{"id": "X1"}]},
        "extensions": [{"name": "ruff", "rules": [{"id": "ASYNC251"}]}],
    }
    (evidence,) = collected(catalog, tmp_path, log)
    assert evidence.what.startswith("ruff ASYNC251: ")


@pytest.mark.parametrize("line", [True, 0, -1, 10**40, "3", None])
def test_a_line_that_is_none_is_the_first(catalog, tmp_path, line):
    place = {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": line}}
    (evidence,) = collected(catalog, tmp_path, changed(locations=[{"physicalLocation": place}]))
    assert evidence.location == "a.py:1"


def test_half_a_character_is_left_out(run, tmp_path):
    place = {"artifactLocation": {"uri": "a\ud800b.py"}, "region": {"startLine": 3}}
    log = changed(locations=[{"physicalLocation": place}], message={"text": "x\udfffy"})
    (tmp_path / "half.sarif").write_text(json.dumps(log))
    code, out, err = run("answer", "--findings", "half.sarif", "--format", "json")
    assert (code in (0, 1), err) == (True, "")
    reasons = json.loads(out)["diagnosis"][0]["reasons"]
    assert ("ab.py:3", "ruff ASYNC251: xy") in [(item["location"], item["what"]) for item in reasons]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", ":1: is not valid JSON"),
        ("[]", ": is no SARIF: it has no list of runs"),
        ('{"version": "2.0.0", "runs": []}', ": is SARIF '2.0.0', and only 2.1.0 is read"),
        pytest.param('{"runs": [' + "[" * 100_000, ": is nested too deeply", id="deep"),
    ],
)
def test_what_is_no_sarif_gets_one_sentence(catalog, tmp_path, text, sentence):
    with pytest.raises(UsageError) as failure:
        collected(catalog, tmp_path, text)
    assert f"{tmp_path / 'findings.sarif'}{sentence}" in str(failure.value)


@pytest.mark.skipif(not hasattr(sys, "get_int_max_str_digits"), reason="reads numbers of any length")
def test_a_number_that_is_too_long_gets_one_sentence(catalog, tmp_path):
    with pytest.raises(UsageError, match=r"findings\.sarif: has a number that is too long"):
        collected(catalog, tmp_path, '{"version": "2.1.0", "runs": [], "x": ' + "1" * 5000 + "}")


def test_a_file_that_is_not_there_gets_one_sentence(run):
    code, out, err = run("answer", "--findings", "missing.sarif")
    assert (code, out) == (2, "")
    assert err == "troubleshoot: --findings missing.sarif: cannot be read: No such file or directory\n"


def test_a_finding_is_a_reason_of_the_answer(run, tmp_path):
    path = tmp_path / "ruff.sarif"
    path.write_text(json.dumps(SARIF))
    code, out, _ = run("answer", "--findings", str(path), "all other requests wait", "--format", "json")
    answer = json.loads(out)
    first = answer["diagnosis"][0]
    assert code in (0, 1)
    assert first["cause"] == CAUSE
    assert "app/main file.py:12" in [reason["location"] for reason in first["reasons"]]


def test_two_tools_at_one_mistake_are_one_observation(run, tmp_path):
    path = tmp_path / "ruff.sarif"
    path.write_text(json.dumps(SARIF))
    once = json.loads(run("answer", "--findings", str(path), "--format", "json")[1])
    twice = json.loads(run("answer", "--findings", str(path), "--findings", str(path), "--format", "json")[1])
    assert once["diagnosis"][0]["probability"] == twice["diagnosis"][0]["probability"]


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(list(places(SARIF))),
    st.sampled_from([None, 1, -1, "x", [], {}, [None], {"id": 3}, True, 1e99, "\ud800"]),
)
def test_a_value_of_any_type_anywhere_ends_in_evidence_or_in_one_sentence(catalog, tmp_path_factory, place, value):
    log = copy.deepcopy(SARIF)
    inside = log
    for key in place[:-1]:
        inside = inside[key]
    if place:
        inside[place[-1]] = value
    else:
        log = value
    with contextlib.suppress(UsageError):
        for item in collected(catalog, tmp_path_factory.mktemp("sarif"), json.dumps(log)):
            "".join((item.what, item.location, *item.captured.values())).encode()
