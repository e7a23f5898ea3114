"""12:00+02:00 comes back as 12:00 without a zone, cannot be compared with the present, and all rows are equally old."""

from troubleshoot.testing import Bench

ONCE, EACH_TIME = "default=datetime.now(timezone.utc)", "default=lambda: datetime.now(timezone.utc)"
COLUMN = "    id: Mapped[int] = mapped_column(primary_key=True)\n    starts_at: Mapped[datetime]\n"
COMPARED = "row.starts_at < datetime.now(timezone.utc)"
WRONG = {
    "the zone taken away": [
        ("Event(**body.model_dump())", "Event(starts_at=body.starts_at.replace(tzinfo=None))"),
        (COMPARED, "row.starts_at < datetime.now(timezone.utc).replace(tzinfo=None)"),
        (ONCE, EACH_TIME),
    ],
    "UTC written on whatever comes back": [
        (COMPARED, "row.starts_at.replace(tzinfo=timezone.utc) < datetime.now(timezone.utc)"),
        (ONCE, EACH_TIME),
    ],
    "DateTime(timezone=True) on SQLite": [
        (
            COLUMN,
            COLUMN.replace(
                "starts_at: Mapped[datetime]", "starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))"
            ),
        ),
        ("import create_engine, select", "import DateTime, create_engine, select"),
        (ONCE, EACH_TIME),
    ],
}

# --- broken ---
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=datetime.now(timezone.utc))


class EventIn(BaseModel):
    starts_at: datetime


class EventOut(EventIn):
    model_config = ConfigDict(from_attributes=True)

    id: int
    created_at: datetime


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


@router.post("/events", response_model=EventOut, status_code=201)
def create(body: EventIn, session: SessionDependency) -> Any:
    row = Event(**body.model_dump())
    session.add(row)
    session.commit()
    return row


@router.get("/events/past", response_model=list[EventOut])
def past(session: SessionDependency) -> Any:
    return [row for row in session.scalars(select(Event).limit(100)) if row.starts_at < datetime.now(timezone.utc)]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:

        def create(starts_at: str) -> requests.Response:
            return requests.post(server.url("/events"), json={"starts_at": starts_at}, timeout=10)

        first, second = create("2026-01-01T12:00:00+02:00"), create("2026-01-01T12:00:00Z")
        past = requests.get(server.url("/events/past"), timeout=10)
        naive = create("2026-01-01T12:00:00")
    if not bench.fixed:
        assert "can't compare offset-naive and offset-aware datetimes" in server.log
    assert past.status_code == 200, server.log
    assert [first.json()["starts_at"], second.json()["starts_at"]] == ["2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z"]
    assert first.json()["created_at"] != second.json()["created_at"]
    assert [event["id"] for event in past.json()] == [1, 2]
    assert naive.status_code == 422
