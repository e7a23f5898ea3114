"""README.md and the topics are true: every command is run, every picture is today's, every table matches the program."""

import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import platforms
import pytest
from picture import PICTURES, SHOWN, programs, shown, words

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.code.settings import check_names, read_settings
from troubleshoot.detectors import searched_for
from troubleshoot.errors import ExitCode
from troubleshoot.topics import headings, read

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
README = (ROOT / "README.md").read_text()
TEXTS = {"README": README, **{topic: read(topic) for topic in headings()}}
COMMANDS = {
    (name, line.removeprefix("$ "))
    for name, text in TEXTS.items()
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
}
SET_UP = next(command for _, command in COMMANDS if "venv" in command)
TEST, PUT, WIZARD, COMPLETION = ".ci/test", "pipx install .", "troubleshoot", "troubleshoot --install-completion"
USE = sorted({command for _, command in COMMANDS} - {SET_UP, TEST, PUT, WIZARD, COMPLETION})
CAUSES = {
    "the browser says CORS error only when my endpoint crashes": "middleware/cors-missing-on-error",
    "requests hang while one endpoint calls another service": "performance/blocking-call-in-async-endpoint",
    "every request waits for the slow one": "performance/blocking-call-in-async-endpoint",
    "/prices/currencies gives an error": "routing/path-parameter-shadows",
}
"""What each example sentence is about."""


@pytest.fixture
def project(tmp_path):
    """A newcomer's project, with a log in it."""
    folder = tmp_path / "project"
    shutil.copytree(HERE / "project", folder)
    shutil.copy(HERE / "app.log", folder)
    return folder


@pytest.fixture
def path(tmp_path):
    """A PATH on which the program is, and what a newcomer's project has installed."""
    return f"{programs(tmp_path / 'bin')}:{Path(sys.executable).parent}:{os.environ['PATH']}"


@pytest.mark.parametrize("command", USE)
def test_a_command_does_what_it_should(command, project, path):
    environment = {**os.environ, "PATH": path}
    if "troubleshoot run" in command:
        server = pexpect.spawn("bash", ["-c", command], cwd=str(project), env=environment, timeout=100)
        server.expect("Uvicorn running")
        # A server goes on until somebody stops it.
        server.sendintr()
        server.expect(pexpect.EOF)
        return
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode in (ExitCode.NAMED, ExitCode.NO_CAUSE), done.stderr
    assert done.stdout or any(word in command for word in ("-o", "--write-baseline", "--apply", ">"))
    assert "troubleshoot:" not in done.stderr


SENTENCES = {found[1]: command for command in USE if (found := re.search(r'troubleshoot answer "(.*?)"', command))}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_cause_of_an_example_sentence_is_named(sentence, project, path):
    done = subprocess.run(
        ["bash", "-c", f"{SENTENCES[sentence]} --format json"],
        cwd=project,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["diagnosis"][0]["cause"]) == ("diagnosed", CAUSES[sentence])


