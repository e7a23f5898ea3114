"""An endpoint returns a JSONResponse: no filter, no declared status, no header and no cookie of the response parameter."""

from troubleshoot.testing import Bench

# The encoder makes values fit for JSON, and filters nothing.
ATTEMPT = """
from fastapi import APIRouter, Response, status
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

router = APIRouter()


class NewUser(BaseModel):
    name: str
    password: str


class UserOut(BaseModel):
    name: str
    email: str | None = None


@router.post("/users", response_model=UserOut, response_model_exclude_none=True, status_code=status.HTTP_201_CREATED)
async def create(user: NewUser, response: Response):
    response.headers["Location"] = f"/users/{user.name}"
    response.set_cookie("user", user.name)
    return JSONResponse(jsonable_encoder({"name": user.name, "password_hash": "..."}), status_code=201)


"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
from fastapi import APIRouter, Response, status
from fastapi.responses import JSONResponse
from pydantic import BaseModel

router = APIRouter()


class NewUser(BaseModel):
    name: str
    password: str


class UserOut(BaseModel):
    name: str
    email: str | None = None


@router.post("/users", response_model=UserOut, response_model_exclude_none=True, status_code=status.HTTP_201_CREATED)
async def create(user: NewUser, response: Response):
    response.headers["Location"] = f"/users/{user.name}"
    response.set_cookie("user", user.name)
    return JSONResponse({"name": user.name, "password_hash": "..."})


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        answer = requests.post(server.url("/users"), json={"name": "ann", "password": "x"}, timeout=5)
    assert "password_hash" not in answer.text
    assert (answer.status_code, answer.json()) == (201, {"name": "ann"})
    assert answer.headers["Location"] == "/users/ann"
    assert answer.cookies["user"] == "ann"
