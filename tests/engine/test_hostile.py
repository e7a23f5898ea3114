"""Input that is odd, damaged or meant to harm: one sentence, the right exit code, and the rest is examined."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from troubleshoot.catalog.cache import CATALOG, LEXICON, SKELETONS
from troubleshoot.errors import UsageError
from troubleshoot.investigation.kept import take_up

APP = """\
from fastapi import FastAPI
import time

app = FastAPI()


@app.get("/")
async def home():
    time.sleep(1)
"""
SETTINGS = "[tool.troubleshoot]\n"
BLOCKING = "performance/blocking-call-in-async-endpoint"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text(APP)
    return tmp_path / "app"


@pytest.mark.parametrize(
    "pattern", ["[z-a]", "[[:space:]]x", "a[", "\\", "\x00", "**/" * 300], ids=lambda text: ascii(text[:12])
)
def test_a_pattern_that_is_none_is_passed_over(run, project, pattern):
    (project / ".gitignore").write_text(f"{pattern}\n")
    code, out, err = run("scan", "app")
    assert (code, err) == (1, "")
    assert BLOCKING in out


def test_five_thousand_patterns_are_patterns(run, project):
    (project / ".gitignore").write_text("".join(f"f{number}/*.x\n" for number in range(5000)))
    code, out, _ = run("scan", "app")
    assert (code, BLOCKING in out) == (1, True)


@pytest.mark.parametrize("name", [".gitignore", "baseline.json", "pyproject.toml"])
@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/dev/zero"), os.mkfifo], ids=["device", "pipe"])
def test_what_never_ends_is_not_read(run, project, name, make):
    make(project / name)
    if name == "baseline.json":
        (project / "pyproject.toml").write_text(f'{SETTINGS}baseline = "baseline.json"\n')
    code, _, err = run("scan", "app", timeout=30)
    assert (code, "it is no file" in err) == ((2, True) if name == "baseline.json" else (1, False))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"x = {'[' * 2000}{']' * 2000}\n", "nested too deeply"),
        (f"{'a.' * 20_000}a = 1\n", "more than 100 parts"),
        (f"[{'a.' * 20_000}a]\n", "more than 100 parts"),
        ("x = " + "9" * 5000 + "\n", "is not valid TOML"),
        ("#" * (1 << 20), "it is longer than 1.05 MB"),
    ],
)
def test_settings_that_cost_too_much_are_refused(run, project, text, why):
    (project / "pyproject.toml").write_text(SETTINGS + text)
    code, _, err = run("scan", "app", timeout=30)
    assert code == 2
    assert why in err
    assert len(err.splitlines()) == 1


def test_fifteen_hundred_folders_in_one_another_are_walked_as_far_as_anybody_goes(run, project):
    here = os.open(project, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    try:
        code, out, _ = run("scan", "app")
    finally:
        # Python's own way to remove a tree gives up at such a depth, and so would the one that tidies up behind tests.
        subprocess.run(["rm", "-rf", str(project / "d")], check=True)
    assert code == 4
    assert BLOCKING in out
    assert "is more than 100 folders deep" in out


@pytest.mark.parametrize("text", ["a;" * 400_000, "a\n" * 400_000])
def test_a_source_file_with_more_statements_than_anybody_writes_is_left_out(run, project, text):
    (project / "made.py").write_text(text)
    code, out, _ = run("scan", "app")
    assert code == 4
    assert BLOCKING in out
    assert "made.py: has more than 100,000 statements" in out


def test_knowledge_that_a_scanned_project_names_is_not_taken(run, project, tmp_path):
    for name in ("knowledge", "templates"):
        (tmp_path / "pack" / name).mkdir(parents=True)
    (project / "pyproject.toml").write_text(f'{SETTINGS}knowledge = "../pack"\n')
    code, out, err = run("scan", "app")
    assert (code, BLOCKING in out) == (1, True)
    assert "not used: the knowledge that" in err
    assert "--knowledge" in err


def test_a_file_whose_name_is_a_command_to_a_pipeline(run, project):
    (project / "main.py").rename(project / "::error file=x::y.py")
    _, out, _ = run("scan", "app")
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    assert "::error file=x::y.py:9" in out


def test_a_log_gives_no_commands_to_a_pipeline_and_draws_nothing_in_markdown(run):
    words = "word " * 14
    log = (
        "Traceback (most recent call last):\n"
        f'  File "/srv/app/main.py", line 3, in f\n    ::error file=a.py::{words}\n'
        f"KeyError: '{words}::error::x ##[error]y ::add-mask::z ![p](http://x/y.png) [l](http://x) <b>'\n"
    )
    for form in ("text", "markdown"):
        _, out, _ = run("answer", "--log", "-", "--format", form, stdin=log)
        assert not [line for line in out.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert "](http" not in out.replace("\\](http", "").replace("\\[", "")
    assert "<b>" not in out


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_terminal_without_our_characters(run, encoding, form):
    code, out, err = run("answer", "my websocket drops…", "--format", form, env={"PYTHONIOENCODING": encoding})
    assert (code, err) == (1, "")
    if form == "json":
        assert json.loads(out)["diagnosis"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", ["answer 'my websocket drops'", "scan app", "list", "--version", ""])
def test_a_closed_stream_is_no_bug(environment, project, closed, arguments):
    command = f"{sys.executable} -m troubleshoot {arguments} {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=project.parent, env=environment, capture_output=True, timeout=60)
    assert done.returncode in (0, 1, 2)
    assert b"bug in troubleshoot" not in done.stderr


def test_a_complaint_that_is_no_text(run):
    code, out, err = run("answer", b"my websocket drops \xff")
    assert (code, err) == (1, "")
    assert out


def test_a_line_number_of_five_thousand_digits(run):
    log = f'Traceback (most recent call last):\n  File "/srv/a.py", line {"9" * 5000}, in f\n    x()\nKeyError: 1\n'
    code, out, _ = run("answer", "--log", "-", "--format", "json", stdin=log)
    assert code in (0, 1)
    assert json.loads(out)


def nested_yaml(depth):
    return "".join(f"{'  ' * level}a:\n" for level in range(depth)) + f"{'  ' * depth}a: b\n"


@pytest.mark.parametrize("text", [nested_yaml(600), "[" * 5000, "{a: " * 600 + "b" + "}" * 600])
def test_answers_nested_too_deeply(run, tmp_path, text):
    (tmp_path / "answers.yaml").write_text(text)
    code, _, err = run("answer", "--answers", "answers.yaml", "x")
    assert code == 2
    assert err.startswith("troubleshoot: answers.yaml:1: ")


KEPT = {"schema": 1, "observed": [], "skipped": [], "steps": [], "outcomes": {}, "versions": []}
SIGNAL = {
    "kind": "signal", "subject": "websocket/disconnect-not-handled", "value": "supports", "source": "log",
    "what": "\x1b]0;owned\x07\x1b[31mred", "location": "\x1b[2J", "captured": {"path": "\x1b[1m/x"},
}  # fmt: skip


@pytest.mark.parametrize("degree", ["NaN", "Infinity", "-1", "2"])
def test_a_kept_degree_that_is_none(catalog, tmp_path, degree):
    text = json.dumps({**KEPT, "observed": [{**SIGNAL, "degree": 7}]}).replace(": 7", f": {degree}")
    (tmp_path / "kept.json").write_text(text)
    with pytest.raises(UsageError, match=r"kept.json: is "):
        take_up(catalog, tmp_path / "kept.json")


def test_a_kept_session_steers_no_terminal_and_names_causes_that_are_gone(content, catalog, tmp_path):
    gone = "websocket/renamed-since"
    steps = [
        {"question": "tell", "option": gone, "shown": [gone]},
        {"question": "tell", "option": "none", "shown": [gone, "websocket/disconnect-not-handled"]},
    ]
    observed = [SIGNAL, {**SIGNAL, "subject": gone}]
    (tmp_path / "kept.json").write_text(json.dumps({**KEPT, "observed": observed, "steps": steps}))
    session = take_up(catalog, tmp_path / "kept.json")
    assert [item.what for item in session.observed] == ["red"]
    assert session.ranking()
    assert "\x1b" not in repr(session.evidence).encode().decode("unicode_escape")


def damages():
    """Ways in which a file may be damaged: what each makes of its bytes."""
    yield "empty", lambda data: b""
    yield "short", lambda data: data[:100]
    yield "half", lambda data: data[: len(data) // 2]
    yield "foreign", lambda data: b"hello" * 100
    for at in (0, 60, 1000, 4100, 20_000):
        yield f"noise at {at}", lambda data, at=at: data[:at] + bytes(range(256)) * 2 + data[at + 512 :]


COMPLAINT = "my websocket drops behind nginx"
MARKDOWN = [sys.executable, "-m", "troubleshoot", "answer", COMPLAINT, "--format", "markdown"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The files in which the program keeps what it has computed, by name."""
    cache = tmp_path_factory.mktemp("kept")
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    subprocess.run(MARKDOWN, env=environment, capture_output=True, timeout=60)
    files = (cache / "troubleshoot").iterdir()
    kept = {path.name: path.read_bytes() for path in files if path.suffix in (CATALOG, LEXICON, SKELETONS)}
    assert len(kept) == 3
    return kept


