"""What a request chooses, and what is read: names of tables that the code chooses, parameters and rows that are none."""

import pytest
from marked import marks, told

INJECTED = "database/sql-injection"
OUTSIDE = "dependency-injection/depends-called-outside-fastapi"
COMPUTES = "performance/cpu-bound-in-event-loop"
CAUSES = (INJECTED, OUTSIDE, COMPUTES)

SURE = "a table that the layout names, and a column that the client names"
SOURCES = {
    SURE: f"""
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def get_db() -> Session: ...


def rows_of(cursor, source):
    cursor.execute(f"SELECT COUNT(*) FROM {{source}} AS counted")


def newest(cursor, stamp):
    cursor.execute('SELECT MAX("' + stamp + '") FROM boats')


def named(cursor, name):
    cursor.execute(f"SELECT * FROM boats WHERE name = '{{name}}'")


def sized(cursor, column):
    cursor.execute(f"SELECT * FROM {{column}}")  # told: {INJECTED}


@app.get("/boats")
def boats(column: str, cursor: Session = Depends(get_db)):
    layout = load()
    rows_of(cursor, layout.source)
    newest(cursor, layout.stamp)
    named(cursor, layout.name)
    sized(cursor, column)
""",
    "a token that is asked for and thrown away": f"""
from fastapi import Depends, FastAPI

app = FastAPI()


def token(): ...


@app.get("/free")
def free(_: str = Depends(token)):
    _, left = measure()
    return left


@app.get("/own")
def own(user: str = Depends(token)):
    return user.upper()


@app.get("/both")
def both():
    return free(), own()  # told: {OUTSIDE}
""",
    "a table of columns without a row": f"""
import pandas as pd
from fastapi import FastAPI

app = FastAPI()


@app.get("/empty")
async def empty():
    pd.DataFrame(columns=["a", "b"]).to_parquet("empty")


@app.get("/full")
async def full(rows: list[int]):
    pd.DataFrame(rows, columns=["a"]).to_parquet("full")  # told: {COMPUTES}
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_chosen_and_read(name, tmp_path, catalog):
    severities = ("error",) if name == SURE else ("error", "warning")
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, severities)
