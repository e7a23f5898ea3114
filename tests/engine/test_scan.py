"""`troubleshoot scan` as a process on real folders: what it prints, what it passes over, and its exit codes."""

import json
import os
import re

import pytest
from projects import APP, BLOCKING, FIXABLE, MESSAGE, TOLD, write

CHAINED = {
    "app/main.py": """\
from fastapi import FastAPI
from app.services import prices

app = FastAPI()


@app.get("/prices")
async def list_prices():
    return {"é": prices.current(
        1,
    )}
""",
    "app/services/__init__.py": "",
    "app/services/prices.py": """\
from app.clients.bank import fetch

def current(day):
    return fetch(day)
""",
    "app/clients/bank.py": """\
import requests

def fetch(day):
    return requests.get(f"https://bank.example/{day}").json()
""",
}
TWO = {
    "main.py": APP,
    "tasks.py": """\
from fastapi import FastAPI, BackgroundTasks
app = FastAPI()

def work():
    pass

@app.get("/")
async def home(tasks: BackgroundTasks):
    tasks.add_task(work())
""",
}
PASSED = "background-tasks/task-called-not-passed"


# What is told


def test_json_keeps_the_contract_and_follows_a_chain_through_two_modules(scanning):
    code, value = scanning.json(files=CHAINED)
    assert code == 1
    assert list(value) == ["schema", "files", "findings", "skipped"]
    assert (value["schema"], value["files"], value["skipped"]) == (1, 4, [])
    (finding,) = value["findings"]
    assert list(finding) == [
        *("path", "line", "column", "end_line", "cause", "severity", "function", "message", "chain"),
        *("endpoints", "minor", "patch"),
    ]
    assert finding == {
        "path": "app/main.py",
        "line": 9,
        "column": 18,  # in characters: in bytes it would be 19
        "end_line": 11,
        "cause": BLOCKING,
        "severity": "error",
        "function": "list_prices",
        "message": finding["message"],
        "chain": [
            "app/services/prices.py:3 current",
            "app/clients/bank.py:3 fetch",
            "app/clients/bank.py:4 requests.get()",
        ],
        "endpoints": [],
        "minor": False,
        "patch": finding["patch"],
    }
    assert "requests.get()" in finding["message"]
    assert (finding["patch"]["safety"], finding["patch"]["verified"][:2]) == ("unsafe", ["parsed", "silent"])


def test_text_has_a_line_for_each_finding_the_chain_and_a_summary(scanning):
    code, out, err = scanning(files={**CHAINED, "other.py": APP})
    assert (code, err) == (1, "")
    assert out.splitlines()[1:] == [
        "    app/services/prices.py:3 current",
        "      app/clients/bank.py:3 fetch",
        "        app/clients/bank.py:4 requests.get()",
        f"other.py:7:5: error {BLOCKING}: [*] {MESSAGE}",
        "[*] can be put right in the source: 2 with `--unsafe-fixes`, which you must agree to (`--diff` shows how)",
        "5 files: 2 errors",
    ]


def test_the_lines_of_github_are_commands_with_everything_escaped(scanning):
    files = {"a,b: 100%/main.py": APP, "broken.py": "x = (\n"}
    code, out, err = scanning("--format", "github", files=files)
    assert (code, err) == (4, "")
    command, skipped = out.splitlines()
    where = "file=a%2Cb%3A 100%25/main.py,line=7,endLine=7,col=5"
    assert command == f"::error {where},title={BLOCKING}::{MESSAGE}"
    assert skipped.startswith("::warning file=broken.py,line=1::not examined: is not valid Python: ")


SECRET = """\
from fastapi import FastAPI, Depends
from mylib import Client
app = FastAPI()

@app.get("/")
async def home(client=Depends(Client("https://me:hunter2-hunter2@example.org"))):
    pass

async def make():
    return 1

@app.get("/other")
async def other(client=Depends(make(url="https://me:hunter2-hunter2@example.org"))):
    pass
"""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab"])
def test_no_secret_of_the_source_is_shown(scanning, form):
    code, out, _ = scanning("--format", form, files={"main.py": SECRET})
    assert code == 1
    assert "https://me:<secret " in out
    assert "hunter2" not in out


