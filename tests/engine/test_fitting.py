"""Findings that are none in the versions that a project uses."""

import pytest

APP = """
from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel, validator

app = FastAPI()


class Item(BaseModel):
    note: Optional[str]

    @validator("note")
    def check(cls, value):
        return value


@app.post("/items")
def create(item: Item, source: Optional[str]):
    return item
"""
FIELD = ("validation/optional-without-default", 11)
PARAMETER = ("validation/optional-without-default", 19)
OLD_CODE = ("validation/pydantic-v1-code", 13)

STRINGS = """
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

app = FastAPI()


def ask(db: Session):
    with create_engine("sqlite://").connect() as connection:
        connection.execute("SELECT 1")
    return db.execute("SELECT 1")


async def ask_soon(db: AsyncSession):
    async with create_async_engine("sqlite+aiosqlite://").connect() as connection:
        await connection.execute("SELECT 1")
    return await db.execute("SELECT 1")
"""


def found(scanning, path, files=None):
    _, report = scanning.json(path, files=files)
    return {(item["cause"], item["line"]) for item in report["findings"]}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {FIELD, PARAMETER, OLD_CODE}),
        ({"requirements.txt": "pydantic==1.10.26"}, {PARAMETER}),
        ({"requirements.txt": "pydantic>=1.9,<2"}, {PARAMETER}),
        ({"requirements.txt": "fastapi==0.95.1"}, {PARAMETER}),
        ({"requirements.txt": "fastapi==0.110.0"}, {FIELD, PARAMETER, OLD_CODE}),
        ({"requirements.txt": "pydantic==1.10.26", "api/requirements.txt": "pydantic==2.5.0"}, {FIELD, PARAMETER, OLD_CODE}),
        ({"requirements.txt": "pydantic==2.5.0", "api/pyproject.toml": '[project]\ndependencies=["pydantic<2"]'}, {PARAMETER}),
    ],
)  # fmt: skip
def test_the_nearest_folder_that_names_a_version_decides(files, expected, scanning):
    (scanning.folder / ".git").mkdir()
    assert expected == found(scanning, ".", {**files, "api/app/main.py": APP})
    # What is remembered is weighed again.
    (scanning.folder / "api/app/requirements.txt").write_text("pydantic==1.10.2")
    assert found(scanning, ".") == {PARAMETER}
    assert found(scanning, "api/app/main.py") == {PARAMETER}


@pytest.mark.parametrize(
    ("pin", "lines"),
    [("", {12, 13, 18, 19}), ("sqlalchemy[asyncio]==1.4.27", {18}), ("sqlalchemy>=2.0,<2.1", {12, 13, 18, 19})],
)
def test_a_plain_string_is_refused_where_the_version_in_use_refuses_it(pin, lines, scanning):
    (scanning.folder / ".git").mkdir()
    expected = {("database/raw-sql-needs-text", line) for line in lines}
    assert expected == found(scanning, ".", {"requirements.txt": pin, "main.py": STRINGS})
