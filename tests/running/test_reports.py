"""The plugin of pytest, in real runs of pytest over small projects with real applications."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from entry_points import ROOT, declared

pytestmark = pytest.mark.timeout(900)
APPLICATION = """
    import logging

    from fastapi import FastAPI, HTTPException, Request
    from sqlalchemy import ForeignKey, select
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
    from sqlalchemy.pool import StaticPool

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        items: Mapped[list["Item"]] = relationship()

    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        owner: Mapped[int] = mapped_column(ForeignKey("users.id"))

    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    sessions = async_sessionmaker(engine)
    app = FastAPI()

    @app.get("/visits")
    async def count_visits(request: Request):
        request.session["visits"] = 1

    async def first_user():
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with sessions.begin() as session:
            await session.merge(User(id=1))
        async with sessions() as session:
            return len((await session.scalars(select(User))).one().items)

    @app.get("/users")
    async def read_users():
        return await first_user()

    @app.get("/key")
    async def read_key():
        return {}["key"]

    @app.get("/logged")
    async def read_logged():
        try:
            return await first_user()
        except Exception as error:
            logging.getLogger("shop").exception("no users")
            raise HTTPException(503) from error
"""
TESTS = """
    import pytest
    from fastapi.testclient import TestClient
    from shop import app, first_user

    client = TestClient(app)

    @pytest.fixture
    def visited():
        client.get("/visits")

    @pytest.fixture
    def leaving():
        yield
        client.get("/visits")

    def test_passes():
        assert client.get("/docs").status_code == 200

    def test_session():
        client.get("/visits")

    def test_lazy():
        client.get("/users")

    def test_chained():
        try:
            client.get("/users")
        except Exception:
            pytest.fail("no users")

    def test_setup(visited):
        pass

    def test_teardown(leaving):
        pass

    def test_own_key():
        client.get("/key")

    def test_own_value():
        int("many")

    def test_status():
        assert client.get("/nowhere").status_code == 200

    def test_unittest():
        from unittest.mock import Mock
        Mock().assert_called_once()

    def test_logged_and_handled():
        assert client.get("/logged").status_code == 200

    def test_logged_and_raised():
        client.get("/logged").raise_for_status()

    def test_no_fixture(nobody):
        pass

    @pytest.mark.xfail
    def test_expected():
        client.get("/visits")

    @pytest.mark.asyncio
    async def test_asyncio():
        await first_user()

    @pytest.mark.anyio
    async def test_anyio():
        await first_user()

    @pytest.fixture
    def anyio_backend():
        return "asyncio"
"""
NAMED = {
    "test_session": "middleware/session-middleware-missing",
    "test_setup": "middleware/session-middleware-missing",
    "test_teardown": "middleware/session-middleware-missing",
    "test_lazy": "database/async-lazy-load",
    "test_chained": "database/async-lazy-load",
    "test_logged_and_raised": "database/async-lazy-load",
    "test_asyncio": "database/async-lazy-load",
    "test_anyio": "database/async-lazy-load",
    "test_no_fixture": "testing/fixture-not-found",
}
SILENT = ("test_own_key", "test_own_value", "test_status", "test_unittest", "test_logged_and_handled")
HEADING = re.compile(r"^_{3,} (?:ERROR at \w+ of |ERROR collecting )?(\S+) _{3,}$", re.MULTILINE)
SMALL = """
    from sqlalchemy.ext.asyncio import create_async_engine

    def test_small():
        create_async_engine("sqlite:///shop.db")
"""
CAUSE = "database/sync-driver-in-async-engine"
NO_FILES = """
    from pathlib import Path
    import test_small as other

    def test_without_files(monkeypatch):
        monkeypatch.setattr(Path, "is_dir", None)
        other.test_small()

    def test_small():
        other.test_small()
"""
ITEMS = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/items/{item_id}", status_code=204)
    def read_item(item_id: int) -> dict[str, int]:
        return {"id": item_id}
"""
ONE_AFTER_THE_OTHER = """
import json, sys, pytest
for arguments in json.loads(sys.argv[1]):
    print("RUN", flush=True)
    print("CODE", int(pytest.main(arguments)), flush=True)
"""
"""Many runs in one process, which imports the libraries only once."""
RUNS = {
    "short": ["--troubleshoot", "--tb=short"],
    "native": ["--troubleshoot", "--tb=native"],
    "without captured": ["--troubleshoot", "--show-capture=no"],
    "warnings are errors": ["--troubleshoot", "-W", "error", "-p", "no:asyncio"],
    "line": ["--troubleshoot", "--tb=line"],
    "no traceback, but a file": ["--troubleshoot", "--tb=no", "--junit-xml=report.xml"],
    "not asked": [],
    "left out": ["-p", "no:troubleshoot"],
    "left out and asked": ["-p", "no:troubleshoot", "--troubleshoot"],
    "no files": ["--troubleshoot", "test_no_files.py"],
    "not collected": ["--troubleshoot", "test_items.py"],
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    return declared(tmp_path_factory.mktemp("installed"))


def written(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))


