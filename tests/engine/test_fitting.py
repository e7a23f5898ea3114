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