@pytest.mark.parametrize(
    ("files", "code", "summary"),
    [
        ({"main.py": "x = 1\n"}, 0, "1 file: nothing found"),
        ({"main.py": APP}, 1, "1 file: 1 error"),
        ({"main.py": APP, "broken.py": "def\n"}, 4, "2 files: 1 error"),
        ({"main.py": "", "broken.py": "def\n"}, 4, "2 files: nothing found"),
    ],
    ids=["nothing found", "findings", "findings and a broken file", "a broken file"],
)
def test_exit_codes(scanning, files, code, summary):
    found, out, err = scanning(files=files)
    assert (code, "") == (found, err)
    assert out.splitlines()[-1] == summary


@pytest.mark.parametrize("named", [(), ("docs", "web")])
def test_where_there_is_no_source_it_says_that_nothing_was_searched(scanning, named):
    files = {"docs/index.md": "# Shop\n", "web/main.js": "let x = 1\n"}
    where = ", ".join(named) or "."
    sentence = f"nothing was searched: no Python file in {where}, or all of them are excluded or ignored\n"
    assert scanning(*named, files=files) == (0, "0 files: nothing found\n", sentence)


# What is asked for


def causes(scanning, *arguments):
    return [item["cause"] for item in scanning.json(*arguments, files=TWO)[1]["findings"]]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], [BLOCKING, PASSED]),
        (["--select", BLOCKING], [BLOCKING]),
        (["--select", "performance"], [BLOCKING]),
        (["--select", "performance", "--select", "background-*"], [BLOCKING, PASSED]),
        (["--select", "performance,background-*"], [BLOCKING, PASSED]),
        (["--ignore", "performance"], [PASSED]),
        (["--ignore", "*/task-called-not-passed"], [BLOCKING]),
        (["--select", "performance", "--ignore", BLOCKING], []),
    ],
    ids=lambda value: " ".join(value) or "-",
)
def test_causes_are_selected_and_ignored(scanning, arguments, found):
    assert [cause for cause in causes(scanning, *arguments) if cause in (BLOCKING, PASSED)] == found


def test_the_least_severity_is_heeded(scanning):
    from_all = {item["severity"] for item in scanning.json(files=CHAINED | TWO | {"w.py": WARNED})[1]["findings"]}
    assert from_all == {"error", "warning"}
    assert {item["severity"] for item in scanning.json("--severity", "error")[1]["findings"]} == {"error"}
    assert scanning("--severity", "error", "w.py")[0] == 0


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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["--select", "performanc"], "no cause or family 'performanc'"),
        (
            ["--ignore", "performance/blocking-call"],
            f"no cause or family 'performance/blocking-call'; did you mean '{BLOCKING}'",
        ),
        (["--severity", "fatal"], "Invalid value for '--severity'"),
        (["--format", "xml"], "Invalid value for '--format'"),
        (["--baseline", "none.json"], "none.json: cannot be read: No such file or directory"),
        (["--write-baseline", "no/such/file.json"], "no/such/file.json: cannot be written: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_on_the_command_line_is_one_sentence(scanning, arguments, sentence):
    code, out, err = scanning(*arguments, files={"main.py": APP})
    assert (code, out) == (2, "")
    assert err.startswith(f"troubleshoot: {sentence}")


# Settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[tool.troubleshoot]\nselect = "x"\n', ":2: select: expected a list of texts"),
        ("[project]\nname = 'x'\n[tool.troubleshoot]\n\nignore = [1]\n", ":5: ignore: expected a list of texts"),
        ("[tool.troubleshoot]\nslect = []\n", ":2: no setting 'slect'; did you mean 'select'?"),
        ("[tool.troubleshoot]\nfolder = '/'\n", ":2: no setting 'folder'"),
        ("[tool.troubleshoot]\nbaseline = 3\n", ":2: baseline: expected a path"),
        ("[tool.troubleshoot]\nall = 1\n", ":2: all: expected true or false"),
        ("[tool.troubleshoot]\nwatch = ['x']\n", ":2: watch: expected a list of calls for each cause"),
        (f"[tool.troubleshoot.watch]\n'{BLOCKING}' = 'x'\n", ":1: watch: expected a list of calls for each cause"),
        ("[tool.troubleshoot.watch]\n'performance/nope' = ['x']\n", ": watch: 'performance/nope': no cause"),
        (f"[tool.troubleshoot.watch]\n'{PASSED}' = ['x']\n", f": watch: '{PASSED}': has no list of calls"),
        ("[tool.troubleshoot]\nexclude = ['ok', '!']\n", ":2: exclude: '!' is no pattern as in .gitignore"),
        ("[tool.troubleshoot\n", ":1: is not valid TOML: Expected ']' at the end of a table declaration"),
        ("[tool.troubleshoot]\nselect = [\n", ":2: is not valid TOML: "),
        ("[[tool.troubleshoot]]\n", ": tool.troubleshoot: expected a table"),
        ("[tool]\ntroubleshoot = 3\n", ": tool.troubleshoot: expected a table"),
        (b"[tool.troubleshoot]\n# \xff\n", ": cannot be read: it is not UTF-8"),
    ],
)
def test_a_mistake_in_the_settings_is_named_with_its_place(scanning, text, sentence):
    code, out, err = scanning(files={"main.py": APP, "pyproject.toml": text})
    assert (code, out) == (2, "")
    assert err.startswith(f"troubleshoot: {scanning.folder}/pyproject.toml{sentence}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# [tool.troubleshoot]\n",
        "[tool.troubleshooter]\nx = 1\n",
        "[tool.troubleshoot]\n",
        "tool = 1 # troubleshoot\n",
    ],
)
def test_settings_of_others_are_none(scanning, text):
    assert scanning(files={"main.py": APP, "pyproject.toml": text}) == (1, f"{TOLD}\n{FIXABLE}1 file: 1 error\n", "")


