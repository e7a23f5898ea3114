"""Every template renders to code that is formatted, fits into a terminal, lints, and imports."""

import re
import subprocess
import sys

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.catalog.naming import template_stem
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer, Snippet
from troubleshoot.model import Parameter

CONTENT = find_content()
CATALOG = compile_catalog(CONTENT)
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


@pytest.mark.parametrize("key", PYTHON)
def test_the_rendered_python_is_formatted_lints_and_imports(key, tmp_path):
    path = tmp_path / SNIPPETS[key].file_name
    path.write_text(SNIPPETS[key].text)
    commands = [
        [
            "-m",
            "ruff",
            "check",
            "--isolated",
            "--line-length",
            WIDTH,
            "--select",
            "E,F,I,B,ASYNC,UP",
            "--target-version",
            "py310",
            path,
        ],
        ["-m", "ruff", "format", "--isolated", "--line-length", WIDTH, "--diff", path],
        ["-W", "error", "-c", f"import runpy; runpy.run_path({str(path)!r}, run_name='snippet')"],
    ]
    for command in commands:
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{SNIPPETS[key].text}"


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
