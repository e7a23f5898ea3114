"""The wizard in a real terminal: every key goes through a PTY, and the screen is read back."""

import base64
import json
import re
import sys

import pytest
from terminals import CAUSE, DOWN, LOG, describe, pick, pick_here


def test_a_log_leads_to_a_diagnosis_a_file_and_a_happy_end(terminal, tmp_path):
    wizard = terminal("--log", "app.log")
    wizard.wait_for("What now")
    assert "chat.py:12" in wizard.text
    assert "async def talk" in wizard.text
    wizard.type("w")
    wizard.wait_for("Write it to")
    wizard.type("\r")
    wizard.wait_for("Wrote disconnect_not_handled.py")
    wizard.wait_for("What now")
    wizard.type(DOWN + "\r")
    assert wizard.end() == 0
    compile((tmp_path / "disconnect_not_handled.py").read_text(), "fix", "exec")


def test_a_description_and_answers_lead_to_a_diagnosis(terminal):
    wizard = terminal("--plain")
    describe(wizard, "the chat endpoint throws WebSocketDisconnect when a user closes the browser tab")
    for _ in range(8):
        wizard.wait_for("Number or letter: ")
        last = wizard.text.rpartition("\n\n")[2]
        if "What now" in last:
            break
        match = re.search(
            r"^  (\d+)\. .*(?:has no `except|receive loop|when WebSocket clients leave|The client \(tab closed|a WebSocket endpoint)",
            last,
            re.MULTILINE,
        )
        wizard.type(f"{match[1] if match else 'u'}\r")
    assert CAUSE in wizard.text
    wizard.type("2\r")
    assert wizard.end() == 0


def test_why_dont_know_back_and_start_over(terminal, tmp_path):
    wizard = terminal("--plain", "--save", "kept.json")
    describe(wizard)
    pick(wizard, "Back")
    wizard.wait_for("This is the first question.")
    pick(wizard, "Why do you ask")
    wizard.wait_for("narrows the field")
    pick(wizard, "WebSockets")
    pick(wizard, "The log fills with errors when WebSocket clients leave")
    wizard.wait_for("So far")
    pick(wizard, "Back")
    wizard.wait_for("What do you see")
    pick(wizard, "Start over")
    wizard.wait_for("What do you see")
    pick(wizard, "I don't know")
    pick(wizard, "Stop here")
    assert wizard.end() == 1
    steps = json.loads((tmp_path / "kept.json").read_text())["steps"]
    assert [(step["question"], step["option"]) for step in steps] == [("symptom", "")]


def test_no_means_go_on(terminal):
    wizard = terminal("--log", "app.log", "--plain")
    wizard.wait_for("What now")
    pick(wizard, "No, it is something else")
    wizard.wait_for("Number or letter: ")
    assert "WebSocketDisconnect is not caught" not in wizard.text.rpartition("something else")[2]
    wizard.type("\x03")
    assert wizard.end() == 130


@pytest.mark.parametrize("columns", [60, 100])
def test_it_fits_a_narrow_terminal(terminal, columns):
    wizard = terminal("--log", "app.log", columns=columns)
    wizard.wait_for("What now")
    assert all(len(line.rstrip()) <= columns for line in wizard.screen.display)


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}], ids=["dumb", "no colour"])
def test_no_colour_reaches_a_terminal_that_wants_none(terminal, env):
    wizard = terminal("--log", "app.log", **env)
    wizard.wait_for("What now")
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", wizard.raw)
    if env == {"TERM": "dumb"}:
        assert b"\x1b" not in wizard.raw


def test_escape_sequences_in_a_log_do_not_reach_the_terminal(terminal, tmp_path):
    (tmp_path / "evil.log").write_text(
        LOG.replace("(1001, '')", "(1001, '') \x1b]0;owned\x07 \x1b[2J [bold]dict[str][/api]")
    )
    wizard = terminal("--log", "evil.log")
    wizard.wait_for("What now")
    assert b"owned" not in wizard.raw
    assert "[bold]dict[str][/api]" in wizard.text


PROJECT = """\
import time
from fastapi import FastAPI
app = FastAPI()

@app.get("/report")
async def monthly_report():
    time.sleep(1)
"""
OFFER = "May I look at the source in"


@pytest.mark.parametrize(("mode", "yes"), [([], "\r"), ([], "y"), (["--plain"], "1\r"), (["--plain"], "y\r")])
def test_in_a_project_it_offers_to_look_at_the_source(terminal, tmp_path, mode, yes):
    (tmp_path / "main.py").write_text("open('ran', 'w')\n" + PROJECT)
    (tmp_path / "broken.py").write_text("def\n")
    known = ("symptom=everything-freezes", "others-meanwhile=also-waits", "endpoint-kind=async-def")
    wizard = terminal(*mode, *(part for answer in known for part in ("--answer", answer)))
    wizard.wait_for(OFFER)
    wizard.type(yes)
    wizard.wait_for("Not examined: broken.py:1: is not valid Python")
    wizard.wait_for("main.py:8: time.sleep")
    wizard.wait_for("What now")
    wizard.wait_for("Make the change in main.py:8")
    assert "performance/blocking-call-in-async-endpoint" in wizard.text
    assert "await asyncio.sleep" in wizard.text
    wizard.type("a\r" if mode else "a")
    wizard.wait_for("Changed main.py")
    wizard.wait_for("What now")
    assert "await asyncio.sleep" in (tmp_path / "main.py").read_text()
    wizard.type("\x03")
    assert wizard.end() == 130
    assert not (tmp_path / "ran").exists()


