"""The commit after yield fails, but the client has already been told that the user was created."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"dependency": "get_session", "database_url": "sqlite:///./users.db"}
WRONG = {
    "an explicit commit after the yield": [
        (
            "with Session(engine) as session, session.begin():\n            yield session\n",
            "with Session(engine) as session:\n            yield session\n            session.commit()\n",
        ),
    ],
    "an exception handler": [
        (
            "app = FastAPI()\n",
            "app = FastAPI(exception_handlers={IntegrityError: lambda request, error: Response(status_code=409)})\n",
        ),
        ("from fastapi import FastAPI\n", "from fastapi import FastAPI, Response\n"),
    ],
    "only a log line in the except": [
        (
            '        raise HTTPException(409, "this already exists") from error\n',
            '        print("this already exists", error)\n',
        ),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///./users.db")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


def get_session() -> Iterator[Session]:
    try:
        with Session(engine) as session, session.begin():
            yield session
    except IntegrityError as error:
        raise HTTPException(409, "this already exists") from error


SessionDep = Annotated[Session, Depends(get_session)]
router = APIRouter()


@router.post("/users", status_code=201)
def create_user(name: str, session: SessionDep) -> dict[str, str]:
    session.add(User(name=name))
    return {"name": name}


# --- application ---
from fastapi import FastAPI

Base.metadata.create_all(engine)
app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/users?name=ada"), method="POST")[::2] == (201, '{"name":"ada"}')
        status, _, body = get(server.url("/users?name=ada"), method="POST")
        assert status == 409, f"{status} {body}, although the commit failed"
        assert "this already exists" in body
        assert get(server.url("/users?name=bob"), method="POST")[0] == 201
        assert "Traceback" not in server.log, server.log
