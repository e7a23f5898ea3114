"""An endpoint returns a JSONResponse: no filter, no declared status, no header and no cookie of the response parameter."""

from troubleshoot.testing import Bench

DATA = '{"name": user.name, "password_hash": "..."}'
WRONG = {
    "jsonable_encoder and the status": [
        (f"JSONResponse({DATA})", f"JSONResponse(jsonable_encoder({DATA}), status_code=201)"),
        ("from fastapi.responses", "from fastapi.encoders import jsonable_encoder\nfrom fastapi.responses"),
    ],
    "response_class=JSONResponse": [
        ("status_code=status.HTTP_201_CREATED)", "status_code=status.HTTP_201_CREATED, response_class=JSONResponse)"),
    ],
    "the model alone": [(f"JSONResponse({DATA})", "JSONResponse(UserOut(name=user.name).model_dump(mode='json'))")],
}

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
        response = requests.post(server.url("/users"), json={"name": "ann", "password": "x"}, timeout=30)
    assert "password_hash" not in response.text
    assert (response.status_code, response.json()) == (201, {"name": "ann"})
    assert response.headers.get("Location") == "/users/ann"
    assert response.cookies.get("user") == "ann"
