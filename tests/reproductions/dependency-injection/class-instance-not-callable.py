"""FastAPI cannot call the object that stands in Depends, so the module with the route fails while it is imported."""

from troubleshoot.testing import Bench

CLASS = ("Depends(OrderService())", "Depends(OrderService)")
WRONG = {
    "the class, also where its objects have settings": [CLASS, ("Depends(require_admin)", "Depends(RoleChecker)")],
    "a lambda around the object": [CLASS, ("Depends(require_admin)", "Depends(lambda: require_admin)")],
    "a __call__ that hands out the object": [
        CLASS,
        ("    def check(self", "    def __call__(self):\n        return self\n\n    def check(self"),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException

router = APIRouter()


class OrderService:
    def __init__(self, word: str = "") -> None:
        self.word = word

    def all(self) -> list[str]:
        return [item for item in ("lamp", "desk") if self.word in item]


class RoleChecker:
    def __init__(self, role: str) -> None:
        self.role = role

    def check(self, x_role: Annotated[str, Header()] = "") -> None:
        if x_role != self.role:
            raise HTTPException(403, f"This needs the role {self.role}.")


require_admin = RoleChecker("admin")


@router.get("/orders")
async def read_orders(
    service: Annotated[OrderService, Depends(OrderService())],
    admin: Annotated[None, Depends(require_admin)],
) -> list[str]:
    return service.all()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    started = bench.run("-c", "import main", seconds=60)
    assert started.returncode == 0, started.stderr.splitlines()[-1]
    client = TestClient(bench.load().app)
    assert client.get("/orders").status_code == 403
    assert client.get("/orders?word=lamp", headers={"X-Role": "admin"}).json() == ["lamp"]
