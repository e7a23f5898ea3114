"""Each fact holds of an application that shows it, and of no healthy twin."""

import json
from pathlib import Path

import pytest

from troubleshoot.catalog import load
from troubleshoot.content import find_content
from troubleshoot.inspection.facts import KNOWN, ORDINARY, REMARKABLE

HEAD = """\
from typing import Annotated
from contextlib import asynccontextmanager, contextmanager
from fastapi import APIRouter, Depends, FastAPI, Header, Request, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from fastapi.staticfiles import StaticFiles

app = FastAPI()

"""

# What is wrong, and the same put right; `None` where another test shows the healthy side.
EXAMPLES = {
    "cors-wildcard-with-credentials": (
        'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)',
        'app.add_middleware(CORSMiddleware, allow_origins=["*"])',
    ),
    "cors-origin-never-sent": (
        'app.add_middleware(CORSMiddleware, allow_origins=["https://a.example/", "https://*.b.example", "c.example"])',
        'app.add_middleware(CORSMiddleware, allow_origins=["https://a.example", "http://localhost:5173",'
        ' "capacitor://localhost", "null", "http://[::1]:3000"])',
    ),
    "cors-not-outermost": (
        """
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])
@app.middleware("http")
async def require_key(request: Request, call_next):
    if "x-key" not in request.headers:
        return JSONResponse({}, 401)
    return await call_next(request)
""",
        """
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])
@app.middleware("http")
async def timing(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-time"] = "1"
    return response
""",
    ),
    "error-handler-outside-cors": (
        """
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])
@app.exception_handler(Exception)
async def failed(request: Request, error: Exception):
    return JSONResponse({"detail": "sorry"}, 500)
""",
        """
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])
@app.exception_handler(ValueError)
async def failed(request: Request, error: Exception):
    return JSONResponse({"detail": "sorry"}, 400)
""",
    ),
    "allowed-host-never-sent": (
        'app.add_middleware(TrustedHostMiddleware, allowed_hosts=["https://api.example", "localhost:8000"])',
        'app.add_middleware(TrustedHostMiddleware, allowed_hosts=["api.example", "*.api.example", "127.0.0.1"])',
    ),
    "middleware-cannot-be-built": (
        """
class Limit:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send): await self.app(scope, receive, send)
app.add_middleware(Limit(None))
""",
        """
class Limit:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send): await self.app(scope, receive, send)
app.add_middleware(Limit)
""",
    ),
    "session-without-middleware": (
        """
@app.get("/visits")
def visits(request: Request):
    return request.session.get("visits")
""",
        """
class Remember:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send):
        scope["session"] = {}
        await self.app(scope, receive, send)
app.add_middleware(Remember)
@app.get("/visits")
def visits(request: Request):
    return request.session.get("visits")
""",
    ),
    "user-without-middleware": (
        """
@app.get("/me")
def me(request: Request):
    return str(request.user)
""",
        """
@app.get("/me")
def me(request: Request):
    return str(request.client)
""",
    ),
    "route-shadowed": (
        """
@app.get("/users/{name}")
def user(name: str): ...
@app.get("/users/me")
def me(): ...
""",
        """
@app.get("/users/me")
def me(): ...
@app.get("/users/{name}")
def user(name: str): ...
@app.get("/items/{number:int}")
def item(number: int): ...
@app.get("/items/all")
def all_items(): ...
@app.post("/users/you")
def you(): ...
""",
    ),
    "route-behind-mount": (
        """
app.mount("/", StaticFiles(directory="."))
@app.get("/health")
def health(): ...
""",
        """
@app.get("/health")
def health(): ...
app.mount("/", StaticFiles(directory="."))
""",
    ),
    "route-duplicated": (
        """
@app.get("/users")
def one(): ...
@app.get("/users")
def other(): ...
""",
        """
@app.get("/users")
def one(): ...
@app.post("/users")
def other(): ...
@app.api_route("/users", methods=["GET", "PUT"])
def third(): ...
""",
    ),
    "websocket-route-shadowed": (
        """
app.mount("/live", FastAPI())
@app.websocket("/live/feed")
async def feed(websocket: WebSocket): ...
""",
        """
@app.get("/live/feed")
def page(): ...
@app.websocket("/live/feed")
async def feed(websocket: WebSocket): ...
""",
    ),
    "plain-websocket-route": (
        """
router = APIRouter(prefix="/api")
async def feed(websocket: WebSocket): ...
router.add_websocket_route("/feed", feed)
app.include_router(router)
""",
        """
router = APIRouter(prefix="/api")
@router.websocket("/feed")
async def feed(websocket: WebSocket): ...
app.include_router(router)
""",
    ),
    "token-url-without-route": (
        """
@app.get("/me")
def me(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="token"))]): ...
@app.post("/auth/login")
def login(): ...
""",
        """
@app.get("/me")
def me(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/proxied/auth/login"))]): ...
@app.get("/you")
def you(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="https://login.example/token"))]): ...
@app.post("/auth/login")
def login(): ...
""",
    ),
    "router-not-included": (
        """
users = APIRouter()
@users.get("/users")
def read_users(): ...
""",
        """
users = APIRouter()
outer = APIRouter()
admin = FastAPI()
backstage = APIRouter()
empty = APIRouter()
@users.get("/users")
def read_users(): ...
@backstage.get("/users")
def backstage_users(): ...
outer.include_router(users)
app.include_router(outer)
admin.include_router(backstage)
""",
    ),
    "context-manager-dependency": (
        """
@contextmanager
def get_db():
    yield 1
@app.get("/a")
def a(db=Depends(get_db)): ...
""",
        """
def get_db():
    yield 1
db_session = contextmanager(get_db)
@app.get("/a")
def a(db=Depends(get_db)): ...
""",
    ),
    "request-dependency-on-websocket": (
        """
def user(request: Request): ...
@app.websocket("/ws")
async def ws(websocket: WebSocket, user=Depends(user)): ...
""",
        """
def user(request: Request = None, websocket: WebSocket = None): ...
@app.websocket("/ws")
async def ws(websocket: WebSocket, user=Depends(user)): ...
@app.get("/a")
def a(user=Depends(user)): ...
""",
    ),
    "websocket-dependency-on-http": (
        """
def user(websocket: WebSocket): ...
@app.get("/a")
def a(user=Depends(user)): ...
""",
        """
def user(websocket: WebSocket): ...
@app.websocket("/a")
async def a(websocket: WebSocket, user=Depends(user)): ...
""",
    ),
    "variadic-query-parameter": (
        """
def logged(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
@app.get("/a")
@logged
def a(q: str = ""): ...
""",
        """
import functools
def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
@app.get("/a")
@logged
def a(args: str = "", kwargs: str = ""): ...
""",
    ),
    "unresolved-query-parameter": (
        """
@app.get("/a")
def a(q: "Missing"): ...
""",
        """
Missing = int
@app.get("/a")
def a(q: "Missing"): ...
""",
    ),
    "settings-as-parameter": (
        """
from pydantic import BaseModel
class BaseSettings(BaseModel): ...
class Settings(BaseSettings):
    key: str = ""
@app.post("/a")
def a(settings: Settings): ...
""",
        """
from pydantic import BaseModel
class BaseSettings(BaseModel): ...
class Settings(BaseSettings):
    key: str = ""
def get_settings(): return Settings()
@app.post("/a")
def a(settings: Annotated[Settings, Depends(get_settings)]): ...
""",
    ),
    "authorization-as-header": (
        """
@app.get("/a")
def a(authorization: Annotated[str, Header()] = ""): ...
""",
        """
@app.websocket("/a")
async def a(websocket: WebSocket, authorization: Annotated[str, Header()] = ""): ...
@app.get("/b")
def b(user_agent: Annotated[str, Header()] = ""): ...
""",
    ),
    "dependency-built-twice": (
        """
class Paging:
    def __init__(self, size): self.size = size
    def __call__(self): return self.size
def inner(paging=Depends(Paging(10))): ...
@app.get("/a")
def a(paging=Depends(Paging(10)), inner=Depends(inner)): ...
""",
        """
class Paging:
    def __init__(self, size): self.size = size
    def __call__(self): return self.size
paging = Paging(10)
def inner(paging=Depends(paging)): ...
@app.get("/a")
def a(paging=Depends(paging), other=Depends(Paging(20)), inner=Depends(inner)): ...
""",
    ),
    "override-never-used": (
        """
def get_db(): ...
def fake(): ...
app.dependency_overrides[get_db] = fake
@app.get("/a")
def a(): ...
""",
        """
def get_db(): ...
def fake(): ...
app.dependency_overrides[get_db] = fake
@app.get("/a")
def a(db=Depends(get_db)): ...
""",
    ),
    "override-not-callable": (
        """
def get_db(): ...
app.dependency_overrides[get_db] = 1
@app.get("/a")
def a(db=Depends(get_db)): ...
""",
        None,
    ),
    "on-event-ignored": (
        """
@asynccontextmanager
async def lifespan(app):
    yield
app = FastAPI(lifespan=lifespan)
app.router.add_event_handler("startup", print)
""",
        """
@asynccontextmanager
async def lifespan(app):
    yield
router = APIRouter(lifespan=lifespan)
@router.get("/a")
def a(): ...
app.include_router(router)
app.router.add_event_handler("startup", print)
""",
    ),
    "mounted-lifespan-never-runs": (
        """
@asynccontextmanager
async def lifespan(app):
    yield
app.mount("/sub", FastAPI(lifespan=lifespan))
""",
        """
@asynccontextmanager
async def lifespan(app):
    async with sub.router.lifespan_context(sub):
        yield
@asynccontextmanager
async def inner(app):
    yield
sub = FastAPI(lifespan=inner)
app = FastAPI(lifespan=lifespan)
app.mount("/sub", sub)
""",
    ),
}


