"""Whatever stands in source, and whatever bug it meets, the rest is examined, and what was not is said."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import APP, BLOCKING, TOLD, Scanning, write

import troubleshoot
from troubleshoot.code.files import Files
from troubleshoot.code.search import find
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.compiling import compile_into
from troubleshoot.detectors import detectors

PACKAGE = Path(troubleshoot.__file__).parent
CHECKOUT = PACKAGE.parent
REAL = [
    *(
        text
        for detector in detectors().values()
        for files in (detector.BROKEN, detector.FIXED)
        for text in files.values()
    ),
    *(path.read_text() for path in sorted((CHECKOUT / "tests" / "readme" / "project").rglob("*.py"))),
]
TOKENS = re.compile(r"\w+|[ ]+|\n[ ]*|.", re.DOTALL)
ODD = ["()", "[()]", "tuple[()]", "Depends()", "''", "*", "**", ".", "yield ", "await ", "async ", "lambda: 0", "self"]


@pytest.mark.parametrize("annotation", ["tuple[()]", "Annotated[()]", "Union[()]", "'list['", f"'{'-' * 10_000}x'"])
def test_an_empty_or_a_broken_annotation_is_no_bug(scanning, annotation):
    more = f"\n@app.get('/more')\ndef more(a: {annotation} = ()): ...\n"
    code, out, _ = scanning(files={"main.py": APP + more})
    assert (code, TOLD in out) == (1, True)


@pytest.mark.parametrize(
    "more",
    [
        "def leave():\n    global worker\n    del worker\n"
        "@app.get('/more')\ndef more():\n    tasks = BackgroundTasks()\n    worker.run(tasks)\n",
        "from sqlalchemy.orm import Session\nsession: Session\n"
        "@app.get('/more')\ndef more():\n    return session.get(int, 1)\n",
    ],
)
def test_a_name_that_is_given_nothing_is_no_bug(scanning, more):
    code, out, err = scanning(files={"main.py": f"{APP}\nfrom fastapi import BackgroundTasks\n{more}"})
    assert (code, TOLD in out, "bug" in err) == (1, True, False)


@st.composite
def changed_source(draw):
    """Real source of which some tokens are left out, written twice, exchanged or odd."""
    tokens = TOKENS.findall(draw(st.sampled_from([source for source in REAL if source.strip()])))
    places = st.integers(0, len(tokens) - 1)
    for _ in range(draw(st.integers(1, 6))):
        change, one, other = (
            draw(st.sampled_from(["left out", "twice", "exchanged", "odd"])),
            draw(places),
            draw(places),
        )
        if change == "left out":
            tokens[one] = ""
        elif change == "twice":
            tokens[one] *= 2
        elif change == "exchanged":
            tokens[one], tokens[other] = tokens[other], tokens[one]
        else:
            tokens[one] = draw(st.sampled_from(ODD))
    return "".join(tokens)


@given(changed_source())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_changed_source_meets_no_bug(catalog, text):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, {"main.py": text, "other.py": APP})
        files = Files(folder, ["main.py", "other.py"])
        found = list(unsuppressed(find(files, catalog, {}), files.data))
    assert [item.why for item in files.skipped if "bug" in item.why] == []
    assert BLOCKING in [item.cause for item in found if item.path == "other.py"]


@pytest.fixture(scope="module")
def built(tmp_path_factory, content):
    """What a wheel carries besides the knowledge."""
    folder = tmp_path_factory.mktemp("built")
    compile_into(folder, content)
    return folder


@pytest.fixture
def with_bug(tmp_path, environment, built):
    """Return a way to scan with a copy of the program in which something is replaced."""

    def start(module, old, new):
        copy = tmp_path / "copy" / "troubleshoot"
        shutil.copytree(PACKAGE, copy)
        for name in ("knowledge", "templates"):
            if not (copy / name).exists():
                (copy / name).symlink_to(CHECKOUT / name)
        (copy / "compiled").symlink_to(built)
        text = (copy / module).read_text()
        assert old in text
        (copy / module).write_text(text.replace(old, new, 1))
        folder = tmp_path / "project"
        folder.mkdir()
        return Scanning(folder, {**environment, "PYTHONPATH": str(copy.parent)})

    return start


UNLUCKY = "\n@app.get('/more')\ndef unlucky(): ...\n"
BUGS = {
    "a detector": (
        "detectors/websocket/accept_not_called.py",
        "    for ",
        "    raise KeyError('password=hunter22')\n    for ",
        ".: the search for websocket/accept-not-called failed, which is a bug in troubleshoot (KeyError: ",
    ),
    "a file": (
        "code/application/application.py",
        "        scope = Scope(function.module, function.outer)\n",
        "        scope = Scope(function.module, function.outer)\n        assert function.name != 'unlucky', 'oh no'\n",
        "unlucky.py: reading what FastAPI would build failed, which is a bug in troubleshoot (AssertionError: oh no); the "
        "rest was examined",
    ),
    "an expression": (
        "code/inference/inference.py",
        "        base = self.value(node.value, scope)\n",
        "        base = self.value(node.value, scope)\n        assert node.attr != 'get' or scope.module.path != 'unlucky.py'\n",
        "unlucky.py:9: understanding an expression failed, which is a bug in troubleshoot (AssertionError:)",
    ),
    "a call": (
        "code/application/watching.py",
        "        calls = running(reached.function.body.calls, reached.scope)\n",
        "        assert reached.function.name != 'unlucky'\n        calls = running(reached.function.body.calls, reached.scope)\n",
        "unlucky.py: the search for calls in the wrong place failed, which is a bug in troubleshoot",
    ),
    "reading": (
        "code/syntax/parsing.py",
        "    try:\n        return ast.parse(data)\n",
        "    assert b'unlucky' not in data\n    try:\n        return ast.parse(data)\n",
        "unlucky.py: reading this file failed, which is a bug in troubleshoot",
    ),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_costs_as_little_as_possible_and_is_said(with_bug, bug):
    module, old, new, sentence = BUGS[bug]
    scanning = with_bug(module, old, new)
    code, out, _ = scanning(files={"main.py": APP, "unlucky.py": APP + UNLUCKY})
    assert (code, TOLD in out) == (4, True)
    assert f"not examined: {sentence}" in out
    assert "hunter22" not in out
    code, out, _ = scanning.run("answer", "every request waits", "--source", ".")
    assert code == 4
    assert sentence.removeprefix(".: ")[:60] in out
    assert BLOCKING in out


def test_what_could_not_be_searched_for_is_not_cleared(with_bug):
    module, old, new, _ = BUGS["a detector"]
    scanning = with_bug(module, old, new)
    write(scanning.folder, {"main.py": APP})
    program = """