def test_settings_count_from_below_as_well_and_a_repository_ends_them(scanning):
    write(scanning.folder, {"pyproject.toml": "[tool.troubleshoot]\nignore = ['performance']\n", "app/in/main.py": APP})
    assert scanning.places("app/in") == []
    assert scanning.places("app/in/main.py", cwd=None) == []
    (scanning.folder / "app/.git").mkdir()
    assert scanning.places("app/in") == ["app/in/main.py:7"]


def test_a_teams_own_call_is_watched(scanning):
    files = {
        "main.py": APP.replace("time.sleep(1)", "Client(1).pay(2)").replace(
            "import time", "from bank.sdk import Client"
        ),
        "pyproject.toml": f"[tool.troubleshoot.watch]\n'{BLOCKING}' = ['bank.sdk.Client().*']\n",
    }
    code, value = scanning.json(files=files)
    assert code == 1
    (finding,) = value["findings"]
    assert (finding["line"], finding["cause"]) == (7, BLOCKING)
    assert "pay()" in finding["message"]
    (scanning.folder / "pyproject.toml").unlink()
    assert scanning.json()[1]["findings"] == []


def test_exclude_starts_from_the_settings_and_gitignore_cannot_undo_it(scanning):
    files = {
        "pyproject.toml": "[tool.troubleshoot]\nexclude = ['/app/old/', 'gen_*.py']\n",
        ".gitignore": "!gen_x.py\n",
        "app/old/main.py": APP,
        "app/new/main.py": APP,
        "app/new/gen_x.py": APP,
        "old/main.py": APP,
    }
    assert scanning.places(files=files) == ["app/new/main.py:7", "old/main.py:7"]
    assert scanning.places("app") == ["app/new/main.py:7"]
    assert scanning.places("app/new", "old") == ["app/new/main.py:7", "old/main.py:7"]
    assert scanning.places("app/old/main.py") == ["app/old/main.py:7"]  # named
    assert scanning.places("app/old/main.py", "app/new/main.py", "--force-exclude") == ["app/new/main.py:7"]


# Comments

