"""The clipboard and the editor, tried with real terminals, multiplexers and editors."""

import base64
import os
import re
import shutil
import subprocess
import sys
import time

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.ui.clipboard import MOST
from troubleshoot.ui.editor import command_for, editor, located

COPY = "import sys; from troubleshoot.ui.clipboard import copy; print(copy({text!r}, sys.stdout))"
OPEN = (
    "from pathlib import Path; from troubleshoot.ui.editor import open_at; print(open_at(Path({path!r}), 3) or 'done')"
)
CODE = 'async def talk() -> None:\n    print("grüße, \\t 漢字")\n'
SEQUENCE = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def in_terminal(program, env, expected=pexpect.EOF):
    names = ("TMUX", "STY", "TERM", "VISUAL", "EDITOR")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    child = pexpect.spawn(sys.executable, ["-c", program], env={**kept, "TERM": "xterm-256color", **env}, timeout=60)
    child.expect(expected)
    return child


@pytest.mark.parametrize("text", ["", CODE, "x" * 70_000], ids=["nothing", "code", "much"])
def test_a_terminal_is_told_what_to_copy(text):
    written = in_terminal(COPY.format(text=text), {}).before
    assert base64.b64decode(SEQUENCE.search(written)[1]).decode() == text
    assert SEQUENCE.sub(b"", written).strip() == b"True"


@pytest.mark.parametrize(
    ("text", "env"),
    [("x" * (MOST + 1), {}), (CODE, {"TERM": "dumb"}), (CODE, {"TERM": "linux"})],
    ids=["too much", "dumb", "console"],
)
def test_what_no_terminal_would_take_is_not_sent(text, env):
    assert in_terminal(COPY.format(text=text), env).before.strip() == b"False"