import sys
from pathlib import Path
from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.sources.code import CodeSource
content = find_content()
found = CodeSource(load(content), content, Path(sys.argv[1])).collect()
print(*sorted(item.subject for item in found if getattr(item, "kind", "") == "clean"))
"""
    command = [sys.executable, "-c", program, str(scanning.folder)]
    done = subprocess.run(command, cwd=scanning.folder, env=scanning.environment, capture_output=True, text=True)
    cleared = done.stdout.split()
    assert "websocket/disconnect-not-handled" in cleared
    assert "websocket/accept-not-called" not in cleared


def test_who_wants_to_see_where_a_bug_is_sees_it(with_bug):
    module, old, new, _ = BUGS["a detector"]
    scanning = with_bug(module, old, new)
    write(scanning.folder, {"main.py": APP})
    environment = {**scanning.environment, "TROUBLESHOOT_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "troubleshoot", "scan"],
        cwd=scanning.folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert f"{os.sep}accept_not_called.py" in done.stderr


def test_a_bug_in_a_patch_costs_that_patch(with_bug):
    scanning = with_bug(
        "patches/performance/blocking_call_in_async_endpoint.py",
        "    unblock(draft, sighting.function, sighting.node)\n",
        "    raise KeyError('password=hunter22')\n",
    )
    sentence = f"the patch for {BLOCKING} failed, which is a bug in troubleshoot"
    code, out, _ = scanning(files={"main.py": APP})
    assert (code, TOLD.replace("[*] ", "") in out, f"not examined: main.py: {sentence}" in out) == (4, True, True)
    for command in (["scan", "--fix", "--unsafe-fixes"], ["fix", BLOCKING, "--source", ".", "--defaults"]):
        code, out, err = scanning.run(*command)
        assert code == 4
        assert "hunter22" not in out + err
    assert (scanning.folder / "main.py").read_text() == APP
