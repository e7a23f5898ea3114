"""README.md is true: every command in it is run, its picture shows what is drawn today, its tables match the program."""

import html
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from picture import PICTURE, answer, words

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.code.settings import check_names, read_settings
from troubleshoot.detectors import searched_for
from troubleshoot.errors import ExitCode

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
SET_UP, TEST, *USE = COMMANDS


@pytest.mark.parametrize("command", USE)
def test_a_command_does_what_it_should(command, tmp_path):
    shutil.copy(HERE / "app.log", tmp_path)
    shutil.copytree(HERE / "project", tmp_path, dirs_exist_ok=True)
    # A server goes on until somebody stops it.
    command = command.replace("troubleshoot run", "timeout --signal=INT 10 troubleshoot run")
    (tmp_path / "troubleshoot").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m troubleshoot "$@"\n')
    (tmp_path / "troubleshoot").chmod(0o755)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'PATH="$PWD:{Path(sys.executable).parent}:$PATH"; {command}'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "troubleshoot run" in command:
        assert done.returncode == 124
        assert "Uvicorn running" in done.stderr
        return
    assert done.returncode in (ExitCode.NAMED, ExitCode.NO_CAUSE), done.stderr
    assert done.stdout or any(word in command for word in ("-o", "--write-baseline", "--apply", ">"))
    assert "troubleshoot:" not in done.stderr


@pytest.mark.timeout(400)
def test_the_first_command_leads_a_newcomer_to_the_first_question(tmp_path):
    clone = tmp_path / "clone"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
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


def test_the_picture_shows_todays_answer():
    drawn = " ".join(html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", PICTURE.read_text()))
    assert set(words(answer())) <= set(words(drawn.replace("\xa0", " ")))


def test_the_numbers_are_those_of_the_knowledge():
    catalog = load(find_content())
    fixes = sum(len(cause.fixes) for cause in catalog.causes.values())
    text = " ".join(README.split())
    assert f"It knows {len(catalog.causes)} causes in seventeen areas" in text
    assert len(catalog.families) == 17
    assert f"{fixes} fixes for them, every one run" in text
    assert f"{len(searched_for(catalog))} of the causes it can see in source" in text
    patches = [fix.patch for cause in catalog.causes.values() for fix in cause.fixes.values() if fix.patch]
    assert f"has a patch ({len(patches)} of the {len(searched_for(catalog))} that it can see)" in text
    assert f"{sum(patch.proven for patch in patches)} of the patches, every safe one among them" in text
    assert not any(cause.unproven for cause in catalog.causes.values())
    packages = {"FastAPI": "fastapi", "Starlette": "starlette", "SQLAlchemy": "sqlalchemy", "uvicorn": "uvicorn"}
    for name, package in packages.items():
        assert f"{name} {catalog.verified_with[package]}" in README


def test_the_settings_it_shows_are_settings(tmp_path):
    (tmp_path / "pyproject.toml").write_text(re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1])
    settings = read_settings(tmp_path)
    check_names(settings, load(find_content()))
    assert settings.baseline == "baseline.json"


def test_the_exit_codes_are_all_there():
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)} == set(ExitCode)


def test_every_file_it_names_exists():
    for name in re.findall(r"`((?:troubleshoot|tests|knowledge|templates|\.ci)/[\w./-]+)`", README):
        assert (ROOT / name).exists(), name