def run(folder, installed, *arguments, code=1, start=("-m", "pytest"), **environment):
    """Run pytest in `folder` and return what it printed."""
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{installed}:{ROOT}", "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def sections(printed):
    """Return what was printed below the heading of each test."""
    _, *parts = HEADING.split(printed.partition("short test summary")[0])
    return dict(zip(parts[::2], parts[1::2], strict=True))


def said(section):
    """Return the lines that the plugin has added."""
    return [line for line in section.partition("- troubleshoot -")[2].splitlines()[1:] if not line.startswith("===")]


def test_known_failures_are_named_below_their_tracebacks(tmp_path, installed):
    written(tmp_path, shop=APPLICATION, test_shop=TESTS)
    printed = sections(run(tmp_path, installed, "--troubleshoot", "--color=no"))
    for name, cause in NAMED.items():
        lines = "\n".join(said(printed[name]))
        assert f"{cause}, " in lines, name
        assert f" troubleshoot explain {cause}" in lines
    assert re.fullmatch(
        r"Cause: .+\n +\S+, 9\d %\nYour line: shop.py:\d+, in count_visits\n +request.session\[.+\n"
        r"Do this: .+\nMore: .+\n +troubleshoot explain .+",
        "\n".join(said(printed["test_session"])).strip(),
    )
    assert printed.keys() == {*NAMED, *SILENT}
    assert not [name for name in SILENT if "troubleshoot" in printed[name]]


def test_several_processes_say_the_same(tmp_path, installed):
    written(tmp_path, shop=APPLICATION, test_shop=TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntroubleshoot = true\n")
    printed = sections(run(tmp_path, installed, "-n", "2"))
    assert {name for name, text in printed.items() if said(text)} == set(NAMED)
    assert all(f"{cause}, " in printed[name] for name, cause in NAMED.items())
    assert printed.keys() == {*NAMED, *SILENT}


def test_whatever_pytest_is_told_besides(tmp_path, installed):
    written(tmp_path, test_small=SMALL, test_no_files=NO_FILES, items=ITEMS, test_items="import items")
    given = [
        arguments if arguments[-1:] and arguments[-1].startswith("test_") else [*arguments, "test_small.py"]
        for arguments in RUNS.values()
    ]
    out = run(tmp_path, installed, json.dumps(given), code=0, start=("-c", ONE_AFTER_THE_OTHER))
    printed = dict(zip(RUNS, out.split("RUN\n")[1:], strict=True))
    codes = {name: int(text.rpartition("CODE ")[2]) for name, text in printed.items()}
    assert codes == {**dict.fromkeys(RUNS, 1), "left out and asked": 4, "not collected": 2}
    for name in ("short", "native", "without captured", "warnings are errors"):
        assert f"{CAUSE}, 99 %" in "\n".join(said(sections(printed[name])["test_small"])), name
    for name in ("line", "no traceback, but a file", "not asked", "left out"):
        assert "InvalidRequestError" in printed[name]
        assert CAUSE not in printed[name], name
    assert f"{CAUSE}, 99 %" in (tmp_path / "report.xml").read_text()
    # What a test has replaced holds for what looks at it, too; the next one is looked at as ever.
    no_files = sections(printed["no files"])
    assert said(no_files["test_without_files"])[0].startswith("This failure could not be looked at: ")
    assert f"{CAUSE}, 99 %" in no_files["test_small"]
    assert "Your line: items.py:6" in "\n".join(said(sections(printed["not collected"])["test_items.py"]))


def test_what_goes_wrong_in_it_costs_one_line(tmp_path, installed):
    ignored = shutil.ignore_patterns("detectors", "patches", "__pycache__", "compiled", "knowledge", "templates")
    shutil.copytree(Path(ROOT, "troubleshoot"), tmp_path / "here" / "troubleshoot", ignore=ignored)
    written(tmp_path, test_small=SMALL)
    printed = run(tmp_path, installed, "--troubleshoot", PYTHONPATH=f"{installed}:{tmp_path / 'here'}")
    assert "1 failed" in printed
    assert said(sections(printed)["test_small"]) == ["This failure could not be looked at: UsageError."]


def test_a_run_that_does_not_fail_loads_nothing_of_it(tmp_path, installed):
    written(
        tmp_path,
        test_passes="def test_passes():\n    pass\n",
        conftest="""
            import sys

            def pytest_unconfigure():
                print(sorted(name for name in sys.modules if name.startswith("troubleshoot")))
        """,
    )
    printed = run(tmp_path, installed, code=0)
    assert "['troubleshoot', 'troubleshoot.pytest_plugin']" in printed
    printed = run(tmp_path, installed, "--troubleshoot", code=0)
    assert "'troubleshoot.running.reports'" in printed
    assert not re.search(r"troubleshoot\.(catalog|engine|sources|investigation)", printed)


def test_the_entry_point_imports_nothing():
    program = (
        "import sys, pytest; known = {*sys.modules}; import troubleshoot.pytest_plugin; print(*{*sys.modules} - known)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert {*done.stdout.split()} == {"troubleshoot", "troubleshoot.pytest_plugin"}
