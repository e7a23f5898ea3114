"""What looks like a mistake to a reader in a hurry, beside what is one: who fills a parameter, and who keeps a thing."""

import pytest
from marked import marks, told

HEAD = """
import asyncio
from typing import Annotated

import httpx
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide
from fastapi import Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()
"""
CALLED = "dependency-injection/depends-called-outside-fastapi"
MISSING = "dependency-injection/missing-depends"
CORS = "middleware/cors-not-outermost"
TWICE = "routing/duplicate-route"
HANDED = "background-tasks/request-session-used-in-task"
CAUSES = (CALLED, MISSING, CORS, TWICE, HANDED)

SOURCES = {
    "a default beside the Depends of an Annotated": f"""
def key_of(request: Request):
    return request.headers.get("x-key")


def check(request: Request, key: Annotated[str | None, Depends(key_of)] = None):
    if not key:
        key = request.headers.get("x-other")
    return key


def refuse(request: Request, key: Annotated[str, Depends(key_of)]):
    return key.upper()


def old(request: Request, key: str = Depends(key_of)):
    return key.upper()


def caller(request: Request):
    return check(request)


@app.get("/a")
def a(request: Request, checked: str = Depends(check), more: str = Depends(refuse), other: str = Depends(old)):
    return caller(request)


@app.get("/b")
def b(request: Request):
    refuse(request)  # told: {CALLED}
    return old(request)  # told: {CALLED}
""",
    "a Depends that has a name of its own": f"""
def get_db():
    yield 1


def depends_db():
    return Depends(get_db)


def depends_client(settings=app):
    assert settings is not None
    return Depends(settings.client)


DB = Depends(get_db)
made = depends_db()
client = depends_client()
NOTHING = None


@app.get("/a")
async def a(one: AsyncSession = DB, two: AsyncSession = made, three: httpx.AsyncClient = client):
    return 1


@app.get("/b")
async def b(one: AsyncSession = None, two: httpx.AsyncClient = NOTHING):  # told: {MISSING}
    return 1
""",
    "what a container makes": f"""
class Store:
    pass


class Service:
    def __init__(self, *, store: Store):
        self.store = store


class Plain:
    def __init__(self, store: Store):  # told: {MISSING}
        self.store = store


class Container(containers.DeclarativeContainer):
    store = providers.Singleton(Store)
    service = providers.Factory(Service, store=store)


@app.get("/a")
def a(service: Service = Depends(Provide[Container.service])):
    return service


@app.get("/b")
def b(plain: Plain = Depends(Plain)):
    return plain
""",
    "a middleware that writes the headers of CORS itself": f"""
ORIGIN = "Access-Control-Allow-Origin"


class Open:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["path"] == "/open":
            response = PlainTextResponse("ok", headers={{"access-control-allow-origin": "*"}})
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Closed(Open):
    async def __call__(self, scope, receive, send):
        if scope["path"] == "/closed":
            response = PlainTextResponse("no", status_code=403)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])
app.add_middleware(Open)

other = FastAPI()
other.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])  # told: {CORS}
other.add_middleware(Closed)
""",
    "a router that only one kind of application has": f"""
from more import always, router
from settings import settings

if settings.is_free:
    app.include_router(router)
app.include_router(always)


@app.get("/items")
def read_items():
    return 1


@app.get("/orders")  # told: {TWICE}
def read_orders():
    return 1
### settings.py
class Settings:
    is_free: bool = True


settings = Settings()
### more.py
from fastapi import APIRouter

router = APIRouter()
always = APIRouter()


@router.get("/items")
def items():
    return 2


@always.get("/orders")
def orders():
    return 2
""",
    "what a task is handed, and may keep": f"""
Open = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class Base(DeclarativeBase):
    pass


class Policy(Base):
    __tablename__ = "policies"
    id: Mapped[int] = mapped_column(primary_key=True)


async def get_db():
    async with Open() as db:
        yield db


DB = Annotated[AsyncSession, Depends(get_db)]


async def apply(policy: Policy):
    print(policy.id)


async def work(db: AsyncSession):
    await db.commit()


async def work_and_close(number: int, db: AsyncSession):
    try:
        await db.commit()
    finally:
        await db.aclose()


async def sweep(policies: list[Policy]):
    if tasks := [asyncio.create_task(apply(policy)) for policy in policies]:
        await asyncio.gather(*tasks)
    more: set[asyncio.Task] = set()
    for policy in policies:
        more.add(asyncio.create_task(apply(policy)))
    await asyncio.wait(more)
    for policy in policies:
        asyncio.create_task(apply(policy))  # told: {HANDED}


@app.post("/a")
async def a(db: DB):
    asyncio.create_task(work_and_close(1, db))
    asyncio.create_task(work(db))  # told: {HANDED}


def heard(event: dict):
    policy = Policy.model_validate(event)
    start(policy)


def start(policy: Policy):
    asyncio.create_task(apply(policy))


def stored(event: dict, db: Session):
    policy = Policy.model_validate(event)
    db.add(policy)
    also_start(policy)


def also_start(policy: Policy):
    asyncio.create_task(apply(policy))  # told: {HANDED}
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))