def test_every_remarkable_fact_has_an_example():
    assert set(REMARKABLE) == set(EXAMPLES)


@pytest.mark.parametrize("fact", EXAMPLES)
def test_a_fact_holds_where_it_should_and_nowhere_else(fact, project):
    wrong, right = EXAMPLES[fact]
    done = project.inspect(HEAD + wrong, "--format", "json")
    assert (done.code, done.err) == (1, "")
    assert set(done.remarkable) == {fact}
    if right is not None:
        healthy = project.inspect(HEAD + right, "--format", "json")
        assert (healthy.code, healthy.remarkable) == (0, [])


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (
            "route-shadowed",
            "GET /users/me (me) is never reached: GET /users/{name} (user), which is tried first, matches every such path",
        ),
        (
            "request-dependency-on-websocket",
            "WS /ws depends on user, which needs a Request; there is none on this route, so the call fails",
        ),
        (
            "variadic-query-parameter",
            "FastAPI reads args and kwargs out of the signature of wrapper as query parameters of GET /a",
        ),
    ],
)
def test_a_fact_is_one_sentence_in_the_users_names_with_its_place(fact, sentence, project):
    found = next(
        item
        for item in project.inspect(HEAD + EXAMPLES[fact][0], "--format", "json").json["facts"]
        if item["id"] == fact
    )
    assert found["what"] == sentence
    assert found["location"].startswith("main.py:")
    line = int(found["location"].partition(":")[2])
    assert (project.folder / "main.py").read_text().splitlines()[line - 1].lstrip().startswith("def ")


