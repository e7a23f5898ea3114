"""How grave a finding must be to be told and to fail; how many there are; comments that ignore nothing."""

import json

import pytest
from projects import APP, BLOCKING, write

WARNED = """\
from fastapi import FastAPI, Depends
from sqlalchemy import create_engine
app = FastAPI()

def get_engine():
    return create_engine("postgresql://db/x")

@app.get("/")
async def home(engine=Depends(get_engine)):
    return 1
"""
"""Shows one warning."""
CAUSE = "database/engine-per-request"


def severities(scanning, *arguments):
    code, value = scanning.json(*arguments)
    return code, [item["severity"] for item in value["findings"]]


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ("error", [], 1),
        ("error", ["--fail-on", "error"], 1),
        ("error", ["--fail-on", "never"], 0),
        ("warning", [], 1),
        ("warning", ["--fail-on", "error"], 0),
        ("warning", ["--fail-on", "warning"], 1),
        ("warning", ["--fail-on", "info"], 1),
        ("info", [], 0),
        ("info", ["--fail-on", "info"], 1),
        # What is not told does not fail, unless somebody says so.
        ("warning", ["--severity", "error"], 0),
        ("warning", ["--severity", "error", "--fail-on", "warning"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_failure_is_as_grave_as_it_has_to_be(scanning, files, arguments, code):
    setting = f"[tool.troubleshoot.severity]\n'{BLOCKING}' = '{files}'\n"
    found, out, _ = scanning(*arguments, files={"main.py": APP, "pyproject.toml": setting})
    assert found == code
    told = "--severity" not in arguments
    assert out.splitlines()[-1] == (f"1 file: 1 {files}" if told else "1 file: nothing found, 1 less severe not shown")


def test_what_could_not_be_examined_is_told_whatever_fails(scanning):
    assert scanning("--fail-on", "never", files={"main.py": APP, "broken.py": "(\n"})[0] == 4


@pytest.mark.parametrize(
    ("table", "severity"),
    [
        ({}, "warning"),
        ({CAUSE: "error"}, "error"),
        ({"database": "info"}, "info"),
        ({"database/*": "error", "database": "info"}, "error"),
        ({CAUSE: "error", "database/*": "info", "database": "info"}, "error"),
        ({"performance": "error"}, "warning"),
    ],
    ids=str,
)
def test_a_project_says_how_grave_a_cause_is(scanning, table, severity):
    lines = "".join(f"'{name}' = '{value}'\n" for name, value in table.items())
    write(scanning.folder, {"main.py": WARNED, "pyproject.toml": f"[tool.troubleshoot.severity]\n{lines}"})
    assert severities(scanning)[1] == [severity]
    _, out, _ = scanning("--format", "github")
    assert out.startswith(f"::{severity if severity != 'info' else 'notice'} file=main.py")
    # The severity is the maintainer's; what a change may bring is judged by ours.
    assert scanning.json()[1]["findings"][0]["patch"] is not None


def test_what_cannot_be_a_severity_is_said(scanning):
    for text, sentence in {
        f"'{CAUSE}' = 'fatal'": ":1: severity: expected error, warning or info for each cause",
        f"'{CAUSE}' = ['error']": ":1: severity: expected error, warning or info for each cause",
    }.items():
        code, _, err = scanning(files={"pyproject.toml": f"[tool.troubleshoot.severity]\n{text}\n"})
        assert (code, err) == (2, f"troubleshoot: {scanning.folder}/pyproject.toml{sentence}\n")
    code, _, err = scanning(files={"pyproject.toml": "[tool.troubleshoot.severity]\n'databse' = 'info'\n"})
    assert (code, err.startswith("troubleshoot: no cause or family 'databse'")) == (2, True)


# How many


def test_statistics_count_each_cause(scanning):
    write(scanning.folder, {"a.py": APP, "b.py": APP, "c.py": WARNED})
    code, out, _ = scanning("--statistics")
    lines = out.splitlines()
    assert (code, lines[0].split()[:3]) == (1, ["2", "[*]", BLOCKING])
    assert [line.split()[0] for line in lines if CAUSE in line] == ["1"]
    assert lines[-1] == "3 files: 2 errors, 1 warning"
    code, out, _ = scanning("--statistics", "--format", "json")
    value = json.loads(out)
    assert (code, list(value)) == (1, ["schema", "files", "statistics", "skipped"])
    assert value["statistics"][0] == {
        "cause": BLOCKING,
        "title": "A blocking call inside async def stops the event loop",
        "findings": 2,
        "severities": {"error": 2, "warning": 0, "info": 0},
        "fixable": 2,
    }
    assert scanning("--statistics", "--severity", "error")[1].splitlines()[-1].endswith("1 less severe not shown")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--statistics", "--format", "sarif"], "--statistics goes with --format text or json"),
        (["--statistics", "--diff"], "--statistics counts what --diff would change; take one of them"),
    ],
)
def test_what_does_not_go_with_statistics_is_said(scanning, arguments, sentence):
    assert scanning(*arguments) == (2, "", f"troubleshoot: {sentence}\n")


