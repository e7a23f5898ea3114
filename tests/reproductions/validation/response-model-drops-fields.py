"""A list declared with the base class: what the subclasses add, and a property, do not arrive."""

from troubleshoot.testing import Bench, get

# Dictionaries go through the same declared type.
ATTEMPT = """
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Animal(BaseModel):
    name: str

    @property
    def label(self) -> str:
        return self.name.title()


class Dog(Animal):
    tricks: list[str]


class Cat(Animal):
    lives: int


class Owner(BaseModel):
    pets: list[Animal]


@router.get("/owner", response_model=Owner, response_model_exclude_unset=False)
async def read_owner():
    return {"pets": [Dog(name="rex", tricks=["roll"]).model_dump(), Cat(name="mia", lives=9).model_dump()]}


"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Animal(BaseModel):
    name: str

    @property
    def label(self) -> str:
        return self.name.title()


class Dog(Animal):
    tricks: list[str]


class Cat(Animal):
    lives: int


class Owner(BaseModel):
    pets: list[Animal]


@router.get("/owner")
async def read_owner() -> Owner:
    return Owner(pets=[Dog(name="rex", tricks=["roll"]), Cat(name="mia", lives=9)])


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        status, _, body = get(server.url("/owner"))
    assert status == 200
    dog, cat = json.loads(body)["pets"]
    assert (dog["name"], dog.get("label"), dog.get("tricks")) == ("rex", "Rex", ["roll"])
    assert (cat["name"], cat.get("label"), cat.get("lives")) == ("mia", "Mia", 9)
