"""The commit after yield fails, but the client has already been told that the user was created."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"dependency": "get_session", "database_url": "sqlite:///./users.db"}

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
        assert get(server.url("/users?name=ada"), method="POST")[0] == 201
        status, _, body = get(server.url("/users?name=ada"), method="POST")
        assert status == 409, f"{status} {body}, although the commit failed"
        assert "Traceback" not in server.log, server.log
