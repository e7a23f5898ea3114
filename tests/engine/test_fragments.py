"""Source as people paste it: a piece of a file, without imports, with lines that are none of Python."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.sources.code import CodeSource
from troubleshoot.sources.fragments import completed

SOURCE = Path(__file__).read_text(encoding="utf-8").splitlines()
ROUTES = """The list of people is always null, though the rows are there:

```
@router.get("/{name}")
def one(db: DbDep, name: str):
    return db.query(People).filter(People.name == name).first()

... more of the same

@router.get("/all")
def everybody(db: DbDep):
    return db.query(People).all()
```
"""


def test_what_a_piece_of_source_shows_is_found(run):
    result = json.loads(run("answer", ROUTES, "--format", "json")[1])
    assert result["diagnosis"][0]["cause"] == "routing/path-parameter-shadows"
    assert "/all never reaches everybody" in result["diagnosis"][0]["reasons"][0]["what"]


@pytest.mark.parametrize(
    ("source", "left_out"),
    [
        ("@app.get('/')\ndef read(): ...\n", "from fastapi import FastAPI\napp = FastAPI()\n"),
        ("from mine import app\n@app.get('/')\ndef read(): ...\n", ""),
        ("def read(app): return app.state\n", ""),
        ("time = clock()\ntime.sleep(3)\n", ""),
        ("async def read():\n    time.sleep(3)\n", "import time\n"),
        ("    x = Depends(here)\n", "from fastapi import Depends\n"),
        ("db = SessionLocal()\n", "from sqlalchemy.orm import sessionmaker\nSessionLocal = sessionmaker()\n"),
        ("SessionLocal = make()\ndb = SessionLocal()\n", ""),
    ],
)
def test_what_goes_without_saying_is_added_at_the_end(source, left_out):
    assert completed(source).endswith(left_out)
    assert completed(source).count("import") == source.count("import") + left_out.count("import")


def test_lines_that_are_no_python_are_empty_and_the_others_keep_their_place():
    source = "import time\n\nthen I call it:\n\nasync def read():\n    time.sleep(3)\n\n@decorated\n# by mine\ndef other(:\n    pass\n"
    assert completed(source).splitlines() == ["import time", "", "", "", "async def read():", "    time.sleep(3)"]


def test_an_endpoint_that_is_no_python_keeps_its_parameters():
    source = "@router.post(\n    '/faces',\n)\nasync def identify(\n    picture: UploadFile,\n):\n    look(`picture`)\n\nnumber = 3\n"
    lines = completed(source).splitlines()
    assert lines[:9] == [*source.splitlines()[:5], "): raise NotImplementedError", "", "", "number = 3"]


MIXED = """
@app.post("/files")
async def save({parameters}):
    store(file)
    ...and so on (`it is long`)
"""


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [("file: UploadFile = File(...)", "clean"), ("info: Info, file: UploadFile = File(...)", "")],
)
def test_a_cause_of_one_place_is_not_there_if_that_place_is_shown(parameters, kind, catalog, content, tmp_path):
    (tmp_path / "snippet.py").write_text(completed(MIXED.format(parameters=parameters)))
    found = CodeSource(catalog, content, tmp_path, source="complaint", is_whole=False).collect()
    assert [item.kind for item in found if item.subject == "validation/form-and-json-mixed"] == [kind] * bool(kind)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "origins = [\n    'http://localhost:3000/', // the page\n]",
            "origins = [\n    'http://localhost:3000/', # the page\n]",
        ),
        ("//settings\nkey = 1", "#settings\nkey = 1"),
        ("client = Client(token=<MY_TOKEN>)", "client = Client(token=None)"),
        ("def read():\n    …", "def read():\n    ..."),
        ("half = total // 2\nbroken = (", "half = total // 2\n"),
    ],
)
def test_what_people_write_otherwise_than_python_is_read_as_it_is_meant(written, meant):
    assert completed(written).rstrip("\n") == meant.rstrip("\n")


@given(st.lists(st.one_of(st.sampled_from(SOURCE), st.text(max_size=20)), max_size=30))
def test_whatever_is_pasted_comes_out_as_python(lines):
    ast.parse(completed("\n".join(lines)))


@pytest.mark.parametrize("imported", ["", "from .services import Mailer\n"])
@pytest.mark.parametrize(
    ("endpoint", "told", "cause"),
    [
        (
            "async def send(to: str, mailer: Mailer):\n    await mailer.send(to)\n",
            "<class 'app.services.Mailer'>",
            "dependency-injection/missing-depends",
        ),
        (
            "async def mailers() -> list[Mailer]:\n    return every\n",
            "list[app.services.Mailer]",
            "validation/return-annotation-not-a-model",
        ),
    ],
)
def test_a_class_that_fastapi_names_is_a_plain_one(imported, endpoint, told, cause, run):
    error = f"Invalid args for response field! Hint: check that {told} is a valid Pydantic field type"
    text = f"The server does not start.\n\n```python\n{imported}@app.post('/send')\n{endpoint}```\n\n{error}\n"
    first = json.loads(run("answer", text, "--format", "json")[1])["diagnosis"][0]
    assert first["cause"] == cause
    assert any("Mailer" in reason["what"] for reason in first["reasons"] if reason["location"])


def test_a_class_of_a_library_stays_what_it_is():
    source = "from sqlalchemy.orm import Session\ndef read(db: Session): ...\n"
    assert "class" not in completed(source, {"Session"})