def test_without_a_command_the_dialogue_begins(project, path, tmp_path):
    environment = {**os.environ, "PATH": path, "TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path / "state")}
    child = pexpect.spawn("bash", ["-c", f"{WIZARD}; echo left with $?"], cwd=str(project), env=environment, timeout=60)
    child.expect(r"\?")
    child.send("\x03")
    child.expect(f"left with {int(ExitCode.INTERRUPTED)}")


def test_completion_is_installed_for_the_shell_in_use(project, path, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "PATH": path, "HOME": str(home)}
    subprocess.run(["bash", "-c", f"{COMPLETION}; true"], cwd=project, env=environment, check=True, capture_output=True)
    assert "troubleshoot" in (home / ".bashrc").read_text()


@pytest.fixture
def clone(tmp_path):
    """A folder with what is kept of this one."""
    folder = tmp_path / "clone"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.timeout(400)
def test_the_first_command_leads_a_newcomer_to_the_first_question(clone):
    command = SET_UP.replace("python3", shlex.quote(getattr(sys, "_base_executable", sys.executable)), 1)
    child = pexpect.spawn("bash", ["-c", command], cwd=str(clone), timeout=300, dimensions=(40, 100))
    child.expect("What do you see")
    child.send("\x03")
    child.expect("Nothing has been answered, so nothing is kept")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == ExitCode.INTERRUPTED
    for name in ("troubleshoot", "fastapi-troubleshoot"):
        script = clone / ".venv" / "bin" / name
        for arguments, text in (
            (["--help"], f"Usage: {name} "),
            (["explain", "websocket/disconnect-not-handled"], f"\n    {name} fix websocket"),
        ):
            done = subprocess.run([script, *arguments], capture_output=True, text=True, check=True)
            assert text in done.stdout
        done = subprocess.run([script, "scam"], capture_output=True, text=True)
        assert f"troubleshoot: `{name} --help` lists what there is." in done.stderr


def test_the_second_command_is_the_one_that_runs_these_tests():
    assert (ROOT / TEST).stat().st_mode & 0o111
    assert f'step "tests" {TEST} --wrong first\n' in (ROOT / ".ci/run").read_text()


@pytest.mark.timeout(600)
def test_the_command_that_puts_it_on_the_path_does(clone, project, tmp_path):
    tools, places = tmp_path / "tools", tmp_path / "on-path"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tools), "pipx"], check=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
        "PATH": f"{places}:{tools / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(tools),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(places),
        "PIPX_DEFAULT_PYTHON": getattr(sys, "_base_executable", sys.executable),
    }
    subprocess.run(["bash", "-c", PUT], cwd=clone, env=environment, check=True, capture_output=True)

    def printed(command):
        done = subprocess.run(["bash", "-c", command], cwd=project, env=environment, capture_output=True, text=True)
        assert done.stderr == ""
        return done.stdout

    assert printed("command -v troubleshoot").strip() == str(places / "troubleshoot")
    assert printed("fastapi-troubleshoot --version").startswith("troubleshoot ")
    assert printed("troubleshoot help scan") == TEXTS["scan"]
    assert "performance/blocking-call-in-async-endpoint" in printed("troubleshoot scan")


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_in_the_readme_and_shows_what_is_shown_today(name):
    assert f"(.readme/{name}.svg)" in README
    text = (PICTURES / f"{name}.svg").read_text()
    drawn = " ".join(html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", text))
    assert set(words(shown(name))) <= set(words(drawn.replace("\xa0", " ")))


def test_the_readme_links_every_topic_and_nothing_that_is_not_there():
    rows = re.findall(r"^\| \[(.*)\]\(troubleshoot/topics/(.*)\.md\) \| (.*) \|$", README, re.MULTILINE)
    assert rows == [(topic, topic, heading) for topic, heading in headings().items()]
    for place in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / place).is_file(), place


def test_the_table_of_platforms_has_the_versions_that_are_asked_for():
    lines = read("install").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("| wheels alone"))
    assert lines[first] == f"| wheels alone | {' | '.join(platforms.PYTHONS)} |"
    rows = [line.split(" | ") for line in lines[first + 2 : first + 2 + len(platforms.PLATFORMS)]]
    assert [row[0].removeprefix("| ") for row in rows] == list(platforms.PLATFORMS)
    assert {len(row) for row in rows} == {len(platforms.PYTHONS) + 1}


def test_the_numbers_are_those_of_the_knowledge():
    catalog = load(find_content())
    fixes = sum(len(cause.fixes) for cause in catalog.causes.values())
    text = " ".join(README.split())
    assert f"It knows {len(catalog.causes)} causes in seventeen areas" in text
    assert len(catalog.families) == 17
    assert f"{fixes} fixes for them, every one run" in text
    assert f"{len(searched_for(catalog))} of the causes it can see in source" in text
    patches = [fix.patch for cause in catalog.causes.values() for fix in cause.fixes.values() if fix.patch]
    text = " ".join(TEXTS["fix"].split())
    assert f"has a patch ({len(patches)} of the {len(searched_for(catalog))} that it can see)" in text
    assert f"{sum(patch.proven for patch in patches)} of the patches, every safe one among them" in text
    assert not any(cause.unproven for cause in catalog.causes.values())
    packages = {"FastAPI": "fastapi", "Starlette": "starlette", "SQLAlchemy": "sqlalchemy", "uvicorn": "uvicorn"}
    for name, package in packages.items():
        assert f"{name} {catalog.verified_with[package]}" in README


def test_the_settings_it_shows_are_settings(tmp_path):
    (tmp_path / "pyproject.toml").write_text(re.search(r"```toml\n(.*?)```", TEXTS["scan"], re.DOTALL)[1])
    settings = read_settings(tmp_path)
    check_names(settings, load(find_content()))
    assert settings.baseline == "baseline.json"


def test_the_exit_codes_are_all_there():
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", TEXTS["exit-codes"], re.MULTILINE)} == set(ExitCode)


def test_every_file_that_is_named_exists():
    for text in TEXTS.values():
        for name in re.findall(r"`((?:troubleshoot|tests|knowledge|templates|\.ci)/[\w./-]+)`", text):
            assert (ROOT / name).exists(), name
