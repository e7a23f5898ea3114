"""What a scan came to is remembered: a second one tells the same, and does no work for it again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import APP, Scanning, write

from troubleshoot.code.files import Files
from troubleshoot.code.remembered import Memory
from troubleshoot.model import Finding, Proposal
from troubleshoot.patching.remembered import Proposals

TWO = {
    "main.py": f"from other import wait\n{APP}    wait()\n",
    "other.py": "import asyncio, time\n\ndef wait():\n    time.sleep(2)\n\nasync def go():\n    asyncio.create_task(wait())\n",
}
SEARCHES = ("troubleshoot.code.search", "troubleshoot.code.inference", "troubleshoot.patching.proposals", "jinja2")


@pytest.fixture
def scanning(tmp_path, environment):
    """A project whose cache is its own; the compiled knowledge is there."""
    write(tmp_path / "other", {"main.py": APP})
    Scanning(tmp_path / "other", environment).json()
    kept = Path(environment["XDG_CACHE_HOME"], "troubleshoot")
    write(tmp_path / "cache" / "troubleshoot", {path.name: path.read_bytes() for path in kept.glob("*[.][ct]*")})
    folder = tmp_path / "project"
    write(folder, TWO)
    return Scanning(folder, environment | {"XDG_CACHE_HOME": str(tmp_path / "cache")})


def memories(scanning, ending):
    return list(Path(scanning.environment["XDG_CACHE_HOME"]).rglob(f"*.{ending}"))


def again(scanning, form):
    """Return the exit code and output of a scan, and which of what searches it has loaded."""
    program = (
        "import sys; sys.argv = ['troubleshoot', 'scan', '--format', sys.argv[1]]\n"
        "from troubleshoot.__main__ import run\n"
        "code = run()\n"
        f"print([name for name in {SEARCHES} if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, form], cwd=scanning.folder, env=scanning.environment, capture_output=True
    )
    return (done.returncode, done.stdout.decode()), done.stderr.decode().splitlines()[-1]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_second_scan_tells_the_same_and_searches_for_nothing(scanning, form):
    first = scanning("--format", form)
    assert again(scanning, form) == (first[:2], "[]")


@pytest.mark.parametrize(
    "text", ["VALUE = 2\n", 'VALUE = 1\n\n\ndef of(value):\n    """A use of it."""\n    return value\n']
)
def test_a_change_of_a_file_that_nothing_was_found_out_from_needs_no_search(scanning, text):
    first = scanning("--format", "json", files={"docs/conf.py": "VALUE = 1\n"})
    write(scanning.folder, {"docs/conf.py": text})
    assert again(scanning, "json") == (first[:2], "[]")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/conf.py", "VALUE = (\n"),
        ("docs/conf.py", "from fastapi import FastAPI\nVALUE = FastAPI()\n"),
        ("other.py", TWO["other.py"] + "\n"),
    ],
    ids=["is no Python any more", "speaks of FastAPI", "was read"],
)
def test_a_change_that_something_may_be_found_out_from_is_searched(scanning, path, text):
    scanning("--format", "json", files={"docs/conf.py": "VALUE = 1\n"})
    write(scanning.folder, {path: text})
    assert SEARCHES[0] in again(scanning, "json")[1]


def test_what_is_wanted_of_the_same_files_may_differ(scanning):
    _, every = scanning.json()
    cause = every["findings"][0]["cause"]
    _, some = scanning.json("--select", cause)
    assert some["findings"] == [item for item in every["findings"] if item["cause"] == cause]
    assert any(item["patch"]["diff"] for item in some["findings"])
    assert scanning.json() == (1, every)


def test_a_change_of_any_file_is_seen(scanning):
    _, before = scanning.json()
    write(scanning.folder, {"other.py": "def wait():\n    return 2\n"})
    _, after = scanning.json()
    assert {item["path"] for item in before["findings"]} == {"main.py", "other.py"}
    assert {item["path"] for item in after["findings"]} == {"main.py"}
    write(scanning.folder, TWO)
    assert scanning.json() == (1, before)


@pytest.mark.parametrize("ending", ["marked", "proposed"])
@pytest.mark.parametrize("spoil", [lambda _: b"", lambda data: data[:-9], lambda _: b'{"key": 1}', lambda _: b"[]"])
def test_a_damaged_memory_is_none(scanning, ending, spoil):
    first = scanning.json()
    (memory,) = memories(scanning, ending)
    whole = memory.read_bytes()
    memory.write_bytes(spoil(whole))
    assert scanning.json() == first
    kept = json.loads(whole)
    memory.write_text(json.dumps({"key": kept["key"]}))
    assert scanning.json() == first


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=20), st.text(max_size=9))
def test_a_proposal_comes_back_as_it_was(content, tmp_path_factory, before, middle, behind, text):
    folder = tmp_path_factory.mktemp("kept")
    write(folder, {"a.py": before + behind, "b.py": before})
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    try:
        finding = Finding(
            path="a.py", line=1, column=1, end_line=1, cause="c", severity="error", function="", message=text
        )
        changes = {"a.py": before + middle + behind, "b.py": middle}
        proposals = (
            Proposal(finding=finding, fix=text, safety="safe", changes=changes, verified=("parsed",), remains=(text,)),
        )
        Proposals(Memory(Files(str(folder), ["a.py", "b.py"]), content, {}, ".proposed"), [finding]).remember(proposals)
        again = Proposals(Memory(Files(str(folder), ["a.py", "b.py"]), content, {}, ".proposed"), [finding])
        assert again.recall() == proposals
    finally:
        patch.undo()
