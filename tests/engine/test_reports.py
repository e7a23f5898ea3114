"""What pytest reports and rich draws is read as the traceback that it stands for, whatever its style."""

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console
from rich.traceback import Traceback

from troubleshoot.sources.pasted import take_apart
from troubleshoot.sources.reports import as_tracebacks, stretch, unboxed
from troubleshoot.sources.tracebacks import tracebacks

TESTS = """
import pytest

from helpers import look_up

@pytest.fixture
def shelf():
    return {}

def test_price(shelf):
    assert look_up(shelf, "lamp") == 3

@pytest.fixture
def closed():
    raise RuntimeError("no shelf")

def test_closed(closed):
    pass

def test_count(shelf):
    assert len(shelf) == 1
"""
HELPERS = """
def first(shelf, name):
    return shelf[name]

def look_up(shelf, name):
    return first(shelf, name)
"""


@pytest.fixture(scope="module", params=["auto", "long", "short", "native"])
def report(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reported")
    (folder / "test_shelf.py").write_text(TESTS, encoding="utf-8")
    (folder / "helpers.py").write_text(HELPERS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--tb={request.param}", "test_shelf.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_calls_are_those_of_pythons_own_traceback(report):
    lines = report.split("\n")
    written = as_tracebacks(lines)
    assert len(written) == len(lines)
    found = {traceback.exceptions[0]: traceback.frames for traceback in tracebacks(written) if traceback.exceptions}
    calls = [(frame.function, frame.statement) for frame in found["KeyError: 'lamp'"] if frame.function != "<module>"]
    assert calls[-3:] == [
        ("test_price", 'assert look_up(shelf, "lamp") == 3'),
        ("look_up", "return first(shelf, name)"),
        ("first", "return shelf[name]"),
    ]
    assert found["RuntimeError: no shelf"][-1].function == "closed"


@pytest.mark.parametrize("said", ["E       assert 0 == 1", "E       AssertionError: assert 0 == 1"])
def test_an_assertion_that_does_not_hold_is_no_exception_of_the_code(said):
    lines = [
        "    def test_count():",
        ">       assert 0 == 1",
        "E       assert 0 == 1",
        "",
        "test_shelf.py:2: AssertionError",
    ]
    (found,) = tracebacks(as_tracebacks(lines))
    assert found.frames[-1].statement == "assert 0 == 1"
    assert not found.exceptions


def price(shelf):
    return shelf["lamp"]


@pytest.fixture(params=[False, True])
def drawn(request):
    try:
        price({})
    except KeyError:
        console = Console(width=100, file=io.StringIO())
        console.print(Traceback(width=100, show_locals=request.param))
        return console.file.getvalue()


def test_what_rich_draws_is_pythons_own_traceback(drawn):
    lines = drawn.split("\n")
    written = unboxed(lines)
    assert len(written) == len(lines)
    (found,) = tracebacks(written)
    assert found.exceptions == ("KeyError: 'lamp'",)
    assert [(frame.function, frame.statement) for frame in found.frames] == [
        ("drawn", "price({})"),
        ("price", 'return shelf["lamp"]'),
    ]
    assert {frame.file for frame in found.frames} == {__file__}


def test_a_box_may_have_lost_its_frame():
    raised = "ModuleNotFoundError: No module named 'app'"
    lines = ["/code/app/main.py:9 in <module>  ", "❱  9 from app.src import name  ", "", raised]
    (found,) = tracebacks(unboxed(lines))
    assert (found.frames[-1].file, found.frames[-1].statement) == ("/code/app/main.py", "from app.src import name")
    assert found.exceptions == (raised,)


def test_what_rich_draws_is_read_in_a_complaint(drawn, run):
    _, out, _ = run("answer", f"It stops at the start:\n\n{drawn}\nWhy?\n", "--format", "json")
    assert json.loads(out)["diagnosis"][0]["cause"] == "own-code/key-or-index-missing"


@pytest.mark.parametrize("fence", ["{}", "```\n{}\n```", "```python\n{}\n```"])
def test_a_report_that_quotes_tests_is_a_log(report, fence):
    taken = take_apart("Why does it fail?\n\n" + fence.format(report) + "\n\nThanks!\n")
    assert "KeyError: 'lamp'" in taken.log
    assert taken.paragraphs[0] == "Why does it fail?"
    assert taken.paragraphs[-1] == "Thanks!"


@pytest.mark.parametrize(
    "text",
    [
        "main.py:12: error: Incompatible return value type\nE = 3\n",
        "> it works on my machine\n\nmain.py:12: see there\n",
        "=== What happened ===\nERROR main: it stops\n",
    ],
)
def test_other_lines_are_no_report(text):
    assert stretch(text.split("\n")) is None
    assert as_tracebacks(text.split("\n")) == text.split("\n")