@pytest.mark.parametrize("ending", [CATALOG, LEXICON, SKELETONS])
@pytest.mark.parametrize("damage", [damage for _, damage in damages()], ids=[name for name, _ in damages()])
def test_a_damaged_cache_is_made_anew(tmp_path, environment, kept, ending, damage):
    own = tmp_path / "cache"
    (own / "troubleshoot").mkdir(parents=True)
    for name, data in kept.items():
        (own / "troubleshoot" / name).write_bytes(damage(data) if name.endswith(ending) else data)
    env = {**environment, "XDG_CACHE_HOME": str(own)}
    for _ in range(2):
        done = subprocess.run(MARKDOWN, env=env, capture_output=True, timeout=60, text=True)
        assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "trick",
    [
        "os.mkfifo(folder / 'result.json'); os._exit(0)",
        "os.symlink('/dev/zero', folder / 'result.json'); os._exit(0)",
        "(folder / 'result.json').write_text('[' * 100000); os._exit(0)",
        "(folder / 'result.json').write_text('{\"status\": \"examined\"}'); os._exit(0)",
        '(folder / \'result.json\').write_text(\'{"status": "examined", "app": {"name": "a"}}\'); os._exit(0)',
        '(folder / \'result.json\').write_text(\'{"status": "failed", "error": "E", "traceback": ""}\'); os._exit(0)',
    ],
)
def test_an_application_that_writes_our_description_itself_is_not_believed(run, tmp_path, trick):
    found = "folder = pathlib.Path(sys.orig_argv[3])\n"
    (tmp_path / "main.py").write_text(f"import os, pathlib, sys\n{found}{trick}\n")
    code, _, err = run("inspect", "main:app", "--python", sys.executable, timeout=50)
    assert code == 4
    assert "ended with code 0 while main:app was imported" in err


