"""The wizard in a real terminal: every key goes through a PTY, and the screen is read back."""

import json
import os
import re
import sys
from pathlib import Path

import pexpect
import pyte
import pytest

CAUSE = "websocket/disconnect-not-handled"
DOWN = "\x1b[B"
LOG = """\
Traceback (most recent call last):
  File "/srv/app/chat.py", line 12, in talk
    text = await websocket.receive_text()
  File "/srv/app/.venv/lib/python3.12/site-packages/starlette/websockets.py", line 126, in receive_text
    self._raise_on_disconnect(message)
starlette.websockets.WebSocketDisconnect: (1001, '')
"""


class Terminal:
    """A terminal with a program in it: what is typed, and what stands on the screen."""

    def __init__(self, arguments, folder, environment, columns=100, rows=60):
        self.screen = pyte.HistoryScreen(columns, rows, history=2000)
        self.stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "troubleshoot", *arguments],
            cwd=str(folder),
            env=environment,
            dimensions=(rows, columns),
            timeout=30,
        )
        self.child.logfile_read = self
        self.raw = b""

    def write(self, data):
        self.raw += data
        self.stream.feed(data)
        if b"\x1b[6n" in data:  # the prompt asks where the cursor is, and a terminal answers
            self.child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")

    def flush(self):
        pass

    def type(self, text):
        self.child.send(text)

    def wait_for(self, pattern):
        self.child.expect(pattern)

    def end(self):
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus

    @property
    def text(self):
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw.decode(errors="replace")).replace("\r", "")


@pytest.fixture
def terminal(tmp_path, environment):
    (tmp_path / "app.log").write_text(LOG)

    def start(*arguments, columns=100, **env):
        return Terminal(arguments, tmp_path, {**environment, **env}, columns)

    return start


def pick(wizard, label):
    """Choose the plain option whose text holds `label`."""
    wizard.wait_for("Number or letter: ")
    pick_here(wizard, label)


def pick_here(wizard, label):
    found = re.findall(rf"^  (\w+)\. [^\n]*{re.escape(label)}", wizard.text, re.MULTILINE)
    assert found, wizard.text
    wizard.type(f"{found[-1]}\r")


def test_a_log_leads_to_a_diagnosis_a_file_and_a_happy_end(terminal, tmp_path):
    wizard = terminal("--log", "app.log")
    wizard.wait_for("Did it help")
    assert "chat.py:12" in wizard.text
    assert "async def talk" in wizard.text
    wizard.type(DOWN * 2 + "\r")
    wizard.wait_for("Write it to")
    wizard.type("\r")
    wizard.wait_for("Wrote disconnect_not_handled.py")
    wizard.wait_for("Did it help")
    wizard.type("\r")
    assert wizard.end() == 0
    compile((tmp_path / "disconnect_not_handled.py").read_text(), "fix", "exec")


def test_a_description_and_answers_lead_to_a_diagnosis(terminal):
    wizard = terminal("--plain")
    wizard.wait_for("Describe it or paste the error")
    wizard.type("the chat endpoint throws WebSocketDisconnect when a user closes the browser tab\r")
    for _ in range(8):
        wizard.wait_for("Number or letter: ")
        last = wizard.text.rpartition("\n\n")[2]
        if "Did it help" in last:
            break
        match = re.search(
            r"^  (\d+)\. .*(?:receive loop|when WebSocket clients leave|The client \(tab closed|a WebSocket endpoint)",
            last,
            re.MULTILINE,
        )
        wizard.type(f"{match[1] if match else 'u'}\r")
    assert CAUSE in wizard.text
    wizard.type("1\r")
    assert wizard.end() == 0


def test_why_dont_know_back_and_start_over(terminal, tmp_path):
    wizard = terminal("--plain", "--save", "kept.json")
    wizard.wait_for("Describe it or paste the error")
    wizard.type("\r")
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


@pytest.mark.parametrize("mode", [[], ["--plain"]], ids=["drawn", "plain"])
def test_ctrl_c_keeps_the_answers(terminal, tmp_path, mode):
    wizard = terminal(*mode, "--save", "kept.json", "--answer", "endpoint-kind=websocket")
    wizard.wait_for("What do you see|Which|Where|When|How|Who")
    wizard.type("\x03")
    assert wizard.end() == 130
    assert "Go on with: troubleshoot --resume kept.json" in wizard.text.replace("\n", " ")
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["observed"][0]["subject"] == "endpoint-kind"
    again = terminal("--resume", "kept.json", *mode)
    again.wait_for("Going by 1 observation so far")
    again.type("\x03")
    assert again.end() == 130


