"""What the knowledge says of releases is true: each claim is observed on the old stack and on the new one.

A claim is a script `FAMILY/CAUSE.py` that prints what it observes. `CLAIMS` are the beginnings of sentences in the
cause's `changed`, or the packages in its ranges that it proves; `SEEN` maps a stack to what the script prints there.
Where a claim names a release, the stacks next to it on both sides must differ.
"""

import ast
import fcntl
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

import pytest
from packaging.version import Version

from troubleshoot.catalog.loading import load
from troubleshoot.catalog.content import find_content

sys.path.insert(0, str(Path(__file__).parent))
from stacks import STACKS

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent.parent / ".venv-stacks"
CATALOG = load(find_content())
NOW = "now"
SCRIPTS = {path.relative_to(HERE).with_suffix("").as_posix(): path for path in sorted(HERE.glob("*/*.py"))}
RELEASE = re.compile(r"(?:Since|From) (?P<package>\w+) (?P<version>[\d.]*\d)")


def constant(name, key):
    body = ast.parse(SCRIPTS[name].read_text()).body
    return next(
        ast.literal_eval(node.value)
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == key
    )


RUNS = [(name, stack) for name in SCRIPTS for stack in constant(name, "SEEN")]


@cache
def python_of(stack):
    """Return the interpreter of `stack`, whose environment is made if it is not there; only one process makes it."""
    if stack == NOW:
        return sys.executable
    ENVIRONMENTS.mkdir(exist_ok=True)
    folder = ENVIRONMENTS / f"{stack}-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    wanted = "\n".join(STACKS[stack])
    stamp = folder / "installed"
    with (ENVIRONMENTS / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            if uv := shutil.which("uv"):
                commands = [
                    [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder],
                    [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *STACKS[stack]],
                ]
            else:
                commands = [
                    [sys.executable, "-m", "venv", "--clear", folder],
                    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *STACKS[stack]],
                ]
            for command in commands:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
            stamp.write_text(wanted)
    return python


def release(stack, package):
    """Return the version of `package` in `stack`."""
    if stack == NOW:
        return Version(installed(package))
    return next(Version(pin.partition("==")[2]) for pin in STACKS[stack] if pin.startswith(f"{package}=="))


@pytest.mark.parametrize(("name", "stack"), RUNS, ids=[f"{name}-{stack}" for name, stack in RUNS])
def test_what_is_said_of_a_release_is_what_it_does(name, stack, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python_of(stack), SCRIPTS[name]]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert constant(name, "SEEN")[stack] == done.stdout.strip(), done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_claim_stands_in_the_knowledge_and_its_release_lies_between_stacks_that_differ(name):
    cause = CATALOG.causes[name.partition(".")[0]]
    seen = constant(name, "SEEN")
    claims = constant(name, "CLAIMS")
    assert claims
    for claim in claims:
        assert [sentence for sentence in cause.changed if re.match(rf"{re.escape(claim)}[ ,]", sentence)], claim
        found = RELEASE.match(claim)
        package, since = found["package"].lower(), Version(found["version"])
        stacks = sorted(seen, key=lambda stack: release(stack, package))
        before = [stack for stack in stacks if release(stack, package) < since]
        after = [stack for stack in stacks if release(stack, package) >= since]
        assert seen[before[-1]] != seen[after[0]], claim


OWED = {
    "database/forked-engine", "deployment/sigterm-not-received", "environment/windows-event-loop",
    "validation/json-content-type-missing", "websocket/dead-connections-kept", "websocket/not-shared-across-workers",
    "websocket/origin-not-checked", "websocket/route-not-found", "websocket/session-held-for-socket-lifetime",
    "websocket/wrong-payload-type",
}  # fmt: skip
"""Causes with a fix whose releases were found by running them by hand; a script that shows it is still to be written."""


def test_every_range_has_a_claim():
    """A range without a claim would be from memory."""
    for cause in CATALOG.causes.values():
        fixes = [] if cause.id in OWED else cause.fixes.values()
        ranges = [cause.versions, *(each.versions for each in (*cause.signals, *fixes))]
        ends = {end for range_ in ranges for text in range_.values() for end in re.findall(r"[\d.]*\d", text)}
        scripts = [name for name in SCRIPTS if name.partition(".")[0] == cause.id]
        claims = " ".join(claim for name in scripts for claim in constant(name, "CLAIMS"))
        assert not [end for end in ends if not re.search(rf"\b{re.escape(end)}\b", claims)], cause.id
