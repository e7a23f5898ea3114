"""A table model as the body takes any value, and as the answer it leaves its relationships out."""

from troubleshoot.testing import Bench

HERO_ENDS = '    parent: Team | None = Relationship(back_populates="heroes")\n'
WRONG = {
    "a validator on the table, the relationship loaded eagerly": [
        (
            HERO_ENDS,
            HERO_ENDS
            + """
    @field_validator("age")
    @classmethod
    def check_age(cls, age: int) -> int:
        if age < 0:
            raise ValueError("negative")
        return age
""",
        ),
        (
            "from sqlmodel import Field",
            "from pydantic import field_validator\nfrom sqlalchemy.orm import selectinload\nfrom sqlmodel import Field",
        ),
        ("session.get_one(Team, team_id)", "session.get_one(Team, team_id, options=[selectinload(Team.heroes)])"),
    ],
    "validate_assignment": [(HERO_ENDS, HERO_ENDS + '    model_config = {"validate_assignment": True}\n')],
    "validated again before it is stored": [
        ("    session.add(hero)\n", "    hero = Hero.model_validate(hero.model_dump())\n    session.add(hero)\n"),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine

engine = create_engine("sqlite:///app.db")
router = APIRouter()


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    heroes: list["Hero"] = Relationship(back_populates="parent")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(min_length=1)
    age: int = Field(ge=0)
    parent_id: int | None = Field(default=None, foreign_key="team.id")
    parent: Team | None = Relationship(back_populates="heroes")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


@router.post("/heroes", status_code=201)
def create(hero: Hero, session: SessionDependency) -> Hero:
    session.add(hero)
    session.commit()
    session.refresh(hero)
    return hero


@router.get("/teams/{team_id}")
def read_team(team_id: int, session: SessionDependency) -> Team:
    return session.get_one(Team, team_id)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
SQLModel.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    added = "from main import *; s = Session(engine); s.add(Team(name='A')); s.commit()"
    assert bench.run("-c", added).returncode == 0
    with bench.server() as server:

        def create(**body: object) -> requests.Response:
            return requests.post(server.url("/heroes"), json=body, timeout=10)

        good = create(name="Ann", age=30, parent_id=1)
        wrong = [create(name="Bob", age=-5), create(name="Bob", age="x"), create(), create(name="Eve", age=1, id=77)]
        team = requests.get(server.url("/teams/1"), timeout=10).json()
    assert (good.status_code, good.json()["id"]) == (201, 1)
    if not bench.fixed:
        assert [answer.status_code for answer in wrong] == [201, 201, 500, 201], server.log
        assert "heroes" not in team
    assert [answer.status_code for answer in wrong] == [422] * 4
    assert [hero["name"] for hero in team["heroes"]] == ["Ann"]