# Comments

HEAD = APP.replace("    time.sleep(1)\n", "")
COMMENTS = {
    f"    time.sleep(1)  # troubleshoot: ignore[{BLOCKING}]\n": None,
    "    time.sleep(1)  # troubleshoot: ignore\n": None,
    "    # troubleshoot: ignore\n    time.sleep(1)\n": None,
    "    x = [\n        time.sleep(1),\n    ]  # troubleshoot: ignore\n": None,
    "    pass  # troubleshoot: ignore\n": "this comment ignores nothing",
    "    pass  # troubleshoot: ignore[]\n": "this comment ignores nothing",
    f"    pass  # troubleshoot: ignore[{BLOCKING}]\n": f"this comment ignores nothing of {BLOCKING}",
    f"    time.sleep(1)  # troubleshoot: ignore[{BLOCKING}, {CAUSE}]\n": f"this comment ignores nothing of {CAUSE}",
    f"    time.sleep(1)  # noqa # troubleshoot: ignore[a/b, {BLOCKING}]\n": "there is no cause 'a/b'",
    "    pass  # troubleshoot: ignore[performance/blocking-call-in-async-endpont]\n": (
        "there is no cause 'performance/blocking-call-in-async-endpont'; did you mean "
    ),
    "    # troubleshoot: ignore\n\n    pass\n": "this comment ignores nothing",
    '    x = "# troubleshoot: ignore"\n': None,
}


def test_comments_that_ignore_nothing_are_told_of_if_asked_for(scanning):
    write(scanning.folder, {f"{index:02}.py": HEAD + text for index, text in enumerate(COMMENTS)})
    assert "unused-ignore" not in scanning()[1]
    code, value = scanning.json("--unused-ignores")
    told = {item["path"]: item for item in value["findings"] if item["cause"] == "unused-ignore"}
    for index, (text, sentence) in enumerate(COMMENTS.items()):
        item = told.get(f"{index:02}.py")
        assert (item is None) == (sentence is None), text
        if item is not None:
            assert item["message"].startswith(sentence)
            lines = (HEAD + text).splitlines()
            assert lines[item["line"] - 1][item["column"] - 1 :].startswith("# troubleshoot: ignore")
            assert item["severity"] == "warning"
    assert code == 1


def test_a_comment_is_no_mistake_where_the_search_is_narrowed(scanning):
    text = f"    time.sleep(1)  # troubleshoot: ignore[{BLOCKING}]\n"
    write(scanning.folder, {"main.py": HEAD + text, "other.py": HEAD + "    pass  # troubleshoot: ignore\n"})
    for arguments in (["--select", "database"], ["--ignore", "performance"], ["main.py"]):
        assert scanning("--unused-ignores", *arguments, "main.py")[0] == 0
    write(scanning.folder, {"main.py": HEAD + "    pass  # troubleshoot: ignore\n    x = (\n"})
    _, value = scanning.json("--unused-ignores", "main.py")
    assert value["findings"] == []


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab"])
def test_every_format_can_tell_of_a_comment(scanning, form):
    files = {"main.py": HEAD + "    pass  # troubleshoot: ignore\n"}
    code, out, _ = scanning("--unused-ignores", "--format", form, files=files)
    assert (code, "this comment ignores nothing" in out, "unused-ignore" in out) == (1, True, True)
    scanning.environment["FORCE_COLOR"] = "1"
    code, out, _ = scanning("--unused-ignores")
    assert (code, "main.py:7:11" in out, "A comment ignores nothing" in out) == (1, True, True)
