"""`scan --changed`: of a whole project, what is on lines changed since a git reference; on real repositories."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import APP, write

from troubleshoot.code.changed import changed_since

CHAINED = {
    "app/main.py": """\
from fastapi import FastAPI
from app.services import wait
app = FastAPI()

@app.get("/")
async def home():
    wait()
""",
    "app/services.py": "import time\n\ndef wait():\n    time.sleep(1)\n",
}


def git(folder, *arguments):
    identity = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(scanning):
    """Two endpoints that wait, committed."""
    write(scanning.folder, {"main.py": APP, "old.py": APP})
    git(scanning.folder, "init")
    git(scanning.folder, "add", ".")
    git(scanning.folder, "commit", "-m", "first")
    return scanning


MORE = '\n@app.get("/more")\nasync def more():\n    time.sleep(2)\n'


@pytest.mark.parametrize("state", ["neither", "staged", "committed"])
def test_only_changed_lines_are_told_of(repository, state):
    assert repository("--changed")[:2] == (0, "2 files: nothing found\n")
    write(repository.folder, {"main.py": APP + MORE})
    if state != "neither":
        git(repository.folder, "add", ".")
    if state == "committed":
        git(repository.folder, "commit", "-m", "second")
        assert repository.places("--changed") == []
    reference = ["--changed=HEAD~1"] if state == "committed" else ["--changed"]
    assert repository.places(*reference) == ["main.py:11"]
    assert set(repository.places()) == {"main.py:7", "main.py:11", "old.py:7"}


def test_files_that_git_has_not_seen_are_new_and_ignored_ones_are_none(repository):
    write(repository.folder, {"new.py": APP, "local.py": APP, ".gitignore": "local.py\n"})
    assert repository.places("--changed") == ["new.py:7"]
    git(repository.folder, "add", "--intent-to-add", "new.py")
    assert repository.places("--changed") == ["new.py:7"]


def test_a_file_that_moved_has_not_changed(repository):
    (repository.folder / "app").mkdir()
    git(repository.folder, "mv", "old.py", "app/moved.py")
    assert repository.places("--changed") == []


def test_what_a_finding_passes_counts_as_well(scanning):
    write(scanning.folder, {**CHAINED, "app/__init__.py": ""})
    git(scanning.folder, "init")
    git(scanning.folder, "add", ".")
    git(scanning.folder, "commit", "-m", "first")
    write(scanning.folder, {"app/services.py": CHAINED["app/services.py"] + "\nOTHER = 1\n"})
    assert scanning.places("--changed") == []
    write(scanning.folder, {"app/services.py": CHAINED["app/services.py"].replace("sleep(1)", "sleep(2)")})
    assert len(scanning.places("--changed")) == 1
    assert len(scanning.places("--changed", cwd=scanning.folder / "app")) == 1


def test_what_others_changed_meanwhile_does_not_count(repository):
    git(repository.folder, "switch", "-c", "mine")
    write(repository.folder, {"main.py": APP + MORE})
    git(repository.folder, "commit", "-am", "mine")
    git(repository.folder, "switch", "-")
    write(repository.folder, {"old.py": APP.replace("sleep(1)", "sleep(3)")})
    git(repository.folder, "commit", "-am", "theirs")
    git(repository.folder, "tag", "theirs")
    git(repository.folder, "switch", "mine")
    assert repository.places("--changed", "theirs") == ["main.py:11"]


@pytest.mark.parametrize("name", ["with space.py", "käse.py", "a'b\"c\\d.py", "-x.py", "tab\tx.py", "b/日本.py"])
def test_names_are_read_as_git_writes_them(repository, name):
    write(repository.folder, {name: APP})
    git(repository.folder, "add", ".")
    git(repository.folder, "commit", "-m", "odd")
    write(repository.folder, {name: APP + MORE})
    found = changed_since("HEAD", repository.folder)
    assert found.lines == {str((repository.folder / name).resolve()): {8, 9, 10, 11}}


def test_before_the_first_commit_all_is_new(scanning):
    write(scanning.folder, {"main.py": APP})
    git(scanning.folder, "init")
    assert scanning.places("--changed") == ["main.py:7"]
    git(scanning.folder, "add", ".")
    assert scanning.places("--changed") == ["main.py:7"]


def test_a_reference_may_be_left_out_before_a_place(repository):
    write(repository.folder, {"app/new.py": APP, "new.py": APP})
    assert repository.places("--changed", "app") == ["app/new.py:7"]
    assert repository.places("app", "--changed") == ["app/new.py:7"]
    assert repository.places("--changed", "HEAD", "app") == ["app/new.py:7"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--changed", "nowhere"], "--changed: git knows no commit 'nowhere' in "),
        (["--changed="], "--changed: git knows no commit '' in "),
        (["--changed=--output=x"], "--changed: git knows no commit '--output=x' in "),
        (["--changed", "--write-baseline", "x"], "--write-baseline keeps everything; it goes without --changed"),
    ],
)
def test_a_wrong_reference_is_one_sentence(repository, arguments, sentence):
    code, out, err = repository(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"troubleshoot: {sentence}")
    assert err.count("\n") == 1
    assert not (repository.folder / "x").exists()


def test_a_shallow_clone_is_told_what_it_lacks(repository, tmp_path):
    write(repository.folder, {"main.py": APP + MORE})
    git(repository.folder, "commit", "-am", "second")
    git(tmp_path, "clone", "--depth", "1", f"file://{repository.folder}", "clone")
    code, _, err = repository("--changed", "HEAD~1", cwd=tmp_path / "clone")
    assert (code, "shallow, so more of its history must be fetched first" in err) == (2, True)


def test_without_a_repository_or_without_git_that_is_said(scanning, tmp_path):
    write(scanning.folder, {"main.py": APP})
    code, out, err = scanning("--changed")
    assert (code, out) == (2, "")
    assert err == f"troubleshoot: --changed: {scanning.folder} is not in a git repository\n"
    scanning.environment["PATH"] = str(tmp_path)
    code, out, err = scanning("--changed")
    assert (code, out, err) == (
        2,
        "",
        "troubleshoot: --changed: git cannot be started: No such file or directory\n",
    )


def test_what_a_repository_says_to_run_is_not_run(repository):
    write(repository.folder, {"main.py": APP + MORE, ".gitattributes": "*.py diff=evil filter=e=vil\n"})
    filters = ("filter.e=vil.clean", "filter.e=vil.process", "filter.e=vil.smudge")
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", *filters):
        git(repository.folder, "config", key, "touch ran.txt #")
    assert repository.places("--changed") == ["main.py:11"]
    assert not list(repository.folder.rglob("ran.txt"))


LINES = st.lists(st.sampled_from(["a = 1", "b = 2", "++ c", "-- d", "+++ b/x.py", "@@ -1 +1 @@"]), max_size=12)


@settings(max_examples=40, deadline=None)
@given(before=LINES, after=LINES, ending=st.sampled_from(["\n", ""]))
def test_the_changed_lines_are_those_whose_removal_leaves_what_was_there(tmp_path_factory, before, after, ending):
    folder = tmp_path_factory.mktemp("changed")
    write(folder, {"x.py": "\n".join(before) + "\n", "y.py": ""})
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    write(folder, {"x.py": "\n".join(after) + ending})
    lines = changed_since("HEAD", folder).lines
    assert set(lines) <= {str((folder / "x.py").resolve())}
    changed = lines.get(str((folder / "x.py").resolve()), set())
    rest = iter([*before, ""])
    kept = [line for number, line in enumerate(after, 1) if number not in changed]
    assert all(line in rest for line in kept)
