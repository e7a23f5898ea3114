"""What the program says of itself: the topics, in a pipe and in terminals of any width."""

import re

import pytest

from troubleshoot.topics import FOLDER, headings

PROSE = re.compile(r"^```.*?^```\n", re.DOTALL | re.MULTILINE)


def drawn(run, *arguments, columns):
    code, out, err = run("help", *arguments, env={"FORCE_COLOR": "1", "COLUMNS": str(columns)})
    assert (code, err) == (0, "")
    return re.sub(r"\x1b\[[\d;]*m", "", out).splitlines()


def test_all_topics_are_listed_with_what_they_are_about(run):
    code, out, err = run("help")
    assert (code, err) == (0, "")
    assert [tuple(line.split(None, 1)) for line in out.splitlines()] == list(headings().items())
    for columns in (60, 200):
        text = " ".join(" ".join(drawn(run, columns=columns)).split())
        assert "`troubleshoot help TOPIC` shows one." in text
        assert all(f"{topic} {heading}" in text for topic, heading in headings().items())


def test_in_a_pipe_a_topic_is_its_file(run):
    for topic in ("scan", "exit-codes"):
        assert run("help", topic) == (0, (FOLDER / f"{topic}.md").read_text(), "")


@pytest.mark.parametrize("topic", headings())
def test_a_narrow_terminal_shows_everything_and_wraps_no_code(run, topic):
    text = (FOLDER / f"{topic}.md").read_text()
    lines = drawn(run, topic, columns=60)
    code = [
        line.removeprefix("$ ")
        for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    assert [line for line in code if line.strip() and f"  {line}" not in lines] == []
    assert [line for line in lines if len(line) > 60 and line[2:] not in code] == []
    assert not any("…" in line for line in lines if "…" not in text)
    shown = "".join(re.findall(r"\w+", "".join(lines)))
    if "| ---" not in text:  # the cells of a table stand beside each other, so its words are cut
        assert all(word in shown for word in re.findall(r"\w+", PROSE.sub("", text)))


def test_an_unknown_topic_gets_the_nearest(run):
    code, out, err = run("help", "scn")
    assert (code, out) == (2, "")
    assert err.startswith("troubleshoot: no topic 'scn'; did you mean 'scan'")
    assert run("help", "zzzz")[2] == f"troubleshoot: no topic 'zzzz'; there are {', '.join(headings())}\n"
    assert run("help", "explain")[2] == (
        "troubleshoot: no topic 'explain'; `troubleshoot explain --help` lists what that command takes\n"
    )