def test_the_offer_can_be_declined(terminal, tmp_path):
    (tmp_path / "main.py").write_text(PROJECT)
    wizard = terminal("--plain")
    describe(wizard)
    wizard.wait_for(OFFER)
    wizard.type("2\r")
    wizard.wait_for("Number or letter: ")
    assert "main.py" not in wizard.text
    wizard.type("\x03")
    assert wizard.end() == 130


@pytest.mark.parametrize("given", [["--source", "."], ["--log", "app.log"]], ids=lambda given: given[0])
def test_the_offer_is_made_only_where_it_makes_sense(terminal, tmp_path, given):
    if given[0] == "--source":
        (tmp_path / "main.py").write_text(PROJECT)
    wizard = terminal("--plain", *given)
    wizard.wait_for("What do you see|What now")
    assert OFFER not in wizard.text
    wizard.type("\x03")
    assert wizard.end() == 130


def test_a_mistake_in_the_settings_does_not_keep_the_wizard_from_its_sentence(terminal, tmp_path):
    (tmp_path / "main.py").write_text(PROJECT)
    (tmp_path / "pyproject.toml").write_text("[tool.troubleshoot]\nslect = []\n")
    wizard = terminal("--plain")
    describe(wizard)
    wizard.wait_for(OFFER)
    wizard.type("1\r")
    assert wizard.end() == 2
    assert "pyproject.toml:2: no setting 'slect'; did you mean 'select'?" in wizard.text.replace("\n", " ")


def offered(terminal):
    """Return a plain wizard that has been told nothing, and offers to look by itself."""
    wizard = terminal("--plain")
    describe(wizard)
    asked = 0
    while "What may I look at" not in wizard.text:
        pick(wizard, "I don't know")
        asked += 1
        wizard.wait_for(r"\n  1\.")
    assert asked <= 6
    return wizard


def test_who_knows_nothing_is_offered_what_finds_out_by_itself(terminal):
    wizard = offered(terminal)
    pick(wizard, "Read a log")
    wizard.wait_for("The log file")
    wizard.type("nowhere.log\r")
    wizard.wait_for("--log nowhere.log: cannot be opened: No such file or directory")
    pick(wizard, "Read a log or a traceback from a file")
    wizard.wait_for("The log file")
    wizard.type("app.log\r")
    wizard.wait_for("What now")
    assert "chat.py:12" in wizard.text
    wizard.type("\x03")
    assert wizard.end() == 130


def test_it_starts_the_server_and_watches_it(terminal, tmp_path):
    (tmp_path / "server.py").write_text("import sys\nsys.stderr.write(open('app.log').read())\n")
    wizard = offered(terminal)
    pick(wizard, "Start my server and watch it")
    wizard.wait_for("The command that starts your server")
    wizard.type(f"{sys.executable} 'server.py\r")
    wizard.wait_for("that is no command: No closing quotation")
    wizard.type(f"{sys.executable} server.py\r")
    wizard.wait_for("1 cause named")
    wizard.wait_for("What now")
    assert "chat.py:12" in wizard.text
    pick(wizard, "Stop here")
    assert wizard.end() == 0


def test_it_writes_a_snippet_that_finds_out_and_reads_what_that_prints(terminal, tmp_path):
    wizard = terminal("--plain", "--answer", "symptom=slower-with-data")
    for _ in range(10):
        if wizard.wait_for(["What may I look at", "Number or letter: "]) == 0:
            break
        pick_here(wizard, "I don't know")
    pick(wizard, "Write a snippet to a file that finds it out")
    wizard.wait_for("Write it to")
    wizard.type("\r")
    wizard.wait_for(r"Wrote (\S+\.py)\. How to read it")
    assert compile((tmp_path / wizard.child.match[1].decode()).read_text(), "probe", "exec")
    wizard.wait_for("Paste what it printed")
    wizard.type(LOG.replace("\n", "\r") + "\r")
    wizard.wait_for("chat.py:12")
    wizard.type("\x03")
    assert wizard.end() == 130


def test_the_fix_is_copied_and_the_place_opened(terminal, tmp_path):
    (tmp_path / "chat.py").write_text("\n" * 11 + "    text = await websocket.receive_text()\n")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >opened\n')
    editor.chmod(0o755)
    wizard = terminal("--log", "app.log", VISUAL=str(editor), EDITOR="", TMUX="", STY="")
    wizard.wait_for("Open /srv/app/chat.py:12 in your editor")
    wizard.type("c")
    wizard.wait_for(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
    assert "async def talk" in base64.b64decode(wizard.child.match[1]).decode()
    wizard.wait_for("Copied, if your terminal allows it")
    wizard.wait_for("Stop here")
    wizard.type("o")
    wizard.wait_for("Open /srv/app/chat.py:12 in your editor.*What now")
    wizard.type("q")
    assert wizard.end() == 0
    assert (tmp_path / "opened").read_text().splitlines()[-1] == str(tmp_path / "chat.py")
