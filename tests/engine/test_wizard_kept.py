"""Answers that the wizard keeps: on Ctrl-C, for later, and taken up again."""

import json
import os
from pathlib import Path

import pytest
from terminals import CAUSE, LOG, describe, pick


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
    again.wait_for("This is what I go by")
    again.type("\x03")
    assert again.end() == 130


def answers_in(path):
    return [(step["question"], step["option"]) for step in json.loads(path.read_text())["steps"]]


def interrupted(terminal, *arguments, option=""):
    """Stop a wizard with Ctrl-C, after an answer if `option` is given; return what it said."""
    wizard = terminal("--plain", *arguments)
    if wizard.wait_for(["Shall we go on from there", "What do you see", "Number or letter"]) == 0:
        pick(wizard, "No, something new")
    if option:
        describe(wizard)
        pick(wizard, "WebSockets")
        pick(wizard, option)
        wizard.wait_for("So far")
    wizard.type("\x03")
    assert wizard.end() == 130
    return wizard.text.replace("\n", " ")


LEAVING = "The log fills with errors when WebSocket clients leave"


def kept_in(folder):
    """Return the kept sessions, by name, with what is in them."""
    return {path.name: path.read_text() for path in sorted((folder / "state" / "troubleshoot").glob("*.json"))}


def test_every_session_is_kept_in_a_file_of_its_own_and_an_empty_one_in_none(terminal, tmp_path):
    assert "Nothing has been answered, so nothing is kept." in interrupted(terminal)
    assert kept_in(tmp_path) == {}
    assert "Go on with: troubleshoot resume" in interrupted(terminal, option=LEAVING)
    first = kept_in(tmp_path)
    ((name, text),) = first.items()
    interrupted(terminal)
    assert kept_in(tmp_path) == first
    interrupted(terminal, option=LEAVING)
    both = kept_in(tmp_path)
    assert len(both) == 2
    assert both[name] == text
    place = tmp_path / "state" / "troubleshoot" / name
    assert f"--resume {place}" in interrupted(terminal, "--resume", str(place)).replace(" /", "/").replace(
        "resume/", "resume /"
    )
    assert [answers_in(place.parent / one) for one in kept_in(tmp_path)] == [answers_in(place)] * 2 != [[], []]


def test_of_too_many_sessions_the_oldest_goes(terminal, tmp_path):
    folder = tmp_path / "state" / "troubleshoot"
    folder.mkdir(parents=True)
    for number in range(1, 21):
        path = folder / f"other-0123abcd-{number}.json"
        path.write_text("{}")
        os.utime(path, (1e9 + (number != 7), 1e9 + (number != 7)))
    interrupted(terminal, option=LEAVING)
    left = kept_in(tmp_path)
    assert len(left) == 20
    assert "other-0123abcd-7.json" not in left
    assert sum(text != "{}" for text in left.values()) == 1


@pytest.mark.parametrize("way", ["offered", "resume", "--resume"])
def test_the_last_session_of_this_folder_is_taken_up_again(terminal, tmp_path, way):
    interrupted(terminal, option=LEAVING)
    kept = kept_in(tmp_path)
    wizard = terminal("--plain") if way == "offered" else terminal(way, "--plain")
    if way == "offered":
        wizard.wait_for("You stopped here a moment ago with 1 answer. Shall we go on from there")
        pick(wizard, "Yes, go on")
    wizard.wait_for("So far")
    wizard.type("\x03")
    assert wizard.end() == 130
    assert kept_in(tmp_path) == kept


def test_a_session_of_another_folder_is_not_offered(terminal, tmp_path):
    interrupted(terminal, option=LEAVING)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    wizard = terminal("resume", folder=elsewhere)
    assert wizard.end() == 2
    assert "nothing has been kept in this folder; name the file with --resume FILE" in wizard.text


def test_who_tries_a_fix_comes_back_to_say_that_it_helped(terminal, tmp_path):
    wizard = terminal("--log", "app.log", "--plain")
    pick(wizard, "I try it and come back")
    assert wizard.end() == 0
    assert "Your answers are kept. Go on with: troubleshoot resume" in wizard.text
    again = terminal("resume", "--plain")
    again.wait_for("Did it help")
    pick(again, "It helped")
    assert again.end() == 0
    (text,) = kept_in(tmp_path).values()
    assert json.loads(text)["outcomes"] == {CAUSE: "yes"}
    assert terminal("resume").end() == 2


@pytest.mark.parametrize("damage", ["", "[]", '{"steps": 3, "outcomes": {}}', "\x00\xff", '{"outcomes": []}'])
def test_a_damaged_session_is_not_offered(terminal, tmp_path, damage):
    interrupted(terminal, option=LEAVING)
    (path,) = (tmp_path / "state" / "troubleshoot").glob("*.json")
    path.write_text(damage)
    assert "Nothing has been answered" in interrupted(terminal)
    assert path.read_text() == damage


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


def test_what_a_run_has_found_is_taken_up(terminal, run):
    wizard = terminal("run", "--save", "found.json", "--", "cat", "app.log")
    wizard.wait_for("1 cause named")
    assert wizard.end() == 0
    wizard = terminal("resume", "found.json", "--plain")
    wizard.wait_for("What now|Did it help")
    assert CAUSE in wizard.text
    wizard.type("\x03")
    assert wizard.end() == 130
    code, _, err = run("run", "--save", "found.json", "--", "cat", "app.log")
    assert (code, err) == (2, "troubleshoot: --save found.json: exists already; choose another name\n")
