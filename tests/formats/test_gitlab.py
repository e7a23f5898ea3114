"""`--format gitlab` against what GitLab reads: a list of issues, valid as it validates them, each known by its own print."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load

ISSUE = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "additionalProperties": False,
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                # Relative to the repository, and not as ./path.
                "path": {"type": "string", "pattern": r"^(?!\.?/)(?!\.\./)"},
                "lines": {
                    "type": "object",
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                },
            },
        },
    },
}
"""https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, and no more than is there."""


def issues(folder, project, *arguments):
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    command = [sys.executable, "-m", "troubleshoot", "scan", "--format", "gitlab", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=100, check=False)
    value = json.loads(done.stdout)
    jsonschema.validate(value, {"type": "array", "items": ISSUE})
    prints = [item["fingerprint"] for item in value]
    # Of issues with one print GitLab keeps the last.
    assert len(set(prints)) == len(prints)
    return value


@pytest.fixture(scope="module")
def everything(tmp_path_factory, mistakes):
    return issues(tmp_path_factory.mktemp("everything"), mistakes)


def test_the_findings_of_all_detectors_are_a_report(everything):
    assert len(everything) > 50
    assert {item["severity"] for item in everything} >= {"critical", "major"}
    assert {item["check_name"] for item in everything} <= set(load(find_content()).causes)


def test_nothing_found_is_an_empty_report(tmp_path):
    assert issues(tmp_path, {}) == []


def test_a_print_stays_when_lines_move_and_a_part_is_named(tmp_path):
    app = Path(__file__).parent.parent / "readme" / "project" / "app" / "main.py"
    before = issues(tmp_path, {"pyproject.toml": "", "app/main.py": app.read_text()})
    after = issues(tmp_path, {"app/main.py": "# more\n\n" + app.read_text()}, "app/main.py")
    assert before
    assert [item["fingerprint"] for item in before] == [item["fingerprint"] for item in after]
    assert [item["location"] for item in before] != [item["location"] for item in after]


def test_what_was_not_examined_is_in_it(tmp_path):
    (item,) = issues(tmp_path, {"a b/broken.py": "x = 1\ny = (\n"})
    assert (item["check_name"], item["location"]["path"]) == ("not-examined", "a b/broken.py")
    assert item["location"]["lines"]["begin"] == 2
    assert item["description"].startswith("not examined: is not valid Python: ")
