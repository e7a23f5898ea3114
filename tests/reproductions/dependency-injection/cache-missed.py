"""Each Depends holds a new object, so the user is loaded once for every check of one request."""

from troubleshoot.testing import Bench, get

# --- broken ---
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException

logger = logging.getLogger(__name__)
router = APIRouter()


@dataclass(frozen=True)
class User:
    name: str
    roles: frozenset[str]


def user_with(role: str | None = None) -> Callable[..., User]:
    async def load(x_user: Annotated[str, Header()] = "") -> User:
        logger.warning("loading user %s", x_user)
        user = User(x_user, frozenset({"staff", "auditor"}))
        if role is not None and role not in user.roles:
            raise HTTPException(403, f"this needs the role {role}")
        return user

    return load


@router.get("/reports", dependencies=[Depends(user_with("staff")), Depends(user_with("auditor"))])
async def read_reports(user: Annotated[User, Depends(user_with())]) -> str:
    return user.name


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/reports"), headers={"X-User": "ada"})[::2] == (200, '"ada"')
        assert server.log.count("loading user ada") == 1, server.log
