"""Types imported under TYPE_CHECKING are not there when FastAPI reads the signature: 422, and no OpenAPI schema."""

from troubleshoot.testing import Bench, get

WRONG = {
    "the type in quotes": [("request: Request,", 'request: "Request",')],
    "None as the default": [
        (
            "request: Request, audit: Annotated[Audit, Depends(get_audit)]",
            "audit: Annotated[Audit, Depends(get_audit)], request: Request = None",
        ),
    ],
    "left out of the docs": [('@router.get("/whoami")', '@router.get("/whoami", include_in_schema=False)')],
}

# --- broken ---
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends

if TYPE_CHECKING:
    from fastapi import Request

router = APIRouter()


class Audit:
    def __init__(self) -> None:
        self.entries: list[str] = []


def get_audit() -> Iterator[Audit]:
    yield Audit()


@router.get("/whoami")
async def whoami(request: Request, audit: Annotated[Audit, Depends(get_audit)]) -> dict[str, str]:
    audit.entries.append(request.url.path)
    return {"path": request.url.path}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/whoami"))
        assert (status, body) == (200, '{"path":"/whoami"}')
        assert get(server.url("/openapi.json"))[0] == 200
