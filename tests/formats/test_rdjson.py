"""`--format rdjson` against what reviewdog reads: one result with diagnostics, columns counted in bytes."""

import json
import subprocess
import sys

import jsonschema
import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load

POSITION = {
    "type": "object",
    "required": ["line"],
    "additionalProperties": False,
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}
RESULT = {
    "type": "object",
    "required": ["source", "diagnostics"],
    "additionalProperties": False,
    "properties": {
        "source": {"type": "object", "required": ["name"], "properties": {"name": {"const": "troubleshoot"}}},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location", "severity"],
                "additionalProperties": False,
                "properties": {
                    "message": {"type": "string", "minLength": 1},
                    "location": {
                        "type": "object",
                        "required": ["path", "range"],
                        "additionalProperties": False,
                        "properties": {
                            "path": {"type": "string", "minLength": 1},
                            "range": {
                                "type": "object",
                                "required": ["start"],
                                "additionalProperties": False,
                                "properties": {"start": POSITION},
                            },
                        },
                    },
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {
                        "type": "object",
                        "required": ["value"],
                        "additionalProperties": False,
                        "properties": {"value": {"type": "string"}, "url": {"type": "string", "pattern": "^https://"}},
                    },
                },
            },
        },
    },
}
"""https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/jsonschema/DiagnosticResult.json, no more than is there."""
WIDE = """\
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home():
    return {"é𐐀": requests.get("https://shop.example").json()}
"""


def diagnostics(folder, project):
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "troubleshoot", "scan", "--format", "rdjson"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=100, check=False)
    value = json.loads(done.stdout)
    jsonschema.validate(value, RESULT)
    return value["diagnostics"]


@pytest.fixture(scope="module")
def everything(tmp_path_factory, mistakes):
    return diagnostics(tmp_path_factory.mktemp("everything"), mistakes)


def test_the_findings_of_all_detectors_are_a_result(everything):
    assert len(everything) > 50
    assert {item["severity"] for item in everything} >= {"ERROR", "WARNING"}
    assert {item["code"]["value"] for item in everything} <= set(load(find_content()).causes)


def test_columns_are_counted_in_bytes(tmp_path):
    (item,) = diagnostics(tmp_path, {"main.py": WIDE})
    before = WIDE.splitlines()[8].partition("requests")[0]
    assert item["location"] == {"path": "main.py", "range": {"start": {"line": 9, "column": len(before.encode()) + 1}}}


def test_what_was_not_examined_is_in_it_and_nothing_is_an_empty_result(tmp_path):
    assert diagnostics(tmp_path, {}) == []
    (item,) = diagnostics(tmp_path, {"a b/broken.py": "x = 1\ny = (\n"})
    assert (item["severity"], item["location"]) == (
        "WARNING",
        {"path": "a b/broken.py", "range": {"start": {"line": 2}}},
    )
    assert item["message"].startswith("not examined: is not valid Python: ")