SUPPRESSED = {
    "on the line": "    time.sleep(1)  # troubleshoot: ignore\n",
    "with the cause": f"    time.sleep(1)  # troubleshoot: ignore[{BLOCKING}]\n",
    "with several": f"    time.sleep(1)  # noqa # troubleshoot: ignore[a/b, {BLOCKING}] because\n",
    "on its own line above": f"    # troubleshoot: ignore[{BLOCKING}]\n    time.sleep(1)\n",
    "above another comment": "    # troubleshoot: ignore\n    # The reason.\n    time.sleep(1)\n",
    "above one with another cause": f"    # troubleshoot: ignore[{BLOCKING}]\n    time.sleep(1)  # troubleshoot: ignore[a/b]\n",
    "at the end of a statement of three lines": "    x = [\n        time.sleep(1),\n    ]  # troubleshoot: ignore\n",
    "at the start of one": "    x = [  # troubleshoot: ignore\n        time.sleep(1),\n    ]\n",
    "above one": "    # troubleshoot: ignore\n    x = [\n        time.sleep(1),\n    ]\n",
    "inside one, above": "    x = [\n        # troubleshoot: ignore\n        time.sleep(1),\n    ]\n",
    "in a file with windows line ends": "    time.sleep(1)  # troubleshoot: ignore\r\n",
    "with a space before the bracket": f"    time.sleep(1)  # troubleshoot: ignore [{BLOCKING}]\n",
    "in the second of two": f"    time.sleep(1)  # troubleshoot: ignore[a/b]  # troubleshoot: ignore[{BLOCKING}]\n",
    "with a reason": "    time.sleep(1)  # troubleshoot: ignore, because it is short\n",
    "after a form feed": "\f\n    time.sleep(1)  # troubleshoot: ignore\n",
}
NOT_SUPPRESSED = {
    "another cause": "    time.sleep(1)  # troubleshoot: ignore[performance/other]\n",
    "another cause after a space": "    time.sleep(1)  # troubleshoot: ignore [performance/other]\n",
    "a bracket that stays open": f"    time.sleep(1)  # troubleshoot: ignore[{BLOCKING}\n",
    "another word": "    time.sleep(1)  # troubleshoot: ignored for a year\n",
    "another word with a hyphen": "    time.sleep(1)  # troubleshoot: ignore-next\n",
    "none": "    time.sleep(1)  # troubleshoot: ignore[]\n",
    "in a string": '    time.sleep(1); x = "# troubleshoot: ignore"\n',
    "in a string of several lines": '    x = """\n    # troubleshoot: ignore"""; time.sleep(1)\n',
    "on the line below": "    time.sleep(1)\n    # troubleshoot: ignore\n",
    "above an empty line": "    # troubleshoot: ignore\n\n    time.sleep(1)\n",
    "on the statement before": "    x = 1  # troubleshoot: ignore\n    time.sleep(1)\n",
    "above another item": "    x = [\n        # troubleshoot: ignore\n        1,\n        time.sleep(1),\n    ]\n",
    "no ignore": "    time.sleep(1)  # troubleshoot: ignored?\n".replace("ignored?", "see below"),
}
HEAD = APP.replace("    time.sleep(1)\n", "")


def test_comments_are_heeded(scanning):
    files = {f"{index}.py": HEAD + text for index, text in enumerate(SUPPRESSED.values())}
    found = {place.partition(".")[0] for place in scanning.places(files=files)}
    assert [name for index, name in enumerate(SUPPRESSED) if str(index) in found] == []


def test_what_is_no_comment_for_a_line_is_none(scanning):
    files = {f"{index}.py": HEAD + text for index, text in enumerate(NOT_SUPPRESSED.values())}
    found = {place.partition(".")[0] for place in scanning.places(files=files)}
    assert [name for index, name in enumerate(NOT_SUPPRESSED) if str(index) not in found] == []


def test_a_comment_in_a_function_does_not_hold_for_the_function(scanning):
    body = "async def home():\n    x = 1  # troubleshoot: ignore\n    time.sleep(1)\n"
    assert scanning.places(files={"main.py": HEAD.replace("async def home():\n", body)}) == ["main.py:8"]


# Baseline


