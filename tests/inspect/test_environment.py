"""The program in an environment of its own, without FastAPI, as uvx and pipx have it."""

import json
import os
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pexpect
import pytest
from packaging.requirements import Requirement

import troubleshoot

CHECKOUT = Path(troubleshoot.__file__).parent.parent
APP = "from fastapi import FastAPI\napp = FastAPI()\n"
SENTENCE = (
    "main:app was not imported: FastAPI is installed neither beside troubleshoot nor in an environment of the project "
    "that it can find; name your interpreter with --python PATH"
)


def closure(*names):
    """Return the distributions that these need, themselves among them."""
    found, todo = {}, list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = distribution(name)
            wanted = (Requirement(line) for line in found[name].requires or ())
            todo += [item.name for item in wanted if item.marker is None or item.marker.evaluate({"extra": ""})]
    return found.values()


def environment_with(folder, *names):
    """Make a virtual environment in `folder` with the distributions `names`, linked from this one; return its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    for item in closure(*names):
        for top in {path.parts[0] for path in item.files or () if path.parts[0] not in ("..", "__pycache__")}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(item.locate_file(top))))
    return folder / "bin" / "python"


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """The interpreter of an environment that has what the program needs, and no FastAPI."""
    folder = tmp_path_factory.mktemp("alone") / "tool"
    wanted = (Requirement(line) for line in distribution("fastapi-troubleshoot").requires or ())
    names = [item.name for item in wanted if item.marker is None or item.marker.evaluate({"extra": ""})]
    python = environment_with(folder, *names)
    assert subprocess.run([python, "-c", "import fastapi"], capture_output=True).returncode == 1
    return python


@pytest.fixture
def run(alone, tmp_path, cache):
    """Run the program alone in a project's folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "main.py").write_text(APP)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def run(*arguments, cwd=folder, **environment):
        return subprocess.run(
            [alone, "-m", "troubleshoot", *arguments],
            cwd=cwd,
            env={**kept, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(CHECKOUT), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    run.folder = folder
    return run


@pytest.mark.parametrize("command", [["answer", "it is slow", "--app", "main:app"], ["inspect", "main:app"]])
def test_its_own_lack_of_fastapi_is_no_evidence(run, command):
    done = run(*command, "--format", "json")
    assert done.returncode == 4
    result = json.loads(done.stdout)
    assert [(item["location"], item["why"]) for item in result["skipped"]] == [("main:app", SENTENCE)]
    assert "No module named" not in done.stdout


@pytest.mark.parametrize("place", [".venv", "venv", "active", "above"])
def test_the_projects_own_environment_is_found_and_said(run, tmp_path, place):
    environment, cwd = {}, run.folder
    folder = run.folder / place if place != "active" else tmp_path / "elsewhere"
    if place == "active":
        environment = {"VIRTUAL_ENV": str(folder)}
    if place == "above":
        folder, cwd = run.folder / ".venv", run.folder / "backend"
        (run.folder / ".git").mkdir()
        cwd.mkdir()
        (cwd / "main.py").write_text(APP)
    python = environment_with(folder, "fastapi")
    for command in (["inspect", "main:app"], ["answer", "it is slow", "--app", "main:app"]):
        done = run(*command, cwd=cwd, **environment)
        assert f"main:app is imported with {python} (--python PATH takes another)" in done.stderr
        assert done.returncode == (0 if command[0] == "inspect" else 1)


def test_an_environment_without_fastapi_is_passed_over(run):
    environment_with(run.folder / ".venv", "packaging")
    assert SENTENCE in run("inspect", "main:app").stderr


def test_an_interpreter_that_is_named_is_taken_whatever_it_has(run, alone):
    done = run("answer", "it is slow", "--app", "main:app", "--python", sys.executable)
    assert (done.returncode, done.stderr) == (1, "")
    done = run("answer", "it does not start", "--app", "main:app", "--python", str(alone))
    assert "FastAPI is installed neither" not in done.stdout + done.stderr
    done = run("answer", "it is slow", "--python", str(alone))
    assert (done.returncode, done.stderr) == (
        2,
        "troubleshoot: --python is the interpreter for an application; name that with --app MODULE:APP\n",
    )


def test_the_wizard_says_it_and_goes_on(run, alone, cache):
    child = pexpect.spawn(
        str(alone),
        ["-m", "troubleshoot", "--plain", "--app", "main:app"],
        cwd=str(run.folder),
        env={**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(CHECKOUT), "VIRTUAL_ENV": ""},
        dimensions=(60, 300),
        encoding="utf-8",
        timeout=30,
    )
    child.expect("its source")
    child.sendline("2")
    child.expect_exact(SENTENCE)
    child.expect("Describe it or paste the error")
    child.close(force=True)
