"""A model with aliases: built by its Python names, made from a row, and dumped; each goes wrong in its own way."""

from troubleshoot.testing import Bench

WRONG = {
    "response_model_by_alias": [
        (f'@router.{route}")', f'@router.{route}", response_model_by_alias=True)')
        for route in ('post("/users', 'get("/users', 'get("/users/raw')
    ],
    "populate_by_name alone": [("from_attributes=True)", "from_attributes=True, populate_by_name=True)")],
    "by_alias in the dump alone": [(".model_dump()", ".model_dump(by_alias=True)")],
}

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
            requests.post(server.url("/users"), json={"userName": "ann"}, timeout=30),
            requests.post(server.url("/users"), json={"user_name": "ann"}, timeout=30),
            requests.get(server.url("/users"), timeout=30),
            requests.get(server.url("/users/raw"), timeout=30),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert [answer.json() for answer in answers] == [{"userName": "ann"}] * 4
