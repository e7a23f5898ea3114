"""The override is registered for a second instance of the dependency, so the real one goes on refusing."""

from troubleshoot.testing import Bench

WRONG = {
    "the class as the key": [('dependency_overrides[RoleChecker("admin")]', "dependency_overrides[RoleChecker]")],
    "patching the name in the module": [
        (
            """    app.dependency_overrides[RoleChecker("admin")] = lambda: None
    try:
        yield
    finally:
        app.dependency_overrides.clear()
""",
            """    with patch(f"{__name__}.RoleChecker", lambda role: lambda: None):
        yield
""",
        ),
        ("from typing import Annotated\n", "from typing import Annotated\nfrom unittest.mock import patch\n"),
    ],
    "the endpoint as the key": [('dependency_overrides[RoleChecker("admin")]', "dependency_overrides[read_reports]")],
}

# --- broken ---
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException

router = APIRouter()


class RoleChecker:
    def __init__(self, role: str) -> None:
        self.role = role

    def __call__(self, x_role: Annotated[str, Header()] = "") -> None:
        if x_role != self.role:
            raise HTTPException(403, f"This needs the role {self.role}.")


@router.get("/reports", dependencies=[Depends(RoleChecker("admin"))])
async def read_reports() -> list[str]:
    return ["turnover"]


@contextmanager
def everybody_allowed(app: FastAPI) -> Iterator[None]:
    app.dependency_overrides[RoleChecker("admin")] = lambda: None
    try:
        yield
    finally:
        app.dependency_overrides.clear()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    main = bench.load()
    client = TestClient(main.app)
    assert client.get("/reports", headers={"X-Role": "admin"}).status_code == 200
    assert client.get("/reports").status_code == 403
    with main.everybody_allowed(main.app):
        assert client.get("/reports").json() == ["turnover"]
    assert client.get("/reports").status_code == 403
