"""Models written for Pydantic 1 keep the application from starting on Pydantic 2."""

from troubleshoot.testing import Bench

# --- broken ---
from pydantic import BaseModel, Field, root_validator, validator


class User(BaseModel):
    name: str = Field(pattern=r"^\w+$")
    email: str
    repeated: str

    class Config:
        orm_mode = True

    @validator("email")
    def in_lower_case(cls, value):
        return value.lower()

    @root_validator
    def is_repeated(cls, values):
        if values["repeated"].lower() != values["email"]:
            raise ValueError("the two entries differ")
        return values


# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.post("/users")
def create(user: User) -> str:
    return user.email


# --- check ---
def check(bench: Bench) -> None:
    started = bench.run("-W", "error", "-c", "import main")
    assert started.returncode == 0, started.stderr
    assert "Pydantic" not in started.stderr

    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    user = {"name": "ann", "email": "Ann@example.com", "repeated": "ann@example.com"}
    assert client.post("/users", json=user).json() == "ann@example.com"
    assert client.post("/users", json=user | {"repeated": "bob@example.com"}).status_code == 422
