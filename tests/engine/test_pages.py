"""The three forms of an answer: what each says, in which order, and that whoever draws it says the same."""

import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from troubleshoot.fixes.rendering import Renderer
from troubleshoot.formats import json as json_format
from troubleshoot.formats import markdown, text
from troubleshoot.formats.blocks import Code
from troubleshoot.formats.fitting import fitted, height
from troubleshoot.formats.layout import lay, text_of
from troubleshoot.formats.page import page_of
from troubleshoot.formats.prose import set_markdown
from troubleshoot.investigation.answer import answer
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.session import Session
from troubleshoot.ui import page as drawn

README = Path(__file__).parent.parent / "readme"
LOG = README / "app.log"
BROKEN = """\
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/chat")
async def talk(websocket: WebSocket):
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(text)
"""
UNKNOWN = "it is slow"
LIKELY = {"complaint": "the websocket gives errors", "answers": ["symptom=ws-error-when-client-leaves"]}


@pytest.fixture(autouse=True)
def as_wide_as_a_page(monkeypatch):
    """Text is as wide as the terminal says, and not every way of running tests has one."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="session")
def answered(catalog, content):
    def ask(place=None, **intake):
        session = Session(catalog)
        examine(Intake(source=place, **intake), session, content)
        return answer(session, Renderer(content, catalog), 5, place)

    return ask


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a broken application in it, which is the current one."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text(BROKEN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def forms(answered, tmp_path_factory):
    place = tmp_path_factory.mktemp("source")
    (place / "main.py").write_text(BROKEN)
    return {
        "diagnosed": answered(logs=[str(LOG)]),
        "changed": answered(place, logs=[str(LOG)]),
        "likely": answered(**LIKELY),
        "unknown": answered(complaint=UNKNOWN),
        "foreign": answered(complaint="my sourdough does not rise in the new oven"),
    }


FORMS = ("diagnosed", "changed", "likely", "unknown", "foreign")


def words(written):
    return re.findall(r"\w+", written)


@pytest.mark.parametrize("form", FORMS)
def test_text_markdown_and_terminal_say_the_same(forms, form):
    result = forms[form]
    console = Console(file=io.StringIO(), width=100, force_terminal=True, markup=False, highlight=False)
    drawn.show_answer(result, console)
    in_colour = re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue())
    assert [line.rstrip() for line in in_colour.splitlines()] == text.write(result).splitlines()
    for word in set(words(text.write(result))):
        assert word in markdown.write(result), word


def test_what_is_diagnosed_begins_with_cause_line_and_what_to_do(forms):
    lines = text.write(forms["diagnosed"]).splitlines()
    assert lines[:5] == [
        "Cause:     WebSocketDisconnect is not caught when the client leaves",
        "           websocket/disconnect-not-handled, 99 %",
        "Your line: /srv/app/chat.py:12, in talk",
        "           text = await websocket.receive_text()",
        "Do this:   Catch the disconnect and clean up in finally.",
    ]
    headings = [line for line in lines if line in ("Why", "What happens", "Read more")]
    assert headings == ["Why", "What happens", "Read more"]
    assert lines.index("async def talk(websocket: WebSocket) -> None:") < lines.index("Why")
    assert "bits" not in words(text.write(forms["diagnosed"]))
    assert any(line.startswith("  decisive") for line in lines)


def test_a_change_is_made_by_the_command_that_is_shown(answered, project, environment):
    result = answered(Path(), logs=[str(LOG)])
    written = text.write(result)
    assert "Your line: " in written
    diff = written[written.index("--- ") : written.index("\n\n  - This change")] + "\n"
    command = re.search(r"Do this: .*\n\s+troubleshoot (.*)", written)[1]
    subprocess.run(["patch", "-p1", "--dry-run"], input=diff, cwd=project, text=True, check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-m", "troubleshoot", *shlex.split(command)], cwd=project, env=environment)
    assert done.returncode == 0
    assert "WebSocketDisconnect" in (project / "app" / "main.py").read_text()


def test_the_line_of_a_finding_is_the_persons_own(answered, project):
    first = json.loads(json_format.write(answered(Path(), complaint="WebSocketDisconnect when the client leaves")))
    line = next(item["line"] for item in first["diagnosis"] if item["cause"] == "websocket/disconnect-not-handled")
    assert line["path"] == "app/main.py"
    assert line["function"] == "talk"
    assert line["statement"] == BROKEN.splitlines()[line["line"] - 1].strip()


def test_several_places_are_told_apart_in_the_command(answered, project):
    again = BROKEN.partition("@app")[2].replace("/chat", "/talk").replace("talk(", "speak(")
    (project / "app" / "main.py").write_text(f"{BROKEN}\n\n@app{again}")
    command = answered(Path(), logs=[str(LOG)]).ranked[0].do_this.command
    assert re.search(r" --at app/main\.py:\d+ --apply$", command)


def test_what_is_likely_is_a_short_list_and_one_question(forms):
    result = forms["likely"]
    written = text.write(result)
    assert result.status == "likely"
    for item in result.ranked[: result.named]:
        assert item.cause.id in written
        assert set(words(item.cause.tell)) <= set(words(written))
    for item in result.ranked[result.named :]:
        assert f"({item.cause.id})" not in written
    assert "One question would settle it" in written
    assert all(
        f"--answer {result.next_question.question}={option}" in written for option in result.next_question.options
    )
    for word in ("Cause:", "Do this:", "What happens", "Run against", "```", "import "):
        assert word not in written + markdown.write(result)


def test_what_is_unknown_is_said_with_commands_and_no_fix(forms):
    written = text.write(forms["unknown"])
    assert written.startswith("I cannot tell from this.\n\nWhat would tell\n")
    assert 2 <= len(forms["unknown"].commands) <= 3
    for word in ("Cause:", "Do this:", "What happens", "Run against", "```"):
        assert word not in written + markdown.write(forms["unknown"])
    asked = forms["unknown"].next_question
    assert "One question would help" in written
    assert all(f"--answer {asked.question}={option}" in written for option in list(asked.options)[:12])


SAID = [
    UNKNOWN,
    'the "best" answer costs $5 `and` more',
    "something odd\nin two lines",
    "x" * 200,
]


@pytest.mark.parametrize("complaint", SAID)
def test_the_commands_work_as_they_stand_and_are_not_what_was_done(answered, project, environment, complaint):
    log = project / "some.log"
    log.write_text("INFO: nothing of interest\n")
    (project / "FILE").write_text("INFO: nothing of interest\n")
    seen = set()
    for intake in ({}, {"logs": ["some.log"]}, {"place": Path()}, {"logs": ["some.log"], "place": Path()}):
        result = answered(complaint=complaint, **intake)
        assert result.status == "unknown"
        for item in result.commands:
            word = item.command.split()[1] if " " in item.command else ""
            if "logs" in intake:
                assert "--log FILE" not in item.command
                assert word != "run"
            if "place" in intake:
                assert word != "scan"
                assert word != "answer" or "--app app.main:app" in item.command
            seen.add(item.command)
    assert len(seen) > 2
    for command in seen:
        if " run " in command:
            assert command.endswith(" -- uvicorn app.main:app")
            continue
        words_ = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True, text=True).stdout
        arguments = words_.split("\0")[1:-1]
        done = subprocess.run(
            [sys.executable, "-m", "troubleshoot", *arguments],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
        )
        if not arguments or arguments[0].startswith("--"):
            # Where there is nobody to ask it answers, if anything was handed over.
            assert done.returncode in ((0, 1) if arguments else (2,)), f"{command}\n{done.stderr}"
            assert ("there is no terminal to ask on" in done.stderr) == (not arguments)
            continue
        assert done.returncode in (0, 1), f"{command}\n{done.stderr}"
        assert complaint in arguments or "answer" not in arguments


def test_a_log_from_a_pipe_and_a_secret_are_in_no_command(answered, project):
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8"
    result = answered(complaint=f"my token {secret} is odd")
    assert result.commands
    assert secret not in text.write(result) + markdown.write(result) + json_format.write(result)


def test_without_an_application_no_server_is_named(answered, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = [item.command for item in answered(complaint=UNKNOWN).commands]
    assert f'troubleshoot answer "{UNKNOWN}" --log FILE' in commands
    assert not any("uvicorn" in command for command in commands)


@pytest.mark.parametrize("form", FORMS)
def test_what_comes_first_fits_the_screen(forms, form):
    short = page_of(forms[form]).short

    @given(rows=st.integers(1, 60), width=st.integers(24, 200))
    @settings(deadline=None, max_examples=40)
    def check(rows, width):
        laid = fitted(short, width, rows)
        whole = list(lay(short, width))
        assert height(laid, width) <= rows
        if height(whole, width) <= rows:
            assert laid == whole
        elif laid:
            assert text_of(laid[0]) == text_of(whole[0])

    check()


@pytest.mark.parametrize("form", ["diagnosed", "changed"])
@pytest.mark.parametrize(("width", "rows"), [(60, 9), (100, 24), (200, 44)])
def test_on_any_screen_the_cause_the_line_and_what_to_do_come_first(forms, form, width, rows):
    written = [text_of(row) for row in fitted(page_of(forms[form]).short, width, rows)]
    for label in ("Cause:", "Your line:", "Do this:"):
        assert any(line.startswith(label) for line in written)
    assert rows < 20 or any(
        isinstance(block, Code) and block.text.split("\n")[0] in written for block in page_of(forms[form]).short
    )


@pytest.mark.parametrize("width", [40, 60, 200])
def test_code_stands_as_it_is_at_any_width(forms, width):
    snippet = forms["diagnosed"].ranked[0].fixes[0].snippet.text.rstrip()
    console = Console(file=io.StringIO(), width=width, force_terminal=True, markup=False, highlight=False)
    drawn.show_answer(forms["diagnosed"], console)
    assert f"\n{snippet}\n" in re.sub(r"\x1b\[[0-9;]*m", "", console.file.getvalue())
    assert f"\n{snippet}\n" in text.write(forms["diagnosed"])


def test_a_pipe_a_dumb_terminal_and_no_colour_get_plain_text(environment, tmp_path):
    shutil.copy(LOG, tmp_path)
    command = [sys.executable, "-m", "troubleshoot", "answer", "--log", "app.log"]
    shown = {}
    for name, env in {"dumb": {"TERM": "dumb"}, "none": {"TERM": "xterm-256color", "NO_COLOR": "1"}}.items():
        child = pexpect.spawn(
            command[0], command[1:], cwd=str(tmp_path), env={**environment, **env}, dimensions=(24, 60), timeout=60
        )
        child.expect(pexpect.EOF)
        shown[name] = child.before.decode().replace("\r\n", "\n")
    assert "\x1b" not in shown["dumb"]
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown["none"])
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown["none"]) == shown["dumb"]
    piped = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    assert words(piped) == words(shown["dumb"])


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "drawn"])
def test_what_comes_first_leaves_room_for_what_is_asked_below_it(environment, tmp_path, plain):
    program = f"""
from pathlib import Path
from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.investigation.answer import answer
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.session import Session
from troubleshoot.ui.answers import show_short
content = find_content()
catalog = load(content)
session = Session(catalog)
examine(Intake(logs=[{str(LOG)!r}]), session, content)
show_short(answer(session, Renderer(content, catalog), 4), 6, plain={plain})
"""
    env = {**environment, "TERM": "xterm-256color"}
    child = pexpect.spawn(sys.executable, ["-c", program], cwd=str(tmp_path), env=env, dimensions=(15, 60), timeout=60)
    child.expect(pexpect.EOF)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", child.before.decode()).splitlines()
    assert lines[0].startswith("Cause:")
    assert any(line.startswith("Do this:") for line in lines)
    assert len(lines) <= 9
    assert ("\x1b" in child.before.decode()) is not plain


def test_a_sentence_that_ends_in_a_number_is_no_list():
    assert list(set_markdown("It closes with code 1005 or\n1006. Neither is wrong.", "")) == [
        "It closes with code 1005 or 1006. Neither is wrong."
    ]
    assert list(set_markdown("Do:\n1. this\n2. that\n- and more", "")) == ["Do:", "1. this", "2. that", "- and more"]
