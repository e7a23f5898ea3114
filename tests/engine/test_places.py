"""What is found does not depend on where one stands, nor on which part of a project is named."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import APP, BLOCKING, write

from troubleshoot import limits
from troubleshoot.code.places import area_around, gather
from troubleshoot.code.settings import Settings

ENDPOINT = """\
from fastapi import FastAPI
from app.services import prices

app = FastAPI()


@app.get("/prices")
async def list_prices():
    return prices.current(1)
"""
WAITING = "import time\n\n\ndef current(day):\n    time.sleep(day)\n"
CHAINED = {"app/main.py": ENDPOINT, "app/services/__init__.py": "", "app/services/prices.py": WAITING}
PACKAGES = {"app/__init__.py": ""}
ROOTS = {
    "pyproject.toml": {"pyproject.toml": ""},
    "setup.cfg": {"setup.cfg": ""},
    "setup.py": {"setup.py": ""},
    "a repository": {".git/HEAD": ""},
    "the topmost package": PACKAGES,
    "what imports start from": {},
    "pyproject.toml inside the package": {"app/pyproject.toml": "", **PACKAGES},
    "pyproject.toml inside a folder that is imported": {"app/pyproject.toml": ""},
}


def found(scanning, *arguments, at=""):
    """Return what is found, with whole paths."""
    _, value = scanning.json(*arguments, cwd=scanning.folder / at)
    return {(str((scanning.folder / at / item["path"]).resolve()), item["line"]) for item in value["findings"]}


@pytest.mark.parametrize("root", ROOTS)
def test_a_part_shows_what_it_shows_in_the_whole(scanning, root):
    write(scanning.folder, {**CHAINED, **ROOTS[root], "other/main.py": APP})
    main = (str(scanning.folder / "app/main.py"), 9)
    assert found(scanning) == {main, (str(scanning.folder / "other/main.py"), 7)}
    assert found(scanning, "app") == {main}
    assert found(scanning, "app/main.py") == {main}
    assert found(scanning, at="app") == {main}
    assert found(scanning, "main.py", at="app") == {main}
    assert found(scanning, "../main.py", at="app/services") == {main}
    assert found(scanning, "app/services") == set()
    assert found(scanning, str(scanning.folder / "app"), at="/") == {main}


@pytest.mark.parametrize(
    "mark", ["from ..services.prices import current", "from ...app.services.prices import current"]
)
def test_dots_lead_up(scanning, mark):
    text = ENDPOINT.replace("from app.services import prices", mark).replace("prices.current(1)", "current(1)")
    write(scanning.folder, {"app/api/main.py": text, "app/services/prices.py": WAITING})
    assert found(scanning, at="app/api") == {(str(scanning.folder / "app/api/main.py"), 9)}


def test_a_folder_named_like_a_library_is_none(tmp_path):
    write(tmp_path, {"fastapi/shop/main.py": "from fastapi.responses import Response\n", "fastapi/other.py": ""})
    assert area_around(tmp_path / "fastapi/shop").root == tmp_path / "fastapi/shop"


@pytest.mark.parametrize(
    ("at", "arguments", "path"),
    [
        ("", (), "app/main.py"),
        ("", ("app",), "app/main.py"),
        ("app", (), "main.py"),
        ("app", ("main.py",), "main.py"),
        ("app/services", ("..",), "../main.py"),
    ],
)
def test_paths_start_from_where_one_stands(scanning, at, arguments, path):
    write(scanning.folder, {**CHAINED, "pyproject.toml": ""})
    _, value = scanning.json(*arguments, cwd=scanning.folder / at)
    (finding,) = value["findings"]
    assert finding["path"] == path
    for step in finding["chain"]:
        assert (scanning.folder / at / step.partition(":")[0]).is_file()
    code, out, _ = scanning(*arguments, cwd=scanning.folder / at)
    assert (code, out.startswith(f"{path}:9:12: error {BLOCKING}")) == (1, True)


def test_far_away_paths_are_whole(scanning, tmp_path):
    write(scanning.folder, {**CHAINED, "pyproject.toml": ""})
    (tmp_path / "elsewhere").mkdir()
    assert found(scanning, str(scanning.folder)) == found(scanning)
    _, value = scanning.json(str(scanning.folder), cwd=tmp_path / "elsewhere")
    assert [item["path"] for item in value["findings"]] == [str(scanning.folder / "app/main.py")]


@pytest.mark.parametrize("form", ["github", "sarif", "gitlab"])
def test_hosts_are_told_paths_in_the_repository(scanning, form):
    write(scanning.folder, {f"backend/{name}": text for name, text in CHAINED.items()})
    write(scanning.folder, {".git/HEAD": "", "backend/pyproject.toml": "", "backend/app/broken.py": "(\n"})
    outputs = {
        scanning("--format", form, *arguments, cwd=scanning.folder / at)[1]
        for at, *arguments in [("", "backend"), ("backend", "app"), ("backend/app",), ("backend/app/services", "..")]
    }
    (out,) = outputs
    assert "backend/app/main.py" in out
    assert "backend/app/broken.py" in out


def test_sentences_name_files_as_they_are_seen(scanning):
    double = APP.replace("    time.sleep(1)\n", "    pass\n") + '\n@app.get("/")\nasync def again(): ...\n'
    _, value = scanning.json(files={"app/main.py": double, "pyproject.toml": ""}, cwd=scanning.folder / "app")
    messages = [item["message"] for item in value["findings"] if item["cause"] == "routing/duplicate-route"]
    assert ["(main.py:5)" in text for text in messages] == [True]


def test_what_cannot_be_examined_elsewhere_is_no_part_of_the_answer(scanning):
    files = {**CHAINED, "pyproject.toml": "", "other/broken.py": "(\n", "app/broken.py": "(\n"}
    files |= {"other/huge.py": "x = 1\n" * 400_000, "app/services/huge.py": "x = 1\n" * 400_000}
    write(scanning.folder, files)
    _, value = scanning.json("app")
    assert [item["location"] for item in value["skipped"]] == ["app/broken.py:1", "app/services/huge.py"]
    code, value = scanning.json("services", cwd=scanning.folder / "app")
    assert (code, [item["location"] for item in value["skipped"]]) == (4, ["services/huge.py"])
    assert scanning.json("app/main.py")[0] == 1
    assert scanning.json("app/main.py", "other")[1]["files"] == 2


@pytest.mark.parametrize("mark", ["pyproject.toml", ".git/HEAD"])
def test_a_home_is_no_project_unless_it_is_named(scanning, mark):
    home = scanning.folder
    scanning.environment["HOME"] = str(home)
    write(
        home,
        {
            mark: "",
            "shop/app/main.py": ENDPOINT,
            "shop/app/services/prices.py": WAITING,
            "shop/app/services/__init__.py": "",
            "main.py": APP,
        },
    )
    write(home, {"other/broken.py": "(\n"})
    assert found(scanning, "shop/app") == {(str(home / "shop/app/main.py"), 9)}
    assert found(scanning, "main.py") == {(str(home / "main.py"), 7)}
    assert scanning.json("shop/app")[1]["files"] == 3
    code, value = scanning.json()
    assert (code, value["files"]) == (4, 5)


def test_the_root_of_everything_is_never_looked_through(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    write(tmp_path, {"pyproject.toml": "", "shop/main.py": APP, "shop/__init__.py": ""})
    assert area_around(tmp_path / "shop") == (tmp_path, tmp_path / "shop")
    assert area_around(tmp_path) == (tmp_path, tmp_path)


def test_round_a_small_part_a_huge_project_is_left_alone_and_that_is_said(scanning):
    many = {f"made/{folder}/x.py": "" for folder in range(limits.MOST_AROUND + 1)}
    write(scanning.folder, {**CHAINED, **many, "pyproject.toml": "", "app/own.py": APP})
    code, out, err = scanning("app")
    assert (code, out.splitlines()[-1]) == (1, "4 files: 2 errors")
    assert f"only what was named was looked at: the project around it, {scanning.folder}, has more than" in err
    code, out, err = scanning("app/own.py")
    assert (code, out.splitlines()[-1], "only what was named" in err) == (1, "1 file: 1 error", True)
    code, out, err = scanning()
    assert (code, out.splitlines()[-1], err) == (1, f"{limits.MOST_AROUND + 5} files: 2 errors", "")


def test_a_baseline_holds_wherever_one_stands(scanning):
    write(scanning.folder, {**CHAINED, "pyproject.toml": "[tool.troubleshoot]\nbaseline = 'known.json'\n"})
    assert scanning("--write-baseline", "known.json")[0] == 0
    for at, arguments in (("", ()), ("app", ()), ("", ("app/main.py",)), ("app/services", ("../main.py",))):
        assert scanning(*arguments, cwd=scanning.folder / at)[0] == 0
    assert scanning("--write-baseline", "../other.json", "main.py", cwd=scanning.folder / "app")[0] == 0
    assert (scanning.folder / "other.json").read_bytes() == (scanning.folder / "known.json").read_bytes()


def test_changes_are_shown_and_made_from_where_one_stands(scanning):
    write(scanning.folder, {**CHAINED, "pyproject.toml": "", "other.py": APP})
    _, out, err = scanning("--diff", "--unsafe-fixes", cwd=scanning.folder / "app")
    assert "--- a/main.py\n+++ b/main.py\n" in out
    assert "other.py" not in out + err
    code, out, _ = scanning.run("fix", BLOCKING, "--source", ".", "--at", "main.py:9", cwd=scanning.folder / "app")
    assert (code, "+++ b/main.py\n" in out) == (0, True)
    code, _, err = scanning("main.py", "--fix", "--unsafe-fixes", cwd=scanning.folder / "app")
    assert (code, "main.py:9: changed for" in err) == (0, True)
    assert "time.sleep(1)" in (scanning.folder / "other.py").read_text()
    assert "\ndef list_prices" in (scanning.folder / "app/main.py").read_text()


def test_evidence_is_the_same_from_a_part(scanning):
    write(scanning.folder, {**CHAINED, "pyproject.toml": ""})
    _, out, _ = scanning.run("answer", "every request waits", "--source", "app", "--format", "json")
    reasons = [reason for cause in json.loads(out)["diagnosis"] for reason in cause["reasons"]]
    assert "app/main.py:9" in {reason["location"] for reason in reasons if reason["source"] == "code"}


NAMES = st.sampled_from(["app", "src", "api", "x"])


@settings(max_examples=60, deadline=None)
@given(
    files=st.sets(st.lists(NAMES, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".py"), min_size=1),
    marks=st.sets(st.sampled_from(["pyproject.toml", "app/setup.cfg", "app/__init__.py", "src/app/__init__.py"])),
    data=st.data(),
)
def test_whatever_is_named_is_told_of_and_nothing_else(tmp_path_factory, files, marks, data):
    folder = tmp_path_factory.mktemp("named").resolve()
    files = {name for name in files if not any(other.startswith(f"{name[:-3]}.py/") for other in files)}
    write(folder, dict.fromkeys({*files, *marks}, ""))
    places = data.draw(st.lists(st.sampled_from(sorted(path for path in folder.rglob("*"))), min_size=1, max_size=3))
    gathered = gather(places, Settings(folder=folder))
    told = {(folder / gathered.root / path) for path in gathered.paths if path not in gathered.aside}
    wanted = {path for place in places for path in ([place] if place.is_file() else place.rglob("*.py"))}
    assert told == wanted
