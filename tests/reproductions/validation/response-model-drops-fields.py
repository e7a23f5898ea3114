"""A list declared with the base class: what the subclasses add, and a property, do not arrive."""

from troubleshoot.testing import Bench, get

PETS = '[Dog(name="rex", tricks=["roll"]), Cat(name="mia", lives=9)]'
WRONG = {
    "dictionaries instead of objects": [
        (f"Owner(pets={PETS})", f'{{"pets": [pet.model_dump() for pet in {PETS}]}}'),
    ],
    "response_model_exclude_unset=False": [('"/owner")', '"/owner", response_model_exclude_unset=False)')],
    "the union alone": [("pets: list[Animal]", "pets: list[Dog | Cat]")],
    "extra fields allowed": [
        ("class Animal(BaseModel):\n", 'class Animal(BaseModel):\n    model_config = ConfigDict(extra="allow")\n'),
        ("from pydantic import BaseModel", "from pydantic import BaseModel, ConfigDict"),
    ],
}

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
