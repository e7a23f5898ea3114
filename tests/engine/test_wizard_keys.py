"""Keys and pastes in the wizard: in terminals with and without bracketed paste, small ones, and without drawing."""

import re
import sys
import unicodedata

import pexpect
import pytest
from terminals import CAUSE, DOWN, LOG, describe, pick

PASTED = LOG.replace("\n", "\r")
BRACKETED = f"\x1b[200~{PASTED}\x1b[201~"
LONG = "".join(f"2024-05-01 10:00:{number % 60:02} INFO request {number} served\r" for number in range(300))
ASKED = "Describe it, or paste the error"


@pytest.mark.parametrize("pasted", [PASTED, BRACKETED, LONG + PASTED], ids=["plain bytes", "bracketed", "long"])
def test_a_pasted_traceback_is_taken_whole(terminal, pasted):
    wizard = terminal()
    wizard.wait_for(ASKED)
    wizard.type(pasted)
    if pasted == BRACKETED:
        wizard.type("\r")
    wizard.wait_for("What now")
    assert CAUSE in wizard.text
    assert "chat.py:12" in wizard.text
    wizard.type("q")
    assert wizard.end() == 0


@pytest.mark.parametrize("pasted", [PASTED, LONG + PASTED], ids=["short", "long"])
def test_without_drawing_it_is_taken_whole_as_well(terminal, pasted):
    wizard = terminal("--plain")
    wizard.wait_for(ASKED)
    wizard.type(pasted + "\r")
    wizard.wait_for("What now")
    assert CAUSE in wizard.text
    pick(wizard, "Stop here")
    assert wizard.end() == 0


@pytest.mark.parametrize("mode", [[], ["--plain"]], ids=["drawn", "plain"])
def test_what_is_pasted_at_a_question_counts_as_said(terminal, mode):
    wizard = terminal(*mode, "--answer", "endpoint-kind=websocket")
    wizard.wait_for("Why do you ask")
    wizard.type(PASTED)
    wizard.wait_for("What now")
    assert CAUSE in wizard.text
    wizard.type("q\r" if mode else "q")
    assert wizard.end() == 0


@pytest.mark.parametrize("mode", ["", "--plain"], ids=["drawn", "plain"])
def test_nothing_pasted_is_left_for_the_shell(environment, tmp_path, mode):
    shell = pexpect.spawn(
        "/bin/sh", ["-i"], cwd=str(tmp_path), env={**environment, "PS1": "ready> "}, timeout=30, echo=False
    )
    shell.expect("ready> ")
    shell.sendline(f"{sys.executable} -m troubleshoot {mode} --answer endpoint-kind=websocket")
    shell.expect("Why do you ask")
    shell.send("\x03" + "touch pasted\r" * 5)
    shell.expect("ready> ")
    shell.sendline("echo end; exit")
    shell.expect(pexpect.EOF)
    assert not (tmp_path / "pasted").exists()


def test_numbers_letters_home_end_escape_and_question_mark(terminal):
    wizard = terminal("--answer", "endpoint-kind=websocket")
    wizard.wait_for("Why do you ask")
    wizard.type("?")
    wizard.wait_for("narrows the field")
    wizard.wait_for("Stop here")
    wizard.type("\x1b")
    wizard.wait_for("This is the first question.")
    wizard.wait_for("Stop here")
    wizard.type("\x1b[F\x1b[H" + DOWN * 2 + "\x1b[F\r")
    assert wizard.end() == 1


def test_a_long_list_is_filtered_by_typing(terminal):
    wizard = terminal("--answer", "happens-when=under-load", rows=30)
    wizard.wait_for("Stop here|more below")
    wizard.type("3")
    wizard.wait_for("which is nearest|What do you see")
    assert wizard.child.isalive()
    wizard.type("\x03")
    assert wizard.end() == 130


@pytest.mark.parametrize("rows", [12, 15, 24])
def test_a_small_screen_says_how_much_is_below(terminal, rows):
    wizard = terminal(rows=rows)
    wizard.wait_for(ASKED)
    wizard.type("\r")
    wizard.wait_for("What clients get")
    if rows < 24:
        wizard.wait_for("more below")
    wizard.type("\x1b[F")
    wizard.wait_for("Stop here")
    wizard.type("\r")
    assert wizard.end() == 1


@pytest.mark.parametrize(("words", "status"), [((), 1), (("my websocket disconnects after a minute",), 1)])
def test_a_screen_reader_gets_text_alone(terminal, words, status):
    wizard = terminal("--plain", *words)
    if not words:
        describe(wizard, "my websocket disconnects after a minute behind nginx")
    pick(wizard, "Stop here")
    assert wizard.end() in (0, status)
    read = wizard.text.replace("\n", "")
    strange = {sign for sign in read if not (sign.isascii() and sign.isprintable()) and not is_letter(sign)}
    assert strange == set()


def is_letter(sign):
    return unicodedata.category(sign)[0] in "LNP"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["my websocket disconnects after a minute behind nginx"], "websocket"),
        (["app.log"], "chat.py:12"),
        (["my", "websocket", "drops", "--plain"], "websocket"),
    ],
    ids=["a sentence", "a file", "words"],
)
def test_what_is_no_command_is_what_somebody_has_to_say(terminal, words, shown):
    wizard = terminal(*words)
    wizard.wait_for("keys or arrows|Number or letter")
    assert shown in wizard.text.lower()
    wizard.type("\x03")
    assert wizard.end() == 130


def test_a_pipe_is_read_as_a_log(run, tmp_path):
    code, out, _ = run(stdin=LOG)
    assert code == 0
    assert CAUSE in out
    code, out, _ = run("my websocket drops when somebody leaves", stdin=LOG)
    assert code == 0
    assert CAUSE in out
    (tmp_path / "app.log").write_text(LOG)
    assert CAUSE in run("app.log", stdin="")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ((), 2, "there is no terminal to ask on"),
        (("scna",), 2, "No such command 'scna'. Did you mean 'scan'?"),
        (("scna", "app"), 2, "No such command 'scna'. Did you mean 'scan'?"),
        ((".", ".."), 2, "..: only one folder of source can be looked at"),
        (("resume",), 2, "nothing has been kept in this folder; name the file with --resume FILE"),
        (("--resume",), 2, "nothing has been kept in this folder; name the file with --resume FILE"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(run, arguments, code, sentence):
    result = run(*arguments, stdin="")
    assert result[0] == code
    assert sentence in result[2]


def test_the_echo_of_an_answer_is_whole(terminal):
    wizard = terminal("--answer", "symptom=ws-error-when-client-leaves", columns=60)
    wizard.wait_for("keys or arrows")
    wizard.wait_for("Stop here")
    label = re.search(r"»\s+1\s+(.*?)\s+2 {2}", " ".join(wizard.screen.display), re.DOTALL)
    assert label
    wizard.type("1")
    wizard.wait_for("What now|Stop here")
    drawn_and_echoed = " ".join(wizard.text.split()).count(" ".join(label[1].split()))
    assert drawn_and_echoed >= 2
    wizard.type("\x03")
    assert wizard.end() == 130
