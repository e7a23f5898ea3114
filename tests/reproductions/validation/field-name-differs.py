"""A client sends userName and picture to an endpoint that looks for user_name and file."""

from troubleshoot.testing import Bench

WRONG = {
    "optional parameters": [
        ("    user_name: str\n", '    user_name: str = ""\n'),
        (
            "file: UploadFile, user_name: Annotated[str, Form()]",
            'user_name: Annotated[str, Form()] = "", file: UploadFile | None = None',
        ),
        ("len(await file.read())", "len(await file.read()) if file else 0"),
    ],
    "an alias for the model alone": [
        ("    user_name: str\n", '    user_name: str = Field(alias="userName")\n'),
        ("from pydantic import BaseModel", "from pydantic import BaseModel, Field"),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel

router = APIRouter()


class NewUser(BaseModel):
    user_name: str


@router.post("/users")
async def create(user: NewUser) -> dict[str, str]:
    return {"name": user.user_name}


@router.post("/users/picture")
async def add_picture(file: UploadFile, user_name: Annotated[str, Form()]) -> dict[str, str | int]:
    return {"name": user_name, "size": len(await file.read())}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        created = requests.post(server.url("/users"), json={"userName": "ann"}, timeout=30)
        uploaded = requests.post(
            server.url("/users/picture"),
            data={"userName": "ann"},
            files={"picture": ("ann.png", b"pixels")},
            timeout=30,
        )
        as_before = requests.post(server.url("/users"), json={"user_name": "ann"}, timeout=30)
    assert "Field required" not in created.text + uploaded.text
    assert (as_before.status_code, as_before.json()) == (200, {"name": "ann"})
    assert created.json() == {"name": "ann"}
    assert uploaded.json() == {"name": "ann", "size": 6}