def test_a_process_that_an_application_leaves_behind_is_ended(run, tmp_path):
    (tmp_path / "main.py").write_text(
        "import subprocess, sys, time\nfrom fastapi import FastAPI\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "open('pid', 'w').write(str(child.pid))\napp = FastAPI()\n"
    )
    assert run("inspect", "main:app", "--python", sys.executable)[0] in (0, 1)
    status = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_three_hundred_dependencies_in_one_another(run, tmp_path):
    lines = ["from fastapi import Depends, FastAPI", "app = FastAPI()", "def d0(): ..."]
    lines += [f"def d{number}(x=Depends(d{number - 1})): ..." for number in range(1, 300)]
    lines += ["@app.get('/')", "def home(x=Depends(d299)): ..."]
    (tmp_path / "main.py").write_text("\n".join(lines) + "\n")
    assert run("scan", ".")[0] == 0
    code, _, err = run("inspect", "main:app", "--python", sys.executable)
    assert code == 4
    assert "nested too deeply to be described" in err


@pytest.mark.parametrize("value", ["٣٣", "007", "+1", "1_000", " 1"])
def test_a_number_is_written_with_plain_digits(run, value):
    code, _, err = run("fix", "database/pool-too-small", "--defaults", "--set", f"size={value}")
    assert code == 2
    assert "whole number" in err or "no such parameter" in err


def test_a_duration_that_is_no_number(run):
    code, _, err = run("run", "--slow", "nan", "--", "true")
    assert (code, err) == (2, "troubleshoot: --slow nan: expected a number of seconds\n")


@pytest.mark.parametrize("template", ["{{ 1 / 0 }}", "{{ path.missing.more }}", "{% for x in 5 %}{% endfor %}", "\xff"])
def test_a_template_that_fails_is_named(run, content, tmp_path, template):
    shutil.copytree(content.knowledge, tmp_path / "pack" / "knowledge")
    shutil.copytree(content.templates, tmp_path / "pack" / "templates")
    path = tmp_path / "pack" / "templates" / "websocket" / "origin-not-checked.py.j2"
    path.write_bytes(template.encode("latin-1"))
    code, _, err = run("--knowledge", "pack", "fix", "websocket/origin-not-checked", "--defaults")
    assert code == 3
    assert "origin-not-checked.py.j2:1: " in err
