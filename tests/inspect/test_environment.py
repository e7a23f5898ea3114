"""The program in an environment of its own, without FastAPI, as uvx and pipx have it."""

import base64
import hashlib
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


def in_poetry(folder, home):
    """Return where Poetry, told to keep its environments in `home`, has that of the project in `folder`."""
    mark = base64.urlsafe_b64encode(hashlib.sha256(str(folder.resolve()).encode()).digest()).decode()[:8]
    return home / f"shop-{mark}-py3.12"


@pytest.mark.parametrize("place", [".venv", "venv", "VIRTUAL_ENV", "above", "uv", "PDM", "Poetry", "CONDA_PREFIX"])
def test_the_projects_own_environment_is_found_and_said(run, tmp_path, place):
    cwd, elsewhere = run.folder, tmp_path / "elsewhere"
    folder, environment = {
        "VIRTUAL_ENV": (elsewhere, {"VIRTUAL_ENV": str(elsewhere)}),
        "CONDA_PREFIX": (elsewhere, {"CONDA_PREFIX": str(elsewhere)}),
        "uv": (run.folder / "made", {"UV_PROJECT_ENVIRONMENT": "made"}),
        "PDM": (elsewhere, {}),
        "Poetry": (in_poetry(run.folder, tmp_path), {"POETRY_VIRTUALENVS_PATH": str(tmp_path)}),
        "above": (run.folder / ".venv", {}),
    }.get(place, (run.folder / place, {}))
    (run.folder / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    if place == "PDM":
        (run.folder / ".pdm-python").write_text(f"{folder}/bin/python\n")
    if place == "above":
        cwd = run.folder / "backend"
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
    sentence = SENTENCE.replace("an environment of the project that it can find", str(run.folder / ".venv"))
    assert sentence in run("inspect", "main:app").stderr
    python = environment_with(run.folder / "venv", "fastapi")
    assert f"main:app is imported with {python} " in run("inspect", "main:app").stderr


def test_the_active_environment_comes_first_then_the_projects_then_ours(project, tmp_path_factory):
    project.environment.pop("VIRTUAL_ENV", None)
    own = environment_with(project.folder / ".venv", "fastapi")
    active = environment_with(tmp_path_factory.mktemp("active") / "shell", "fastapi")
    project.write("app/main.py", APP)
    done = project.run("inspect", VIRTUAL_ENV=str(active.parent.parent))
    assert done.err == f"main is imported with {active} (--python PATH takes another)\n"
    assert project.run("inspect").err == f"main is imported with {own} (--python PATH takes another)\n"
    assert project.run("inspect", "--python", sys.executable).err == ""


def test_a_package_that_only_the_tool_lacks_is_no_evidence_and_one_that_the_server_lacks_is(project):
    project.environment.pop("VIRTUAL_ENV", None)
    sentence = (
        "main:app was not imported: it needs stripe_like (at main.py:1), which is not installed beside troubleshoot, "
        "and no environment of the project was found; name the interpreter that runs your server with --python PATH"
    )
    done = project.inspect(f"import stripe_like\n{APP}", "--format", "json")
    assert done.code == 4
    assert [done.json["causes"], [item["why"] for item in done.json["skipped"]]] == [[], [sentence]]
    environment_with(project.folder / ".venv", "fastapi")
    done = project.run("inspect", "--format", "json")
    assert done.json["causes"][0]["cause"] == "environment/package-not-in-environment"
    assert "No module named 'stripe_like' (at main.py:1)" in done.json["skipped"][0]["why"]


def test_an_interpreter_that_is_named_is_taken_whatever_it_has(run, alone):
    done = run("answer", "it is slow", "--app", "main:app", "--python", sys.executable)
    assert (done.returncode, done.stderr) == (1, "")
    done = run("answer", "it does not start", "--app", "main:app", "--python", str(alone))
    assert (
        f"main:app was not imported: {alone} has no fastapi (at main.py:1); name the interpreter that runs your server"
        in " ".join(done.stdout.split())
    )
    assert "circular" not in done.stdout
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
    child.expect_exact(SENTENCE)
    child.expect("Describe it, or paste the error")
    child.close(force=True)
