"""Knowledge is begun, described, counted and found weak; the page about it is followed as it stands there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from troubleshoot.authoring.schema import TYPES
from troubleshoot.topics import read

FLASK = Path(__file__).parent.parent / "packs" / "flask"
ALONE = ["--knowledge", "own", "--only-knowledge", "knowledge"]
SAID = ["--title", 'It\'s "lost": {{ so }}', "--tell", "Messages # are: lost.", "--phrase", "a 'message' is lost"]
LINE = ["--line", r"KeyError: 'a\b' (x|y) [z]"]
NEW = ["--only-knowledge", "knowledge", "new", "queues/lost", "--knowledge", "own", *SAID, *LINE]
FILES = [
    "own/knowledge/families/queues.yaml",
    "own/knowledge/queues/lost.yaml",
    "own/knowledge/symptoms/lost.yaml",
    "own/templates/queues/lost.py.j2",
    "own/tests/reproductions/queues/lost.py",
]


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("own/**/*") if path.is_file())


def test_a_cause_that_was_begun_passes_the_check_and_fails_the_test(run, tmp_path):
    code, out, err = run(*NEW)
    assert (code, sorted(out.split()), err) == (0, FILES, "")
    assert files_below(tmp_path) == FILES
    assert run(*ALONE, "check")[0] == 0
    code, out, _ = run(*ALONE, "test")
    assert code == 3
    assert "own/tests/reproductions/queues/lost.py:9: to write: the part that the fix takes the place of\n" in out
    assert re.search(r"^own/knowledge/queues/lost\.yaml:\d+: to write: what happens, and why$", out, re.MULTILINE)
    assert out.endswith("2 passed, 8 failed\n")
    assert run(*ALONE, "test", "--prove", "lost")[0] == 3
    (tmp_path / FILES[-1]).unlink()
    assert f"{FILES[-1]}:1: is missing" in run(*ALONE, "test", "lost")[1]


def test_it_goes_beside_what_stands_there_already(run, tmp_path):
    run(*NEW)
    other = [*NEW[:3], "queues/late", *NEW[4:], "--symptom", "lost"]
    code, out, _ = run(*other)
    assert (code, len(out.split())) == (0, 3)
    code, _, err = run(*NEW)
    assert (code, "there is a cause 'queues/lost' already" in err) == (2, True)


@pytest.mark.parametrize("place", ["templates/queues/lost.py.j2", "tests", "tests/reproductions/queues/lost.py"])
def test_all_the_files_are_written_or_none(run, tmp_path, place):
    """Something is in the way of a later file."""
    path = tmp_path / "own" / place
    path.parent.mkdir(parents=True)
    path.write_text("mine\n")
    code, out, err = run(*NEW)
    assert (code, out) == (2, "")
    assert err.startswith("troubleshoot: own/")
    assert files_below(tmp_path) == [f"own/{place}"]
    assert path.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["queues/lost"], "there is no terminal to ask on; say it with --title, --tell, --phrase, --line"),
        (["queues"], "'queues': expected FAMILY/NAME, both in lower case with hyphens"),
        (["../queues/lost"], "expected FAMILY/NAME"),
        (["symptoms/lost"], "symptoms cannot be a family"),
        (["queues/lost", *SAID, *LINE, "--symptom", "../x"], "'../x': expected the id of a symptom"),
    ],
)
def test_what_is_not_said_or_said_badly_is_named(run, tmp_path, arguments, said):
    code, out, err = run("--only-knowledge", "knowledge", "new", "--knowledge", "own", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert files_below(tmp_path) == []


def test_on_a_terminal_it_asks(terminal, tmp_path):
    wizard = terminal("--only-knowledge", "knowledge", "new", "queues/lost", "--knowledge", "own", *SAID)
    wizard.wait_for("Which line of a log shows it")
    wizard.type("dropped message 17\r")
    assert wizard.end() == 0
    assert "dropped message 17" in (tmp_path / "own/knowledge/queues/lost.yaml").read_text()


def test_a_pack_is_not_run_unless_it_is_to_be_proven(run, tmp_path):
    run(*NEW)
    for name in (FILES[1], FILES[3]):
        path = tmp_path / name
        path.write_text(re.sub(r" *# to write: .*\n", "", path.read_text()))
    (tmp_path / FILES[-1]).write_text(
        "open('ran', 'w')\nBROKEN = ''\n# --- check ---\ndef check(bench):\n    assert bench.fixed\n"
    )
    ways = (["check"], ["test"], ["test", "lost"], ["test", "--prove"])
    assert [run(*ALONE, *words)[0] for words in ways] == [0, 0, 0, 2]
    assert not (tmp_path / "ran").exists()
    assert run(*ALONE, "test", "--prove", "lost")[:2] == (0, "1 passed, 0 failed\n")
    assert (tmp_path / "ran").exists()


def followed(page: str, folder: Path) -> list[tuple[str, str]]:
    """Return what the page says to run, and to write, in its order."""
    steps = []
    for before, language, text in re.findall(r"((?:[^\n]+\n)+)\n```(\w+)\n(.*?)```", page, re.DOTALL):
        named = re.search(r"`(own/[\w./-]+)`", before)
        steps.append((named[1] if named and language != "sh" else language, text))
    return steps


@pytest.mark.timeout(300)
def test_the_page_is_followed_from_nothing_to_an_answer(environment, tmp_path):
    steps = followed(read("writing"), tmp_path)
    assert [name for name, _ in steps if name == "sh"] == ["sh"] * 3
    places = tmp_path / "bin"
    places.mkdir()
    (places / "troubleshoot").write_text(f'#!/bin/sh\nexec {sys.executable} -m troubleshoot "$@"\n')
    (places / "troubleshoot").chmod(0o755)
    path = os.pathsep.join((str(places), environment["PATH"]))
    out = ""
    for name, text in steps:
        if name != "sh":
            assert (tmp_path / name).exists(), name
            (tmp_path / name).write_text(text)
            continue
        done = subprocess.run(
            ["bash", "-e", "-c", text], cwd=tmp_path, env={**environment, "PATH": path}, capture_output=True, text=True
        )
        out = done.stdout
        assert done.returncode == 0, f"{text}{done.stdout}{done.stderr}"
    assert "2 passed, 0 failed\n" in out
    assert "gateway/tenant-header-underscored, " in out


@pytest.mark.parametrize("kind", TYPES)
def test_the_schema_takes_what_there_is_and_refuses_what_is_misspelt(run, content, kind):
    schema = json.loads(run("knowledge", "schema", kind)[1])
    validator = jsonschema.Draft202012Validator(schema)
    folders = {"cause": "w*t/*", "family": "families/*", "symptom": "symptoms/*", "question": "questions/*"}
    paths = sorted(content.knowledge.glob(f"{folders[kind]}.yaml"))
    assert paths
    for path in paths:
        value = _keys_as_text(yaml.safe_load(path.read_text()))
        assert [error.message for error in validator.iter_errors(value)] == [], path
    assert list(validator.iter_errors({**value, "tilte": "x"}))


def _keys_as_text(value):
    if isinstance(value, dict):
        return {{True: "yes", False: "no"}.get(key, str(key)): _keys_as_text(item) for key, item in value.items()}
    return [_keys_as_text(item) for item in value] if isinstance(value, list) else value


def schema_named_in(path):
    """Return the file that the first line names, as an editor finds it."""
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", path.read_text().partition("\n")[0])
    return (path.parent / named[1]).resolve() if named else None


def test_new_files_name_the_schema_where_there_is_one(run, tmp_path):
    schemas = tmp_path / "own/knowledge/.schema"
    schemas.mkdir(parents=True)
    for kind in ("cause", "symptom"):
        (schemas / f"{kind}.json").write_text(run("knowledge", "schema", kind)[1])
    run(*NEW)
    assert schema_named_in(tmp_path / "own/knowledge/queues/lost.yaml") == schemas / "cause.json"
    assert schema_named_in(tmp_path / "own/knowledge/symptoms/lost.yaml") == schemas / "symptom.json"
    assert schema_named_in(tmp_path / "own/knowledge/families/queues.yaml") is None
    assert run(*ALONE, "check")[0] == 0


def test_each_of_our_files_names_its_schema_which_is_current(run):
    knowledge = Path(__file__).parents[2] / "knowledge"
    folders = {"families": "family", "symptoms": "symptom", "questions": "question"}
    for kind in TYPES:
        assert run("knowledge", "schema", kind)[1] == (knowledge / ".schema" / f"{kind}.json").read_text()
    for path in sorted(knowledge.glob("*/*.yaml")):
        kind = folders.get(path.parent.name, "cause")
        assert schema_named_in(path) == knowledge / ".schema" / f"{kind}.json", path


def test_it_is_counted(run):
    counted = ["--knowledge", str(FLASK), "--only-knowledge", "knowledge", "stats"]
    everything = json.loads(run(*counted, "--format", "json")[1])
    assert everything["families"]["flask-app"]["causes"] == 2
    assert everything["all"] == {
        "causes": 5, "reproductions": 0, "signals": 5, "phrases": 15, "fixes": 5, "patches": 0, "detectors": 0,
    }  # fmt: skip
    assert re.search(r"^all +5 +0 +5 +15 +5 +0 +0$", run(*counted)[1], re.MULTILINE)


def test_what_is_weak_is_warned_of(run, tmp_path):
    run(*NEW)
    path = tmp_path / "own/knowledge/queues/lost.yaml"
    text = path.read_text()
    path.write_text(text.replace("phrases:", "  - pattern: never met\n    weight: supports\nphrases:", 1))
    (tmp_path / "own/knowledge/queues/again.yaml").write_text(text)
    (tmp_path / "own/templates/queues/again.py.j2").write_text("x = 1\n")
    code, _, err = run(*ALONE, "check")
    assert (code, err) == (0, "warning: no question tells queues/again and queues/lost apart\n")
    code, _, err = run(*ALONE, "check", "--thorough")
    assert (code, "warning: queues/lost: no example meets signal 2, never met\n" in err) == (0, True)
