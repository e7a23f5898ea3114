"""Models written for Pydantic 1 keep the application from starting on Pydantic 2."""

from troubleshoot.testing import Bench

WRONG = {
    "pydantic.v1": [
        (
            "from pydantic import BaseModel, Field, root_validator, validator",
            "from pydantic.v1 import BaseModel, Field, root_validator, validator",
        ),
    ],
    "skip_on_failure, and the warnings ignored": [
        ("@root_validator\n", "@root_validator(skip_on_failure=True)\n"),
        (
            "from pydantic import BaseModel",
            'import warnings\n\nwarnings.simplefilter("ignore")\nfrom pydantic import BaseModel',
        ),
    ],
}

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

    main = bench.load()
    client = TestClient(main.app)
    user = {"name": "ann", "email": "Ann@example.com", "repeated": "ann@example.com"}
    assert client.post("/users", json=user).json() == "ann@example.com"
    assert client.post("/users", json=user | {"repeated": "bob@example.com"}).status_code == 422

    from types import SimpleNamespace

    from pydantic import ValidationError

    row = SimpleNamespace(**user)
    try:
        read = main.User.model_validate(row).email
    except ValidationError as error:
        read = str(error)
    assert read == "ann@example.com"
