"""A model with aliases: built by its Python names, made from a row, and dumped; each goes wrong in its own way."""

from troubleshoot.testing import Bench

# Only a switch for one route's answers; what is read inside still has to have the alias.
ATTEMPT = """
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

router = APIRouter()


class User(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, from_attributes=True)
    user_name: str


class Row:
    user_name = "ann"


@router.post("/users", response_model_by_alias=True)
async def create(item: User) -> User:
    return User(user_name=item.user_name)


@router.get("/users", response_model_by_alias=True)
async def read() -> User:
    return User.model_validate(Row())


@router.get("/users/raw", response_model_by_alias=True)
async def read_raw() -> JSONResponse:
    return JSONResponse(User(userName="ann").model_dump())


"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

router = APIRouter()


class User(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, from_attributes=True)
    user_name: str


class Row:
    user_name = "ann"


@router.post("/users")
async def create(item: User) -> User:
    return User(user_name=item.user_name)


@router.get("/users")
async def read() -> User:
    return User.model_validate(Row())


@router.get("/users/raw")
async def read_raw() -> JSONResponse:
    return JSONResponse(User(userName="ann").model_dump())


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        answers = [
            requests.post(server.url("/users"), json={"userName": "ann"}, timeout=5),
            requests.post(server.url("/users"), json={"user_name": "ann"}, timeout=5),
            requests.get(server.url("/users"), timeout=5),
            requests.get(server.url("/users/raw"), timeout=5),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert [answer.json() for answer in answers] == [{"userName": "ann"}] * 4