def answers_in(path):
    return [(step["question"], step["option"]) for step in json.loads(path.read_text())["steps"]]


def interrupted(terminal, *arguments, option=""):
    """Stop a wizard with Ctrl-C, after an answer if `option` is given; return what it said."""
    wizard = terminal("--plain", *arguments)
    if option:
        wizard.wait_for("Describe it or paste the error")
        wizard.type("\r")
        pick(wizard, "WebSockets")
        pick(wizard, option)
        wizard.wait_for("So far")
    else:
        wizard.wait_for("Describe it or paste the error|Number or letter")
    wizard.type("\x03")
    assert wizard.end() == 130
    return wizard.text.replace("\n", " ")


LEAVING = "The log fills with errors when WebSocket clients leave"


def test_every_session_is_kept_in_a_file_of_its_own_and_an_empty_one_in_none(terminal, tmp_path):
    folder = tmp_path / "state" / "troubleshoot"
    said = interrupted(terminal)
    assert "Nothing has been answered, so nothing is kept." in said
    assert not list(folder.glob("*.json"))
    assert "session.json" in interrupted(terminal, option=LEAVING)
    first = (folder / "session.json").read_text()
    interrupted(terminal)
    assert [path.name for path in folder.glob("*.json")] == ["session.json"]
    assert "session-2.json" in interrupted(terminal, option=LEAVING)
    assert (folder / "session.json").read_text() == first
    assert "session.json" in interrupted(terminal, "--resume", str(folder / "session.json"))
    assert answers_in(folder / "session.json") == answers_in(folder / "session-2.json") != []


def test_of_too_many_sessions_the_oldest_goes(terminal, tmp_path):
    folder = tmp_path / "state" / "troubleshoot"
    folder.mkdir(parents=True)
    for number in range(1, 21):
        path = folder / f"session{f'-{number}' if number > 1 else ''}.json"
        path.write_text("{}")
        os.utime(path, (1e9 + (number != 7), 1e9 + (number != 7)))
    assert "session-7.json" in interrupted(terminal, option=LEAVING)
    assert [path.name for path in folder.glob("*.json") if path.read_text() != "{}"] == ["session-7.json"]


def test_two_wizards_at_the_same_time_keep_both_sessions(terminal, tmp_path):
    for arguments in ([], ["--save", "kept.json"]):
        both = [
            terminal("--plain", "--answer", f"endpoint-kind={kind}", *arguments) for kind in ("websocket", "async-def")
        ]
        for wizard in both:
            wizard.wait_for("Number or letter")
        for wizard in both:
            wizard.type("\x03")
        assert [wizard.end() for wizard in both] == [130, 130]
    files = [*(tmp_path / "state" / "troubleshoot").glob("*.json"), tmp_path / "kept.json"]
    kept = sorted(json.loads(path.read_text())["observed"][0]["value"] for path in files)
    assert kept == ["async-def", "async-def", "websocket", "websocket"]


@pytest.mark.parametrize("saved", [False, True])
def test_starting_over_takes_nothing_away_from_what_is_kept(terminal, tmp_path, saved):
    interrupted(terminal, "--save", "kept.json", option=LEAVING)
    kept = (tmp_path / "kept.json").read_text()
    wizard = terminal("--plain", "--resume", "kept.json", *(("--save", "kept.json") if saved else ()))
    pick(wizard, "Start over")
    wizard.wait_for("Number or letter")
    wizard.type("\x03")
    assert wizard.end() == 130
    assert (tmp_path / "kept.json").read_text() == kept
    assert answers_in(tmp_path / "kept.json") != []


def test_no_means_go_on(terminal):
    wizard = terminal("--log", "app.log", "--plain")
    wizard.wait_for("Did it help")
    pick(wizard, "No, it is something else")
    wizard.wait_for("Number or letter: ")
    wizard.type("\x03")
    assert wizard.end() == 130