def test_nothing_is_copied_where_there_is_no_terminal():
    done = subprocess.run([sys.executable, "-c", COPY.format(text=CODE)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.fixture
def tmux(tmp_path):
    """A tmux of this test's own; returns what a command of it prints."""
    socket = str(tmp_path / "socket")

    def run(*words):
        env = {name: value for name, value in os.environ.items() if name != "TMUX"}
        done = subprocess.run(
            ["tmux", "-f", "/dev/null", "-S", socket, *words], env=env, capture_output=True, text=True
        )
        return done.stdout

    yield run
    run("kill-server")


def eventually(found, within=60):
    end = time.monotonic() + within
    while not (value := found()) and time.monotonic() < end:
        time.sleep(0.1)
    return value


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_tmux_gets_it_into_its_buffer(tmux, tmp_path):
    (tmp_path / "copy.py").write_text(COPY.format(text=CODE))
    tmux("new-session", "-d", "-x", "80", "-y", "24", f"{sys.executable} {tmp_path}/copy.py >{os.devnull}; cat")
    assert eventually(lambda: "cat" in tmux("list-panes", "-F", "#{pane_current_command}"))
    assert tmux("show-buffer") == ""  # what is no terminal copies nothing
    tmux("new-window", f"{sys.executable} {tmp_path}/copy.py; cat")
    assert eventually(lambda: tmux("show-buffer")) == CODE


@pytest.mark.skipif(shutil.which("screen") is None, reason="screen is not installed")
def test_screen_passes_it_on(tmp_path):
    (tmp_path / "copy.py").write_text(COPY.format(text=CODE * 40) + "; import time; time.sleep(2)")
    env = {name: value for name, value in os.environ.items() if name not in ("TMUX", "STY")}
    env |= {"TERM": "xterm-256color", "SCREENDIR": str(tmp_path / "screens"), "LC_ALL": "C.UTF-8"}
    (tmp_path / "screens").mkdir(mode=0o700)
    child = pexpect.spawn("screen", ["-c", os.devnull, sys.executable, str(tmp_path / "copy.py")], env=env, timeout=60)
    child.expect(SEQUENCE)
    assert base64.b64decode(child.match[1]).decode() == CODE * 40
    child.expect(pexpect.EOF)


def test_vim_opens_the_line(tmp_path):
    if shutil.which("vim") is None:
        pytest.skip("vim is not installed")
    (tmp_path / "main.py").write_text("one\ntwo\nthree\nfour\n")
    (tmp_path / "rc").write_text(f"autocmd VimEnter * call writefile([line('.')], '{tmp_path}/line') | qall\n")
    child = in_terminal(OPEN.format(path=str(tmp_path / "main.py")), {"EDITOR": f"vim -u {tmp_path}/rc"})
    assert child.before.strip().endswith(b"done")
    assert (tmp_path / "line").read_text() == "3\n"


def test_nano_opens_the_line(tmp_path):
    if shutil.which("nano") is None:
        pytest.skip("nano is not installed")
    path = tmp_path / "main.py"
    path.write_text("one\ntwo\nthree\nfour\n")
    child = in_terminal(OPEN.format(path=str(path)), {"VISUAL": "nano --ignorercfiles", "EDITOR": "false"}, "four")
    child.send("X\x0f\r\x18")  # type, write out, exit
    child.expect("done")
    child.expect(pexpect.EOF)
    assert path.read_text() == "one\ntwo\nXthree\nfour\n"


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (["emacs", "-nw"], ["-nw", "+3", "FILE"]),
        (["code", "--wait"], ["--wait", "-g", "FILE:3"]),
        (["hx"], ["FILE:3"]),
        (["kate"], ["-l", "3", "FILE"]),
        (["own-editor"], ["FILE"]),
    ],
    ids=lambda value: value[0],
)
def test_an_editor_is_started_with_its_own_words(words, arguments, tmp_path):
    program = tmp_path / "bin" / words[0]
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"$(dirname "$0")/arguments"\n')
    program.chmod(0o755)
    path = tmp_path / "my main.py"
    path.touch()
    child = in_terminal(OPEN.format(path=str(path)), {"EDITOR": " ".join((f"'{program}'", *words[1:]))})
    assert child.before.strip() == b"done"
    given_words = (program.parent / "arguments").read_text().splitlines()
    assert given_words == [word.replace("FILE", str(path)) for word in arguments]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-editor", b"no-such-editor: cannot be started: No such file or directory"),
        ("false", b"false: ended with 1"),
    ],
)
def test_an_editor_that_fails_is_said(command, said, tmp_path):
    assert in_terminal(OPEN.format(path=str(tmp_path / "x.py")), {"EDITOR": command}).before.strip() == said


def test_the_visual_editor_comes_first_and_what_cannot_be_read_is_passed_over(monkeypatch):
    monkeypatch.setenv("VISUAL", "hx -v")
    monkeypatch.setenv("EDITOR", "vim")
    assert editor() == ["hx", "-v"]
    monkeypatch.setenv("VISUAL", "'unfinished")
    assert editor() == ["vim"]
    monkeypatch.setenv("EDITOR", " ")
    monkeypatch.setenv("PATH", "")
    assert editor() == []


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and "/" not in text and text not in (".", "..")))
def test_no_file_name_is_taken_for_an_option(name):
    from pathlib import Path

    for word in ("vim", "code", "hx", "unknown"):
        assert command_for([word], Path(name), 1)[-1].startswith("/")


def test_a_file_of_a_container_is_found_by_the_end_of_its_path(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "chat.py").touch()
    (tmp_path / "chat.py").touch()
    assert located("/srv/app/chat.py", tmp_path) == tmp_path / "app" / "chat.py"
    assert located("/srv/code/chat.py", tmp_path) == tmp_path / "chat.py"
    assert located("app/chat.py", tmp_path) == tmp_path / "app" / "chat.py"
    assert located(str(tmp_path / "chat.py"), tmp_path / "app") == tmp_path / "chat.py"
    assert located("/srv/other.py", tmp_path) is None