def test_a_baseline_is_written_and_only_what_is_new_is_told(scanning):
    code, out, err = scanning("--write-baseline", "known.json", files={"main.py": APP})
    assert (code, out, err) == (0, "", "wrote known.json: 1 findings\n")
    written = json.loads((scanning.folder / "known.json").read_text())
    entry = {"path": "main.py", "cause": BLOCKING, "function": "home", "line": "time.sleep(1)", "count": 1}
    assert written == {"schema": 1, "findings": [entry]}
    assert scanning("--baseline", "known.json") == (0, "1 file: nothing found, 1 more known from the baseline\n", "")
    moved = APP.replace("@app", "# moved\n\n\n@app").replace(
        "    time.sleep(1)", "    if True:\n        time.sleep( 1 )"
    )
    assert scanning.places("--baseline", "known.json", files={"main.py": moved}) == []
    twice = APP + "    time.sleep(1)\n"
    assert scanning.places("--baseline", "known.json", files={"main.py": twice}) == ["main.py:8"]
    other = APP.replace("time.sleep(1)", "time.sleep(2)")
    assert scanning.places("--baseline", "known.json", files={"main.py": other}) == ["main.py:7"]
    settings = {"main.py": APP, "pyproject.toml": "[tool.troubleshoot]\nbaseline = 'known.json'\n", "app/x.py": ""}
    assert scanning(files=settings)[0] == 0


def test_a_baseline_holds_for_a_part_of_what_it_was_written_for(scanning):
    files = {"app/main.py": APP, "app/other.py": APP, "main.py": APP}
    assert scanning("--write-baseline", "known.json", files=files)[0] == 0
    for places in ([], ["app"], ["app/main.py"], ["app/main.py", "app/other.py"]):
        assert scanning.places(*places, "--baseline", "known.json") == []
    assert scanning("app", "--write-baseline", "app/known.json")[0] == 0
    assert scanning.places("--baseline", "app/known.json") == ["main.py:7"]
    written = {item["path"] for item in json.loads((scanning.folder / "app/known.json").read_text())["findings"]}
    assert written == {"main.py", "other.py"}
    assert scanning.places("--baseline", "app/known.json", "app") == []


def test_a_baseline_holds_no_secret_and_still_knows_the_line(scanning):
    secret = APP.replace("time.sleep(1)", 'time.sleep(1); url = "https://me:hunter2-hunter2@example.org"')
    assert scanning("--write-baseline", "known.json", files={"main.py": secret})[0] == 0
    written = (scanning.folder / "known.json").read_text()
    assert "hunter2" not in written
    assert "https://me:<secret>@example.org" in written
    assert scanning.places("--baseline", "known.json") == []


ENTRY = '{"schema": 1, "findings": [{"path": "x", "cause": "y", "function": "z", "line": "", "count": COUNT}]}'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        *(
            pytest.param(text, "known.json: is no baseline; --write-baseline known.json makes one", id=text[:60])
            for text in (
                *(ENTRY.replace("COUNT", count) for count in ["1e999", "1" * 5000, "-1", '"1"', "null"]),
                *('{"schema": 2, "findings": []}', '{"findings": []}', '{"schema": 1, "findings": {}}', "[" * 100_000),
            )
        ),
        ('{"schema": 1,\n"findings": [}', "known.json:2: is not valid JSON: Expecting value"),
        ("", "known.json:1: is not valid JSON: Expecting value"),
        ("[]", "known.json: is no baseline; --write-baseline known.json makes one"),
        ('{"findings": 3}', "known.json: is no baseline; --write-baseline known.json makes one"),
        ('{"findings": [{"path": "x"}]}', "known.json: is no baseline; --write-baseline known.json makes one"),
        (
            '{"findings": [{"path": "x", "cause": "y", "function": "z", "line": "", "count": "many"}]}',
            "known.json: is no baseline; --write-baseline known.json makes one",
        ),
        (b"\xff\xfe", "known.json: is no baseline; --write-baseline known.json makes one"),
    ],
)
def test_a_damaged_baseline_is_said(scanning, text, sentence):
    code, out, err = scanning("--baseline", "known.json", files={"main.py": APP, "known.json": text})
    assert (code, out, err) == (2, "", f"troubleshoot: {sentence}\n")


# Which files