@pytest.mark.parametrize("columns", [60, 100])
def test_it_fits_a_narrow_terminal(terminal, columns):
    wizard = terminal("--log", "app.log", columns=columns)
    wizard.wait_for("Did it help")
    assert all(len(line.rstrip()) <= columns for line in wizard.screen.display)


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}], ids=["dumb", "no colour"])
def test_no_colour_reaches_a_terminal_that_wants_none(terminal, env):
    wizard = terminal("--log", "app.log", **env)
    wizard.wait_for("Did it help")
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", wizard.raw)
    if env == {"TERM": "dumb"}:
        assert b"\x1b" not in wizard.raw


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--resume", "missing.json"], "--resume missing.json: cannot be read: No such file or directory"),
        (["--resume", "app.log"], "--resume app.log: is not a session kept by troubleshoot"),
        (["--save", "app.log"], "--save app.log: exists already; choose another name, or go on with --resume app.log"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(terminal, tmp_path, arguments, sentence):
    wizard = terminal(*arguments)
    assert wizard.end() == 2
    assert sentence in wizard.text
    assert Path(tmp_path / "app.log").read_text() == LOG


def test_escape_sequences_in_a_log_do_not_reach_the_terminal(terminal, tmp_path):
    (tmp_path / "evil.log").write_text(
        LOG.replace("(1001, '')", "(1001, '') \x1b]0;owned\x07 \x1b[2J [bold]dict[str][/api]")
    )
    wizard = terminal("--log", "evil.log")
    wizard.wait_for("Did it help")
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
OFFER = "looks like a FastAPI project. Shall I look at its source"


@pytest.mark.parametrize("mode", [[], ["--plain"]], ids=["drawn", "plain"])
def test_in_a_project_it_offers_to_look_at_the_source(terminal, tmp_path, mode):
    (tmp_path / "main.py").write_text("open('ran', 'w')\n" + PROJECT)
    (tmp_path / "broken.py").write_text("def\n")
    known = ("symptom=everything-freezes", "others-meanwhile=also-waits", "endpoint-kind=async-def")
    wizard = terminal(*mode, *(part for answer in known for part in ("--answer", answer)))
    wizard.wait_for(OFFER)
    wizard.type("1\r" if mode else "\r")
    wizard.wait_for("Not examined: broken.py:1: is not valid Python")
    wizard.wait_for("The source shows 1 possible cause; what you see decides")
    wizard.wait_for("Apply the change to main.py:8")
    assert "performance/blocking-call-in-async-endpoint" in wizard.text
    assert "await asyncio.sleep" in wizard.text
    wizard.type("2\r" if mode else "\x1b[B\r")
    wizard.wait_for("Changed main.py")
    wizard.wait_for("Did it help")
    assert "await asyncio.sleep" in (tmp_path / "main.py").read_text()
    wizard.type("\x03")
    assert wizard.end() == 130
    assert not (tmp_path / "ran").exists()


def test_the_offer_can_be_declined(terminal, tmp_path):
    (tmp_path / "main.py").write_text(PROJECT)
    wizard = terminal("--plain")
    wizard.wait_for(OFFER)
    wizard.type("2\r")
    wizard.wait_for("Describe it or paste the error")
    assert "The source shows" not in wizard.text
    wizard.type("\x03")
    assert wizard.end() == 130


@pytest.mark.parametrize("given", [["--source", "."], ["--log", "app.log"]], ids=lambda given: given[0])
def test_the_offer_is_made_only_where_it_makes_sense(terminal, tmp_path, given):
    if given[0] == "--source":
        (tmp_path / "main.py").write_text(PROJECT)
    wizard = terminal("--plain", *given)
    wizard.wait_for("Describe it or paste the error|Did it help")
    assert OFFER not in wizard.text
    wizard.type("\x03")
    assert wizard.end() == 130


def test_a_mistake_in_the_settings_does_not_keep_the_wizard_from_its_sentence(terminal, tmp_path):
    (tmp_path / "main.py").write_text(PROJECT)
    (tmp_path / "pyproject.toml").write_text("[tool.troubleshoot]\nslect = []\n")
    wizard = terminal("--plain")
    wizard.wait_for(OFFER)
    wizard.type("1\r")
    assert wizard.end() == 2
    assert "pyproject.toml:2: no setting 'slect'; did you mean 'select'?" in wizard.text.replace("\n", " ")


def test_who_knows_nothing_is_offered_what_finds_out_by_itself(terminal):
    wizard = terminal("--plain")
    wizard.wait_for("Describe it or paste the error")
    wizard.type("\r")
    asked = -1
    while "What may I look at" not in wizard.text:
        wizard.wait_for("Number or letter: ")
        pick_here(wizard, "Read a log" if "What may I look at" in wizard.text else "I don't know")
        asked += 1
    assert asked <= 6
    wizard.wait_for("The log file")
    wizard.type("nowhere.log\r")
    wizard.wait_for("--log nowhere.log: cannot be opened: No such file or directory")
    pick(wizard, "Read a log or a traceback from a file")
    wizard.wait_for("The log file")
    wizard.type("app.log\r")
    wizard.wait_for("Did it help")
    assert "chat.py:12" in wizard.text
    wizard.type("\x03")
