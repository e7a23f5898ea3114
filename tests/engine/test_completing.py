"""Tab where an id is taken: bash as people use it, other shells as they ask (and themselves where they are installed)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

BASH = [
    ("explain websocket/disconnect-not", "-handled ", "How to recognise it"),
    ("explain disconnect-not", "-handled ", "How to recognise it"),
    ("fix disconnect-not-handled#ha", "ndle-disconnect ", ""),
    ("answer --format json --answer symptom=cors-e", "rror ", '"status"'),
    ("answer --format json --answer endpoint-kind=asy", "nc-def ", '"status"'),
    ("answer --format json --answer endpoint-ki", "nd=", ""),
    ("list --family webs", "ocket ", "WebSockets"),
    ("knowledge tree --depth 1 --symptom cors-e", "rror ", "CORS"),
    ("scan --select web", "socket", ""),
    ("probe query-l", "og ", "How to read it"),
]
"""What is typed, what Tab adds, and what running the line prints then."""


@pytest.fixture
def path(environment):
    return {**environment, "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}", "TERM": "dumb"}


@pytest.fixture
def bash(path, tmp_path):
    child = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], env=path, cwd=str(tmp_path), dimensions=(50, 240), encoding="utf-8"
    )
    child.sendline("PS1='@ '; bind 'set enable-bracketed-paste off'")
    child.sendline('eval "$(troubleshoot --show-completion bash)"; echo rea""dy')
    child.expect("ready", timeout=60)
    yield child
    child.close(force=True)


def test_bash_completes_what_can_then_be_run(bash):
    for typed, added, printed in BASH:
        bash.send(f"troubleshoot {typed}\t")
        # A bell rings where there is more to choose from.
        bash.expect(f"{re.escape(typed)}\x07?{re.escape(added)}", timeout=60)
        bash.send("\r" if printed else "\x15")
        if printed:
            bash.expect_exact(printed, timeout=60)
        bash.sendline('echo do""ne')
        bash.expect("done", timeout=60)


def offered(path, shell, line):
    """Return what a shell is offered behind `line`."""
    variables = {
        "_TROUBLESHOOT_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(["troubleshoot"], env={**path, **variables}, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_each_offer_is_one_line_with_its_meaning(path, catalog):
    def ids(line):
        pairs = [text.split("\t") for text in offered(path, "fish", line)]
        assert all(meaning for _, meaning in pairs)
        return [value for value, _ in pairs]

    assert ids("troubleshoot explain ") == list(catalog.causes)
    assert ids("troubleshoot list --family ") == list(catalog.families)
    assert ids("troubleshoot scan --ignore ") == [*catalog.families, *catalog.causes]
    assert ids("troubleshoot answer --answer symptom=") == [f"symptom={symptom}" for symptom in catalog.symptoms]
    assert ids("troubleshoot answer --answer ") == [f"{name}=" for name in ("symptom", *catalog.questions)]
    assert ids("troubleshoot fix event-loop-mismatch#") == [
        f"event-loop-mismatch#{fix}"
        for cause in catalog.causes.values()
        if cause.id.endswith("/event-loop-mismatch")
        for fix in cause.fixes
    ]


def test_where_the_knowledge_cannot_be_read_nothing_is_offered(path):
    assert not any(offered(path, "fish", "troubleshoot --knowledge /nowhere explain web"))


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_offer_the_same(path, shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    child = pexpect.spawn(
        shell, ["-f", "-i"] if shell == "zsh" else ["--private"], env={**path, "HOME": str(tmp_path)}, encoding="utf-8"
    )
    child.sendline("autoload -Uz compinit; compinit -u" if shell == "zsh" else "")
    child.sendline(
        'eval "$(troubleshoot --show-completion)"; echo rea""dy'
        if shell == "zsh"
        else 'troubleshoot --show-completion | source; echo rea""dy'
    )
    child.expect("ready", timeout=60)
    child.send("troubleshoot explain websocket/disconnect-not-ha\t\r")
    child.expect_exact("How to recognise it", timeout=60)
    child.close(force=True)