def test_gitignore_is_heeded_nested_negated_and_from_above(scanning):
    files = {
        ".git/HEAD": "",
        ".gitignore": "gen_*.py\n/top/\n# a comment.py\n!\n*.tmp.py\n",
        "gen_a.py": APP,
        "top/main.py": APP,
        "app/top/main.py": APP,
        "app/.gitignore": "!gen_ok.py\nlocal.py\n",
        "app/gen_ok.py": APP,
        "app/gen_no.py": APP,
        "app/local.py": APP,
        "app/deep/gen_ok.py": APP,
        "app/deep/x.tmp.py": APP,
        "local.py": APP,
    }
    everything = ["app/deep/gen_ok.py", "app/gen_ok.py", "app/top/main.py", "local.py"]
    assert scanning.places(files=files) == [f"{path}:7" for path in everything]
    assert scanning.places("app/deep") == ["app/deep/gen_ok.py:7"]
    assert scanning.places("app") == ["app/deep/gen_ok.py:7", "app/gen_ok.py:7", "app/top/main.py:7"]
    assert scanning.places("app", "top", "local.py") == scanning.places("app", "local.py")
    assert scanning.places("gen_a.py") == ["gen_a.py:7"]  # named
    assert scanning.places("gen_a.py", "app/local.py", "local.py", "--force-exclude") == ["local.py:7"]


def test_what_is_not_the_users_own_is_passed_over(scanning):
    folders = ("node_modules", ".venv", "__pycache__", ".tox", "site-packages", "env")
    files = {f"{folder}/main.py": APP for folder in folders} | {"env/pyvenv.cfg": "", "main.py": APP, "main.txt": APP}
    assert scanning.places(files=files) == ["main.py:7"]
    assert scanning.places(".venv") == [".venv/main.py:7"]


def test_nothing_of_what_is_scanned_is_run(scanning):
    danger = "from pathlib import Path\nPath('ran.txt').write_text('x')\n"
    files = {
        "main.py": danger + APP,
        "conftest.py": danger,
        "sitecustomize.py": danger,
        "yaml.py": danger,
        "rich/__init__.py": danger,
        "setup.py": danger,
    }
    write(scanning.folder, files)
    for arguments in (["scan", str(scanning.folder)], ["answer", "--source", str(scanning.folder)]):
        scanning.run(*arguments, cwd=scanning.folder.parent)
    assert list(scanning.folder.parent.rglob("ran.txt")) == []
    assert list(scanning.folder.rglob("*.pyc")) == []


LATIN = APP.replace("import time\n", "# coding: latin-1\nimport time  # \xe9\xe9\n").replace(
    "    time.sleep(1)", "    x = '\xe9\xe9'; time.sleep(1)"
)


def test_columns_are_characters_in_every_encoding(scanning):
    files = {
        "latin.py": LATIN.encode("latin-1"),
        "utf.py": LATIN.replace("latin-1", "utf-8").encode(),
        "bom.py": b"\xef\xbb\xbf" + APP.encode(),
        # Some register a codec of their own for what is UTF-8 all the same.
        "own.py": LATIN.replace("latin-1", "future-fstrings").encode(),
    }
    found = scanning.json(files=files)[1]["findings"]
    assert [(item["path"], item["line"], item["column"]) for item in found] == [
        ("bom.py", 7, 5),
        ("latin.py", 8, 15),
        ("own.py", 8, 15),
        ("utf.py", 8, 15),
    ]


@pytest.mark.parametrize(
    ("data", "location", "why"),
    [
        (APP.encode() + b"x = '\xe9'\n", "x.py:8", "is neither UTF-8 nor declares another encoding"),
        (b"# coding: utf-8\n\nx = '\xe9'\n", "x.py:3", "is neither UTF-8 nor declares another encoding"),
        (b"# coding: ascii\n\nexcept A, B:\n# \xe9\n", "x.py:4", "is not ascii"),
        (b"# coding: hex\nx = 1\n", None, "is not hex"),
        (APP.encode() + b"\0\n", None, "null bytes"),
        ("import x\n".encode("utf-16"), None, ""),
        (b"x = 1\n\ndef f(:\n", "x.py:3", "is not valid Python: "),
        (b"x = 1\n  y = 2\n", "x.py:2", "is not valid Python: unexpected indent"),
        (b"print 'hello'\n", "x.py:1", "is not valid Python: "),
        (b"x = " + b"(" * 5000 + b")" * 5000 + b"\n", None, ""),
        (APP.encode() + b"y = " + b" + ".join([b"'a'"] * 2000) + b"\n", "x.py", "is nested too deeply"),
        (APP.encode() + b"y = 1\n" * 400_000, "x.py", "is 2.4 MB long, so no person wrote it"),
    ],
    ids=lambda value: ascii(value)[:20] if isinstance(value, bytes) else "",
)
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_examined(scanning, data, location, why):
    code, value = scanning.json(files={"x.py": data, "main.py": APP})
    assert code == 4
    (skipped,) = value["skipped"]
    assert skipped["source"] == "code"
    assert why in skipped["why"]
    assert skipped["location"].startswith("x.py")
    assert location in (None, skipped["location"])
    assert [item["path"] for item in value["findings"]] == ["main.py"]


