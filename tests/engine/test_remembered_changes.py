"""After a change, what is remembered is told only if a search would find the same."""

from shutil import rmtree
from unittest.mock import patch as patched

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import APP, write

from troubleshoot.code.scan import scan
from troubleshoot.code.settings import Settings

ROUTES = """\
from fastapi import APIRouter, Depends
from app.work import Loader, wait
from app.base import Store

router = APIRouter()

@router.get("/{name}")
async def one(name: str, store: Store = Depends(Store.current)):
    wait(name)
    return store.load(name), Loader().load(name)

@router.get("/all")
async def every():
    return one("all")
"""
CONTENTS = (
    "",
    "VALUE = 1\n",
    "def broken(:\n",
    f"from app.routes import router\n{APP}\napp.include_router(router)\n",
    ROUTES,
    "import time\n\ndef wait(name):\n    time.sleep(2)\n\nclass Loader:\n    def load(self, name):\n        wait(name)\n",
    "def wait(name):\n    return name\n\nclass Loader:\n    pass\n",
    "class Store:\n    def load(self, name):\n        raise NotImplementedError\n    @staticmethod\n    def current():\n        return Store()\n",
    "import time\nfrom app.base import Store\n\nclass Slow(Store):\n    def load(self, name):\n        time.sleep(5)\n",
    "from app.main import app\nfrom app.base import Store\n\ndef test_it():\n    app.dependency_overrides[Store.current] = Store\n",
    "import redis\nfrom app import base\n\nbase.Store.client = redis.Redis()\n",
    'from sqlalchemy import create_engine\nengine = create_engine("postgresql://db", echo_pool=True)\n',
    "import asyncio\n\nasync def go():\n    asyncio.create_task(go())\n",
    "def load(self, name):\n    return name\n",
)
PATHS = (
    *("app/__init__.py", "app/main.py", "app/routes.py", "app/work.py", "app/base.py", "app/more.py"),
    *("tests/test_app.py", "tests/conftest.py", "scripts/job.py", "docs/conf.py"),
)
START = {
    **dict(zip(PATHS[:6], ("", CONTENTS[3], ROUTES, *(CONTENTS[number] for number in (5, 7, 8))), strict=True)),
    "tests/test_app.py": CONTENTS[9],
    "docs/conf.py": CONTENTS[1],
}
EDITS = st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from((None, *CONTENTS, *PATHS))), min_size=1, max_size=3)


def changed(files, edits):
    """Return `files` with each edit made: nothing deletes a file, another path moves it, a text is its new content."""
    files = dict(files)
    for path, to in edits:
        content = files.pop(path, "") if to is None or to in PATHS else to
        if to is not None:
            files[to if to in PATHS else path] = content
    return files


@given(st.lists(EDITS, min_size=1, max_size=3))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_scan_that_remembers_what_was_there_before_tells_what_one_without_memory_does(
    content, catalog, tmp_path_factory, several
):
    folder = tmp_path_factory.mktemp("edited")

    def told(files, cache):
        rmtree(folder / "project", ignore_errors=True)
        write(folder / "project", {".git/HEAD": "", **files})
        with patched.dict("os.environ", XDG_CACHE_HOME=str(folder / cache)):
            report, _ = scan([folder / "project"], Settings(folder=folder), content, lambda: catalog)
        return report.findings, report.skipped, report.files

    files = START
    told(files, "kept")
    for number, edits in enumerate(several):
        files = changed(files, edits)
        assert told(files, "kept") == told(files, f"new{number}")
