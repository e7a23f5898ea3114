"""Every template renders to code that is formatted, fits into a terminal, lints, and imports."""

import ast
import re
import subprocess
import sys
from itertools import groupby

import pytest

from tests.forking import parent
from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.catalog.naming import template_stem
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer, Snippet
from troubleshoot.model import Parameter

CONTENT = find_content()
CATALOG = load(CONTENT)
RENDERER = Renderer(CONTENT, CATALOG)


def defaults(parameters: dict[str, Parameter]) -> dict[str, str]:
    return fill(parameters, (), {})


def rendered() -> dict[str, Snippet]:
    snippets = {
        f"{cause.id}#{fix}": RENDERER.fix(cause, fix, defaults(cause.fixes[fix].parameters))
        for cause in CATALOG.causes.values()
        for fix in cause.fixes
    }
    for question in CATALOG.questions.values():
        if question.probe:
            name = question.probe.template
            snippets[f"probes/{name}"] = RENDERER.probe(name, defaults(question.probe.parameters))
    return snippets


WIDTH = "88"
"""Columns of code, so that it can be copied from a terminal and pasted into most projects as it is."""
COMMENT = re.compile(r"\s*(?:#|//)")
SNIPPETS = rendered()
PYTHON = [key for key, snippet in SNIPPETS.items() if snippet.language == "python"]
HEAVY = ("fastapi", "sqlalchemy.ext.asyncio")
"""What takes long to import and many do."""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with all the Python, each in a folder of its own that no import can mean, and the files by their keys."""
    folder = tmp_path_factory.mktemp("rendered")
    paths = {}
    for number, key in enumerate(PYTHON):
        paths[key] = folder / str(number) / SNIPPETS[key].file_name
        paths[key].parent.mkdir()
        paths[key].write_text(SNIPPETS[key].text)
    return folder, paths


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--select", "E,F,I,B,ASYNC,UP", "--target-version", "py310"],
        ["format", "--diff"],
    ],
    ids=["lints", "is formatted"],
)
def test_the_rendered_python(written, command):
    folder, _ = written
    whole = [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", WIDTH, "."]
    done = subprocess.run(whole, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def heavy(key):
    """Return which of `HEAVY` the snippet imports as it is loaded: only these may be there before."""
    found = [node.module for node in ast.parse(SNIPPETS[key].text).body if isinstance(node, ast.ImportFrom)]
    return tuple(module for module in HEAVY if module in found)


@pytest.mark.timeout(400)
def test_the_rendered_python_imports(written):
    _, paths = written
    failed = {}
    for modules, keys in groupby(sorted(PYTHON, key=heavy), heavy):
        with parent(*modules, options=("-W", "error")) as python:
            for key in keys:
                program = f"import runpy; runpy.run_path({str(paths[key])!r}, run_name='snippet')"
                done = python.run(program, paths[key].parent)
                if done.returncode:
                    failed[key] = done.stderr.decode()
    assert failed == {}


@pytest.mark.parametrize("key", [key for key in SNIPPETS if key not in PYTHON])
def test_a_comment_in_another_language_is_as_narrow(key):
    lines = SNIPPETS[key].text.splitlines()
    assert [line for line in lines if COMMENT.match(line) and len(line) > int(WIDTH)] == []


def test_no_template_is_left_unused():
    used = {question.probe.template for question in CATALOG.questions.values() if question.probe}
    expected = {f"probes/{name}" for name in used}
    for cause in CATALOG.causes.values():
        _, *others = cause.fixes
        stems = {cause.id, *(f"{cause.id}.{fix}" for fix in others)}
        declared = [name for name, fix in cause.fixes.items() if fix.patch and fix.patch.edit]
        expected |= stems | {f"{template_stem(cause, name)}.patch" for name in declared}
    assert expected == set(CATALOG.templates)