DEEP = {
    "signs": "x = " + "-" * 5000 + "1\n",
    "attributes": "x = a" + ".b" * 5000 + "\n",
    "calls": "x = a" + "()" * 5000 + "\n",
    "brackets": "x = " + "[" * 5000 + "]" * 5000 + "\n",
    "conditions": "if x: pass\n" + "elif x: pass\n" * 5000,
    "blocks": "".join(" " * depth + "if x:\n" for depth in range(99)) + " " * 99 + "pass\n",
}


def test_nesting_however_deep_ends_nothing(scanning):
    files = {f"{name}.py": APP + text for name, text in DEEP.items()} | {"main.py": APP}
    code, value = scanning.json(files=files)
    assert code == 4
    assert "main.py" in {item["path"] for item in value["findings"]}
    left_out = {item["location"].partition(".")[0] for item in value["skipped"]}
    assert {item["path"].partition(".")[0] for item in value["findings"]} == {*DEEP, "main"} - left_out


@pytest.mark.parametrize("text", ["", "\n", "# nothing", "\f", "\r\n", "x = 1 \\\n", "'''", "# coding: latin-1"])
def test_next_to_nothing_is_no_mistake_or_one_with_a_line(scanning, text):
    code, out, _ = scanning(files={"x.py": text, "main.py": APP})
    assert code in (1, 4)
    assert TOLD in out


@pytest.mark.parametrize(
    ("text", "line"),
    [(APP.replace("\n", "\r\n"), 7), (APP.replace("@app", "\f\n\f@app"), 8), (APP.rstrip("\n"), 7)],
    ids=["windows line ends", "form feeds", "no last line end"],
)
def test_lines_are_counted_as_editors_do(scanning, text, line):
    assert scanning.places(files={"main.py": text}) == [f"main.py:{line}"]


@pytest.mark.parametrize("name", ["with space.py", "käse.py", "日本.py", "a'b\"c.py", "[bold]x.py", "-x.py"])
def test_odd_names_are_told_as_they_are(scanning, name):
    assert scanning.places(files={name: APP}) == [f"{name}:7"]
    assert f"{name}:7:5: error" in scanning()[1]


HIDDEN = (b"a\nb.py", b"a\x1b[31mb.py", b"a\xffb.py", b"dir\x1b]0;x\x07/b.py")


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab"])
def test_a_name_that_cannot_be_shown_is_escaped(scanning, form):
    for name in HIDDEN:
        path = scanning.folder / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(APP)
    write(scanning.folder, {"main.py": APP})
    code, out, err = scanning("--format", form)
    assert (code, err) == (4, "")
    assert out.count("has a name that cannot be shown") == 4
    assert "\x1b" not in out
    code, out, err = scanning(os.fsdecode(HIDDEN[2]), os.fsdecode(HIDDEN[1]), "--format", form)
    assert (code, err) == (4, "")
    assert out.count("has a name that cannot be shown") == 2
    assert "\x1b" not in out


def test_links_are_not_followed_round_in_circles(scanning):
    write(scanning.folder, {"app/main.py": APP})
    (scanning.folder / "app/again").symlink_to(scanning.folder)
    (scanning.folder / "gone.py").symlink_to("nowhere.py")
    assert scanning.places() == ["app/main.py:7"]
    (scanning.folder / "loop.py").symlink_to("loop.py")
    code, value = scanning.json()
    why = "cannot be read: Too many levels of symbolic links"
    assert (code, value["skipped"]) == (4, [{"source": "code", "location": "loop.py", "why": why}])
    assert len(value["findings"]) == 1


