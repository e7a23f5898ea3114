"""`troubleshoot run` in a real terminal, started from a shell: who reads keys gets them, and the shell's keys work."""

import os
import shutil
import sys

import pexpect
import pytest

RUN = f"{sys.executable} -m troubleshoot run --"
CURSES = """
import curses

def main(screen):
    screen.addstr(3, 5, "press a key")
    screen.refresh()
    key = screen.getkey()
    screen.addstr(4, 5, f"it was {key}")
    screen.refresh()
    screen.getkey()

curses.wrapper(main)
print("and the terminal is back")
"""
PASSWORD = """
import getpass
print(len(getpass.getpass("password: ")), "characters")
"""
LINES = """
import sys
for line in sys.stdin:
    print("got", line.strip().upper(), flush=True)
print("end of input")
"""
PROMPT = "ready> "


@pytest.fixture
def shell(tmp_path, tmp_path_factory):
    """An interactive shell in a terminal of 80 by 24, in a folder with a file of 500 lines."""
    (tmp_path / "long.txt").write_text("".join(f"line {number}\n" for number in range(500)))
    for name, text in (("keys.py", CURSES), ("password.py", PASSWORD), ("lines.py", LINES)):
        (tmp_path / name).write_text(text)
    variables = {"PS1": PROMPT, "TERM": "xterm", "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    child = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "--noediting"],
        cwd=str(tmp_path),
        env={**os.environ, **variables, "PYTHONDONTWRITEBYTECODE": "1"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=30,
    )
    child.expect_exact(PROMPT)
    yield child
    child.close(force=True)


@pytest.mark.skipif(shutil.which("less") is None, reason="takes less")
def test_less_gets_its_keys_and_is_stopped_and_taken_up_again(shell):
    shell.sendline(f"{RUN} less long.txt")
    shell.expect_exact("line 22")
    shell.send(" ")
    shell.expect_exact("line 45")
    shell.sendcontrol("z")
    shell.expect_exact("Stopped")
    shell.expect_exact(PROMPT)
    shell.sendline("echo mode $(stty -a | grep -oE -- '-?\\bicanon')")
    shell.expect_exact("mode icanon")
    shell.sendline("fg")
    shell.expect_exact("line 45")
    shell.send("G")
    shell.expect_exact("line 499")
    shell.send("q")
    shell.expect_exact(PROMPT)
    shell.sendline("echo code $? $(stty -a | grep -oE -- '-?\\b(icanon|echo|opost)\\b' | xargs)")
    shell.expect_exact("code 0 opost icanon echo")


def test_curses_gets_its_keys(shell):
    shell.sendline(f"{RUN} {sys.executable} keys.py")
    shell.expect_exact("press a key")
    shell.send("x")
    shell.expect_exact("it was x")
    shell.send("y")
    shell.expect_exact("and the terminal is back")
    shell.expect_exact(PROMPT)


def test_a_debugger_is_typed_to_before_and_after_it_was_stopped(shell):
    shell.sendline(f"{RUN} {sys.executable} -m pdb lines.py")
    shell.expect_exact("(Pdb) ")
    shell.sendline("p 6 * 7")
    shell.expect_exact("42\r\n(Pdb) ")
    shell.sendcontrol("z")
    shell.expect_exact("Stopped")
    shell.expect_exact(PROMPT)
    shell.sendline("fg")
    shell.sendline("p 6 * 8")
    shell.expect_exact("48\r\n(Pdb) ")
    shell.sendline("q")
    shell.expect_exact(PROMPT)


def test_what_is_typed_in_secret_is_not_shown(shell):
    shell.sendline(f"{RUN} {sys.executable} password.py")
    shell.expect_exact("password: ")
    shell.sendline("hunter-22one")
    shell.expect_exact("12 characters")
    assert "hunter" not in shell.before


def test_the_end_of_input_is_typed_as_ever(shell):
    shell.sendline(f"{RUN} {sys.executable} lines.py")
    shell.sendline("first")
    shell.expect_exact("got FIRST")
    shell.sendcontrol("d")
    shell.expect_exact("end of input")
    shell.expect_exact(PROMPT)


def test_ctrl_c_ends_what_runs_and_not_the_shell(shell):
    shell.sendline(f"{RUN} sh -c 'echo started; sleep 60'")
    shell.expect_exact("\r\nstarted")
    shell.sendcontrol("c")
    shell.expect_exact(PROMPT)
    shell.sendline("echo code $?")
    shell.expect_exact("code 130")


def test_in_the_background_nothing_that_is_typed_is_taken(shell):
    shell.sendline(f"{RUN} sh -c 'echo started; sleep 3; echo done' &")
    shell.expect_exact("started\r\n")
    shell.sendline("echo still $((6 * 7))")
    shell.expect_exact("still 42")
    shell.expect_exact("done\r\n")


def test_a_pipe_behind_it_is_stopped_with_it(shell):
    shell.sendline(f"{RUN} sh -c 'echo started >&2; read answer; echo answer $answer' | cat")
    shell.expect_exact("\r\nstarted")
    shell.sendcontrol("z")
    shell.expect_exact("Stopped")
    shell.expect_exact(PROMPT)
    shell.sendline("fg")
    shell.sendline("yes")
    shell.expect_exact("answer yes")
    shell.expect_exact(PROMPT)
