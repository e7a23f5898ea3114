"""What an application does in a way of its own, beside the mistake that it looks like."""

import pytest
from marked import marks, told

UNFILLED = "dependency-injection/depends-called-outside-fastapi"
CAUSES = (UNFILLED,)

SOURCES = {
    "a default that stands beside Depends, or is asked for": f"""
from typing import Annotated

import fastapi.params
from fastapi import Depends, FastAPI
from fastapi.params import Depends as Missing
from fastapi.security import APIKeyHeader, HTTPBearer
from sqlalchemy.orm import Session

app = FastAPI()
Bearer = Annotated[object | None, Depends(HTTPBearer(auto_error=False))]
Key = Annotated[str | None, Depends(APIKeyHeader(name="X-Key", auto_error=False))]


def get_db():
    with Session() as db:
        yield db


def get_rules():
    return list


def filled(value, made):
    return made() if isinstance(value, Missing) else value


def shouted(value):
    return value.upper() if isinstance(value, str) else value


def who(bearer: Bearer = None, key: Key = None):
    return (bearer.credentials if bearer else None) or key


def passed_on(bearer: Bearer = None):
    return who(bearer, None)


def named(limit: Annotated[int, Depends(get_rules)] = 3):
    return limit.bit_length()


def allowed(rules=Depends(get_rules)):
    rules = filled(rules, get_rules)
    return rules()


def allowed_itself(rules=Depends(get_rules)):
    if isinstance(rules, fastapi.params.Depends):
        rules = get_rules()
    return rules()


def forbidden(rules=Depends(get_rules)):
    rules = shouted(rules)
    return rules()


def stored(db: Annotated[Session, Depends(get_db)] = None):
    return db.query("rows").all()


def stored_somewhere(db: Annotated[Session, Depends(get_db)] = None):
    db = db or Session()
    return db.query("rows").all()


@app.get("/")
def read(a=Depends(who), b=Depends(allowed), c=Depends(named), d=Depends(passed_on), e=Depends(allowed_itself)):
    return a, b, c, d, e


@app.get("/rows")
def rows(a=Depends(stored), b=Depends(stored_somewhere), c=Depends(forbidden)):
    return a, b, c


def test_all():
    who()
    passed_on()
    named()
    allowed()
    allowed_itself()
    stored_somewhere()
    forbidden()  # told: {UNFILLED}
    stored()  # told: {UNFILLED}
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))