def test_what_is_no_file_is_not_waited_for(scanning):
    write(scanning.folder, {"main.py": APP, "folder.py/main.py": APP})
    os.mkfifo(scanning.folder / "pipe.py")
    assert scanning.places() == ["folder.py/main.py:7", "main.py:7"]


def test_a_folder_without_permission_is_said(scanning):
    write(scanning.folder, {"main.py": APP, "closed/main.py": APP, "secret.py": APP})
    (scanning.folder / "closed").chmod(0)
    (scanning.folder / "secret.py").chmod(0)
    if os.access(scanning.folder / "closed", os.R_OK):
        pytest.skip("root may read everything")
    code, value = scanning.json()
    (scanning.folder / "closed").chmod(0o700)
    assert code == 4
    assert [(item["location"], item["why"]) for item in value["skipped"]] == [
        ("closed", "cannot be read: Permission denied"),
        ("secret.py", "cannot be read: Permission denied"),
    ]


# The source as evidence


def test_a_finding_is_a_reason_with_its_place_and_fills_the_fix(scanning):
    files = {"app/main.py": APP.replace('"/"', '"/report"').replace("def home", "def monthly_report")}
    write(scanning.folder, files)
    complaint = "while the report is made all other requests wait, although the endpoint is async def"
    code, out, err = scanning.run("answer", complaint, "--source", ".", "--format", "json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    first = answer["diagnosis"][0]
    assert (answer["status"], first["cause"]) == ("diagnosed", BLOCKING)
    (reason,) = [reason for reason in first["reasons"] if reason["source"] == "code"]
    assert reason["location"] == "app/main.py:7"
    assert "time.sleep()" in reason["what"]
    assert reason["bits"] > 0
    assert "monthly_report" in first["fixes"][0]["parameters"].values()
    code, out, _ = scanning.run("fix", BLOCKING, "--defaults", "--source", ".", "--example")
    assert code == 0
    assert "monthly_report" in out
    compile(out, "fix", "exec")


def test_source_that_could_not_be_read_is_an_exit_code_of_its_own(scanning):
    write(scanning.folder, {"main.py": APP, "broken.py": "def\n"})
    code, out, _ = scanning.run("answer", "everything hangs", "--source", ".", "--format", "json")
    assert code == 4
    skipped = [item for item in json.loads(out)["skipped"] if item["source"] == "code"]
    assert [item["location"] for item in skipped] == ["broken.py:1"]
    code, out, _ = scanning.run("fix", BLOCKING, "--defaults", "--source", ".")
    assert (code, "+    await asyncio.sleep(1)" in out) == (4, True)


@pytest.mark.parametrize(
    "command", [["answer", "it hangs"], ["fix", BLOCKING, "--defaults"]], ids=lambda value: value[0]
)
def test_a_wrong_folder_is_one_sentence(scanning, command):
    code, out, err = scanning.run(*command, "--source", "nowhere")
    assert (code, out, err) == (2, "", "troubleshoot: --source nowhere: no such file or folder\n")
    write(scanning.folder, {"pyproject.toml": "[tool.troubleshoot]\nslect = []\n", "main.py": APP})
    code, out, err = scanning.run(*command, "--source", ".")
    assert (code, out) == (2, "")
    assert err.endswith("pyproject.toml:2: no setting 'slect'; did you mean 'select'?\n")


def test_an_empty_folder_clears_nobody(scanning):
    _, without, _ = scanning.run("answer", "everything hangs", "--format", "json")
    _, empty, _ = scanning.run("answer", "everything hangs", "--source", ".", "--format", "json")
    assert json.loads(empty)["diagnosis"] == json.loads(without)["diagnosis"]


def test_on_a_terminal_it_ends_with_the_command_that_shows_the_first_change(scanning):
    scanning.environment["FORCE_COLOR"] = "1"
    _, out, _ = scanning(files={"main.py": APP})
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    found = re.search(
        r"^troubleshoot (fix \S+ --source \. --at main\.py:7) shows the first change$", plain, re.MULTILINE
    )
    assert found, plain
    del scanning.environment["FORCE_COLOR"]
    code, diff, _ = scanning.run(*found[1].split())
    assert code == 0
    assert "+    await asyncio.sleep(1)" in diff
