"""Model, status and dependencies stand in the signature: no filter, status 200, and everybody gets in."""

from troubleshoot.testing import Bench

WRONG = {
    "hidden from the docs": [
        ("response_model=UserOut", "response_model: Any = Query(UserOut, include_in_schema=False)"),
        (
            "status_code=status.HTTP_201_CREATED",
            "status_code: int = Query(status.HTTP_201_CREATED, include_in_schema=False)",
        ),
        (
            "dependencies=[Depends(require_token)]",
            "dependencies: Any = Query([Depends(require_token)], include_in_schema=False)",
        ),
        ("import Annotated\n", "import Annotated, Any\n"),
        (
            "import APIRouter, Depends, Header, HTTPException, status",
            "import APIRouter, Depends, Header, HTTPException, Query, status",
        ),
    ],
    "the dependency as a default": [
        ("    dependencies=[Depends(require_token)],\n", "    dependencies=Depends(require_token),\n"),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from pydantic import BaseModel

router = APIRouter()


class NewUser(BaseModel):
    name: str
    password: str


class UserOut(BaseModel):
    name: str


async def require_token(x_token: Annotated[str | None, Header()] = None) -> None:
    if x_token != "secret":
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Token required")


@router.post("/users")
async def create_user(
    user: NewUser,
    response_model=UserOut,
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(require_token)],
):
    return user


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    user = {"name": "ann", "password": "hunter2"}
    with bench.server() as server:
        stranger = requests.post(server.url("/users"), json=user, timeout=30)
        member = requests.post(server.url("/users"), json=user, headers={"X-Token": "secret"}, timeout=30)
        documented = requests.get(server.url("/openapi.json"), timeout=30).json()["paths"]["/users"]["post"]
    assert stranger.status_code == 401
    assert (member.status_code, member.json()) == (201, {"name": "ann"})
    assert [item["name"] for item in documented["parameters"]] == ["x-token"]
