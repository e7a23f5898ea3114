"""A prefix given twice."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword, text_of

BROKEN = {
    "main.py": """
from fastapi import FastAPI

from users import router

app = FastAPI()
app.include_router(router, prefix="/users")
""",
    "users.py": """
from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
def read(user_id: int):
    return user_id
""",
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/users")


@router.get("/{user_id}")
def read(user_id: int):
    return user_id


app.include_router(router, prefix="/api")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield routers whose own prefix is given once more where they are included."""
    made = {item.owner: item.call for item in project.registrations("router made") if item.owner is not None}
    for item in project.registrations("router"):
        own = made.get(item.other) if item.other is not None else None
        prefix = text_of(keyword(item.call, "prefix"))
        if own is not None and prefix and f"{text_of(keyword(own, 'prefix'))}/".startswith(f"{prefix}/"):
            yield Sighting(
                module=item.scope.module,
                function=item.scope.function,
                node=item.call,
                severity="warning",
                message=f"the prefix {prefix} is given twice, so the addresses begin with {prefix}{prefix}",
            )
