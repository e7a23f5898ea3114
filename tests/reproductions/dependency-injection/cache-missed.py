"""Each Depends holds a new object, so the user is loaded once for every check of one request."""

from troubleshoot.testing import Bench, get

LOADS = """    async def load(x_user: Annotated[str, Header()] = "") -> User:
        logger.warning("loading user %s", x_user)
        user = User(x_user, ROLES.get(x_user, frozenset()))
"""
WRONG = {
    "use_cache=True": [
        ("Depends(user_with())", "Depends(user_with(), use_cache=True)"),
        ('Depends(user_with("staff"))', 'Depends(user_with("staff"), use_cache=True)'),
        ('Depends(user_with("auditor"))', 'Depends(user_with("auditor"), use_cache=True)'),
    ],
    "lru_cache on the factory": [
        ("def user_with", "@lru_cache\ndef user_with"),
        ("from dataclasses import dataclass\n", "from dataclasses import dataclass\nfrom functools import lru_cache\n"),
    ],
    "a cache for the whole process": [
        (
            LOADS,
            """    async def load(x_user: Annotated[str, Header()] = "") -> User:
        if x_user not in loaded:
            logger.warning("loading user %s", x_user)
            loaded[x_user] = User(x_user, ROLES.get(x_user, frozenset()))
        user = loaded[x_user]
""",
        ),
        ("router = APIRouter()\n", "router = APIRouter()\nloaded = {}\n"),
    ],
    "one check instead of two": [
        ('[Depends(user_with("staff")), Depends(user_with("auditor"))]', "[]"),
    ],
}

# --- broken ---
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException

logger = logging.getLogger(__name__)
router = APIRouter()
ROLES = {"ada": frozenset({"staff", "auditor"}), "bob": frozenset({"staff"})}


@dataclass(frozen=True)
class User:
    name: str
    roles: frozenset[str]


def user_with(role: str | None = None) -> Callable[..., User]:
    async def load(x_user: Annotated[str, Header()] = "") -> User:
        logger.warning("loading user %s", x_user)
        user = User(x_user, ROLES.get(x_user, frozenset()))
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
        for requests in (1, 2):
            assert get(server.url("/reports"), headers={"X-User": "ada"})[::2] == (200, '"ada"')
            assert server.log.count("loading user ada") == requests, server.log
        status, _, body = get(server.url("/reports"), headers={"X-User": "bob"})
        assert (status, body) == (403, '{"detail":"this needs the role auditor"}')
        assert server.log.count("loading user bob") == 1, server.log