def test_a_bare_application_is_healthy_and_rules_much_out(project):
    done = project.inspect("from fastapi import FastAPI\napp = FastAPI()\n", "--format", "json")
    assert (done.code, done.remarkable, done.json["causes"]) == (0, [], [])
    assert {fact["id"] for fact in done.json["facts"]} >= {"no-middleware", "no-cors-middleware", "no-websocket-route"}


def test_what_cannot_be_looked_into_rules_nothing_out(project):
    done = project.inspect(
        """
        from fastapi import FastAPI
        class Other:
            async def __call__(self, scope, receive, send): ...
        app = FastAPI()
        app.mount("/other", Other())
        """,
        "--format",
        "json",
    )
    assert "no-websocket-route" not in {fact["id"] for fact in done.json["facts"]}


def test_every_fact_that_speaks_for_a_cause_is_remarkable():
    catalog = load(find_content())
    spoken = {(fact, weight) for cause in catalog.causes.values() for fact, weight in cause.facts.items()}
    assert {fact for fact, _ in spoken} <= set(KNOWN)
    assert {fact for fact, weight in spoken if weight != "rules_out"} <= set(REMARKABLE)
    assert not set(REMARKABLE) & set(ORDINARY)


def test_a_confirmed_cause_is_named_with_the_command_that_explains_it(project):
    done = project.inspect(HEAD + EXAMPLES["cors-not-outermost"][0])
    assert "confirmed  Another middleware stands outside CORSMiddleware and answers first" in done.out
    assert "troubleshoot explain middleware/cors-not-outermost" in done.out


def test_the_answer_takes_the_application_as_evidence(project):
    project.write("main.py", HEAD + EXAMPLES["cors-not-outermost"][0])
    done = project.run("answer", "the browser reports a CORS error", "--app", "main:app", "--format", "json")
    first = json.loads(done.out)["diagnosis"][0]
    assert (done.code, first["cause"]) == (0, "middleware/cors-not-outermost")
    line = (HEAD + EXAMPLES["cors-not-outermost"][0]).splitlines().index("        return JSONResponse({}, 401)") + 1
    assert ["app", f"main.py:{line}"] in [[reason["source"], reason["location"]] for reason in first["reasons"]]
    assert "require_key" in first["fixes"][0]["snippet"]


def test_the_fix_takes_names_from_the_application(project):
    project.write("main.py", HEAD + EXAMPLES["cors-not-outermost"][0])
    done = project.run("fix", "middleware/cors-not-outermost", "--app", "main:app", "--defaults")
    assert done.code == 0
    assert "async def require_key(" in done.out


def test_the_answer_says_when_the_application_was_not_examined(project):
    project.write("main.py", "import os\nos._exit(3)\n")
    done = project.run("answer", "everything freezes", "--app", "main:app", "--format", "json")
    assert done.code == 4
    assert done.json["skipped"] == [
        {
            "source": "app",
            "location": "main:app",
            "why": "the process ended with code 3 while main:app was imported",
        }
    ]


def test_a_factory_is_named_with_parentheses(project):
    project.write("main.py", "from fastapi import FastAPI\ndef make():\n    return FastAPI()\n")
    assert project.run("inspect", "main:make()").code == 0
    assert project.run("answer", "it is slow", "--app", "main:make()").code in (0, 1)


def test_the_folder_of_an_import_is_the_users_not_ours(project):
    assert not Path(project.folder, "collect.py").exists()
    project.write("collect.py", "value = 42\n")
    done = project.inspect("import collect\nfrom fastapi import FastAPI\napp = FastAPI(title=str(collect.value))\n")
    assert (done.code, done.out.splitlines()[0].split("  ")[:2]) == (0, ["main:app", "42"])
