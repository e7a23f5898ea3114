"""Without google-re2 and tree-sitter everything works as with them; only newer syntax than Python's own is not read."""

import json
import sys
import time

import pytest

from troubleshoot.catalog.signatures import signatures_of
from troubleshoot.patterns import _of_python

ABSENT = 'raise ImportError("not here")\n'
LONG = 8192
FAST = 0.3
"""Seconds of processor time for a line of `LONG` bytes that was made to be slow."""
UNITS = (
    *("a", "a-", "a.", ".", " ", "\t", "\n", "a\n", '"', "'", "/", "1", "(", "[", "{a", "A", "_", "a/", "a b ", "\\n"),
    *('File "', '  File "/srv/app.py", line 3, in f\n', "site-packages/", "in f\n", "E: ", "Error", "x y="),
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The variables of an environment in which neither can be imported."""
    folder = tmp_path_factory.mktemp("absent")
    for name in ("re2", "tree_sitter"):
        (folder / f"{name}.py").write_text(ABSENT)
    return {"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}


def test_they_are_absent(plain, run, tmp_path):
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", "from troubleshoot.patterns import IS_FAST; assert not IS_FAST"], env=plain, timeout=60
    )
    assert done.returncode == 0


def test_the_knowledge_passes_its_own_examples(plain, run):
    code, out, _ = run("knowledge", "test", env=plain, timeout=300)
    assert (code, out.splitlines()[-1].endswith(" 0 failed")) == (0, True)


LOGS = [
    "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_only() here.\n",
    'INFO:     127.0.0.1:1 - "POST /items HTTP/1.1" 422 Unprocessable Entity\n' * 3000,
    'Traceback (most recent call last):\n  File "/srv/app/main.py", line 3, in f\n    x[0]\nIndexError: list index out of range\n',
]


@pytest.mark.parametrize("log", LOGS)
def test_a_log_gets_the_same_answer(plain, run, log):
    asked = ("answer", "--log", "-", "--format", "json")
    with_them, without = run(*asked, stdin=log), run(*asked, stdin=log, env=plain)
    assert with_them[0] == without[0]
    assert json.loads(with_them[1]) == json.loads(without[1])


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads it by itself")
def test_syntax_that_only_a_newer_python_reads_is_named(plain, run, tmp_path):
    (tmp_path / "new.py").write_text('import time\ntry:\n    f = t"{time}"\nexcept A, B:\n    pass\n')
    assert run("scan", ".")[0] == 0
    code, out, _ = run("scan", ".", env=plain)
    assert code == 4
    assert "new.py:3: is not Python as" in out
    assert "newer syntax needs tree-sitter" in out


def test_no_pattern_keeps_pythons_own_machine_busy(catalog):
    found = signatures_of(catalog).rows
    slow = []
    for pattern in sorted({item.pattern for item in found} | {item.within for item in found}):
        compiled = _of_python(pattern)
        for unit in UNITS:
            text = (unit * LONG)[:LONG].encode()
            started = time.process_time()
            compiled.search(text)
            if time.process_time() - started > FAST:
                slow.append((pattern, unit))
    assert slow == []
