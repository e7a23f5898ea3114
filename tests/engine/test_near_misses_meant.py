"""What is right, but nobody would change, beside what somebody would: whose cookies, secrets, names and texts are meant."""

import pytest
from marked import marks, told

TEXT = "dependency-injection/broad-except-hides-http-exception"
SHAPE = "validation/response-model-mismatch"
NAMESAKE = "environment/own-file-shadows-package"
CAUGHT = "middleware/handler-hides-exception"
ANYBODY = "middleware/cors-wildcard-with-credentials"
SECRET = "security/token-signature-mismatch"
PLAIN = "validation/not-json-serializable"
TWICE = "routing/duplicate-route"
EMPTY = "validation/no-content-with-body"
CAUSES = (TEXT, SHAPE, NAMESAKE, CAUGHT, ANYBODY, SECRET, PLAIN, TWICE, EMPTY)

OPEN = """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)"""
EVERYTHING = """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def broken(request: Request, exc: Exception):
    return JSONResponse({"detail": str(exc)}, status_code=500)"""

SOURCES = {
    "what stands behind a call that always raises": f"""
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Harbour(BaseModel):
    name: str


class Base:
    def close(self):
        raise NotImplementedError


def gone() -> None:
    raise HTTPException(410, "gone")


async def gone_too(number: int):
    if number > 9:
        raise HTTPException(410, "gone")
    else:
        gone()


def perhaps(number: int):
    if number > 9:
        raise HTTPException(404, "nothing there")


@app.get("/a", response_model=Harbour)
def a():
    gone()
    return None


@app.get("/b", response_model=Harbour)
async def b(number: int):
    await gone_too(number)
    return None


@app.get("/c", response_model=Harbour)
def c(number: int):
    perhaps(number)
    return None  # told: {SHAPE}


@app.get("/d", response_model=Harbour)
def d(number: int):
    if number > 9:
        gone()
    return None  # told: {SHAPE}


@app.get("/e", response_model=Harbour)
def e(base: Base):
    base.close()
    return None  # told: {SHAPE}
""",
    "a folder that is a package wherever something in it is imported": """
from fastapi import FastAPI

from harbour.ships import count

app = FastAPI()
### harbour/ships.py
from types import UnionType

from fastapi import APIRouter
from harbour.types import Ship

router = APIRouter()
count = (UnionType, Ship)
### harbour/types.py
class Ship:
    pass
""",
    "a folder that things in it are also imported from without its name": f"""
from fastapi import FastAPI

app = FastAPI()
### harbour/ships.py
from types import UnionType  # told: {NAMESAKE}

from crew import Crew
from fastapi import APIRouter
from harbour.types import Ship

router = APIRouter()
count = (UnionType, Crew, Ship)
### harbour/types.py
class Ship:
    pass
### harbour/crew.py
class Crew:
    pass
""",
    "a handler that hands on what it never gets": f"""
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def note(request: Request, call_next):
    try:
        return await call_next(request)
    except HTTPException as error:
        print(error.status_code)
        raise


@app.middleware("http")
async def answer(request: Request, call_next):
    try:
        return await call_next(request)
    except HTTPException as error:  # told: {CAUGHT}
        return JSONResponse({{"error": error.detail}}, status_code=error.status_code)
""",
    "cookies that are sent to others": f"""{OPEN}


@app.get("/a")
async def a():
    async with httpx.AsyncClient() as client:
        await client.get("https://example.com")
        return dict(client.cookies)
""",
    "cookies of another program in the folder": f"""
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/a")
def a(request: Request):
    return request.cookies
### keeper.py
{OPEN}
""",
    "cookies of what is imported when the application is made": f"""
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def make():
    from pages import router

    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # told: {ANYBODY}
    app.include_router(router)
    return app
### pages.py
from fastapi import APIRouter, Request

router = APIRouter()


@router.get("/a")
def a(request: Request):
    return request.cookies
""",
    "cookies of what imports the application": f"""{OPEN}  # told: {ANYBODY}
### pages.py
from fastapi import Request

from main import app


@app.get("/a")
def a(request: Request):
    return request.cookies
""",
    "the text of everything where no statement is in it": EVERYTHING,
    "the text of everything where a statement may be in it": f"""{EVERYTHING}  # told: {TEXT}
### rows.py
from sqlalchemy import create_engine

engine = create_engine("sqlite://")
""",
    "the text of a service that only administrators read": f"""
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from sqlalchemy import text
from sqlalchemy.orm import Session

from keeper import get_db, get_superuser

app = FastAPI()


class Service:
    def count(self, db: Session):
        try:
            return db.execute(text("select 1")).scalar()
        except Exception as error:
            raise HTTPException(503, str(error))

    def sum(self, db: Session):
        try:
            return db.execute(text("select 2")).scalar()
        except Exception as error:
            raise HTTPException(503, str(error))  # told: {TEXT}


service = Service()


@app.get("/count")
def count(db: Session = Depends(get_db), user=Depends(get_superuser)):
    return service.count(db) + service.sum(db)


@app.get("/sum")
def sum_up(db: Session = Depends(get_db)):
    return service.sum(db)
""",
    "methods that a list of the module names": f"""
from fastapi import FastAPI

app = FastAPI()
OTHERS = ["POST", "PUT"]


@app.get("/{{path:path}}")
def page(path: str):
    return path


@app.api_route("/{{path:path}}", methods=OTHERS)
def lost(path: str):
    return None
### more.py
from fastapi import APIRouter, FastAPI

app = FastAPI()
BOTH = ["GET", "POST"]


@app.get("/b")
def b():
    return 1


@app.api_route("/b", methods=BOTH)  # told: {TWICE}
def c():
    return 2
""",
    "a secret for where none is given": f"""
import os
import secrets

import jwt
from fastapi import FastAPI

app = FastAPI()
GIVEN = os.environ.get("GIVEN", secrets.token_hex(32))
READ = os.getenv("READ") or secrets.token_hex(32)
MADE = secrets.token_hex(32)


@app.get("/a")
def a():
    return jwt.encode({{}}, GIVEN), jwt.encode({{}}, READ)


@app.get("/b")
def b():
    return jwt.encode({{}}, MADE)  # told: {SECRET}
""",
}


ERRORS = {
    "what a function gives back in one of two ways": f"""
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
WRONG = "wrong password"


class Captain(BaseModel):
    name: str


def sign_in(name: str):
    if name == "a":
        return True, Captain(name=name)
    return False, WRONG


def hail(name: str):
    if name == "a":
        return True, Captain(name=name)
    return False, Captain(name="nobody")


@app.get("/a")
def a(name: str):
    is_known, captain_or_why = sign_in(name)
    if not is_known:
        raise HTTPException(401, captain_or_why)
    return captain_or_why.name


@app.get("/b")
def b(name: str):
    is_known, captain = hail(name)
    if not is_known:
        raise HTTPException(401, captain)  # told: {PLAIN}
    return captain.name
""",
    "what is returned with a status that FastAPI sends nothing with": f"""
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.delete("/a", status_code=204)
def a():
    return {{"detail": "deleted"}}


@app.delete("/b", status_code=204)
def b():
    return JSONResponse({{"detail": "deleted"}}, status_code=204)  # told: {EMPTY}
""",
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_proven(name, tmp_path, catalog):
    source = ERRORS[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error",))


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_worth_a_change(name, tmp_path, catalog):
    source = SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))
