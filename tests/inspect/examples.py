"""Small applications that show a mistake, and the same without it."""

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
        """
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://a.example", "http://localhost:5173", "capacitor://localhost", "null", "http://[::1]:3000"],
)
""",
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
