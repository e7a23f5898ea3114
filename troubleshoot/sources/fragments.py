"""Pieces of source as people paste them: without the imports, and with lines that are none of Python."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import TypeGuard

IMPORTED: Mapping[str, tuple[str, ...]] = {
    module: tuple(names.split())
    for module, names in {
        "concurrent.futures": "ProcessPoolExecutor ThreadPoolExecutor",
        "contextlib": "asynccontextmanager contextmanager suppress",
        "fastapi": "APIRouter BackgroundTasks Body Cookie Depends FastAPI File Form HTTPException Header Path Query "
        "Request Response Security UploadFile WebSocket WebSocketDisconnect status",
        "fastapi.middleware.cors": "CORSMiddleware",
        "fastapi.responses": "FileResponse HTMLResponse JSONResponse PlainTextResponse RedirectResponse "
        "StreamingResponse",
        "fastapi.security": "OAuth2PasswordBearer OAuth2PasswordRequestForm",
        "fastapi.staticfiles": "StaticFiles",
        "fastapi.testclient": "TestClient",
        "pydantic": "BaseModel Field ValidationError",
        "sqlalchemy": "Column create_engine select text",
        "sqlalchemy.ext.asyncio": "AsyncSession async_sessionmaker create_async_engine",
        "sqlalchemy.orm": "Session joinedload relationship selectinload sessionmaker",
        "starlette.applications": "Starlette",
        "starlette.background": "BackgroundTask",
        "starlette.middleware.base": "BaseHTTPMiddleware",
        "typing": "Annotated Any Optional Union",
    }.items()
}
"""Names that mean one thing to whoever reads a question about FastAPI, and where they come from."""
MODULES = frozenset(("aiohttp", "asyncio", "httpx", "json", "os", "redis", "requests", "threading", "time", "uvicorn"))
APPLICATION, ROUTER = "app", "router"
MAKERS: Mapping[str, str] = {
    "SessionLocal": "sessionmaker",
    "AsyncSessionLocal": "async_sessionmaker",
    "async_session": "async_sessionmaker",
    "async_session_maker": "async_sessionmaker",
}
"""What everybody calls what makes sessions, as the documentation does, and what makes it."""
START = re.compile(r"[^\s)\]}#]")
"""What begins a line at which a statement may begin."""
ENDPOINT = re.compile(r"@\w{1,40}\.(?:get|post|put|patch|delete)\(")
LONGEST_HEAD = 60
"""Lines in which an endpoint's parameters end."""
PROVIDER = re.compile(r"get_\w{0,20}(?:db|session|connection|conn)")
"""What everybody calls a dependency that gives a session."""
CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
REFUSED_TYPE = re.compile(r"\bcheck that (?P<type>[^\n]{1,300}?) is a valid [Pp]ydantic field")
OF_A_MODULE = re.compile(r"(?<![\w.])(?!typing\.)(?:[A-Za-z_]\w{0,80}\.){1,20}(?P<name>[A-Za-z_]\w{0,80})")
"""What Python calls a class that is no built-in one."""


WRITTEN_OTHERWISE = (
    (re.compile(r"(?m)(?:^|(?<=[\s,(\[{]))//(?=[^/\n]*$)"), "#"),
    (re.compile(r"<[A-Z][A-Z0-9_ ]{1,60}>"), "None"),
    (re.compile("…"), "..."),
)
"""How people comment on what they paste, and what they put for what is secret or left out."""


def completed(source: str, classes: Collection[str] = ()) -> str:
    """Return a piece of source with what its author left out, so far as it goes without saying; lines keep their place.

    What cannot be parsed becomes empty lines, and well-known names that nothing binds are imported at the end. Those
    of `classes` that are used are there, too, wherever they come from.
    """
    text = parts_that_parse(textwrap.dedent(source))
    return "\n".join((text.rstrip("\n"), *_left_out(ast.parse(text), classes), ""))


def plain_classes(text: str) -> set[str]:
    """Return the names of classes that FastAPI says in `text` to be none that Pydantic knows."""
    types = (found["type"] for found in REFUSED_TYPE.finditer(text))
    return {found["name"] for told in types for found in OF_A_MODULE.finditer(told)}


def parts_that_parse(source: str) -> str:
    """Return `source` with empty lines for those of its statements that are none."""
    if _parses(source):
        return source
    parts = _parts(source.split("\n"))
    return "\n".join(next(filter(_parses, _readings(part)), "\n" * part.count("\n")) for part in parts)


def _readings(part: str) -> Iterator[str]:
    """Yield a statement as it stands, then as it is meant, then of an endpoint only as far as its parameters go."""
    yield part
    for mark, meant in WRITTEN_OTHERWISE:
        part = mark.sub(meant, part)
    yield part
    lines = part.split("\n")
    for count, line in enumerate(lines[:LONGEST_HEAD] if ENDPOINT.match(part) else (), start=1):
        if line.rstrip().endswith(":"):
            head = (*lines[: count - 1], f"{line.rstrip()} raise NotImplementedError")
            yield "\n".join(head) + "\n" * (len(lines) - count)


def _parts(lines: list[str]) -> Iterator[str]:
    """Yield the statements that begin at the margin, each with the decorators before it and all that follows."""
    part: list[str] = []
    decorated = False
    for line in lines:
        begins = START.match(line) is not None and not CLAUSE.match(line)
        if begins and part and not decorated:
            yield "\n".join(part)
            part = []
        if begins:
            decorated = line.startswith("@")
        part.append(line)
    yield "\n".join(part)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _left_out(tree: ast.Module, classes: Collection[str]) -> Iterator[str]:
    """Yield the lines that bind what `tree` uses and does not bind."""
    bound = set(_bound(tree))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    missing = used - bound
    if ROUTER in missing:
        missing |= {"APIRouter", APPLICATION} - bound
    provided = [item.name for item in tree.body if _is_function(item) and PROVIDER.fullmatch(item.name)]
    unused = [name for name in provided if name not in used]
    missing |= ({APPLICATION, "Depends"} if unused else set()) - bound
    if APPLICATION in missing:
        missing |= {"FastAPI"} - bound
    makers = [name for name in MAKERS if name in missing]
    missing |= {MAKERS[name] for name in makers} - bound
    for module, names in IMPORTED.items():
        wanted = sorted(missing.intersection(names))
        if wanted:
            yield f"from {module} import {', '.join(wanted)}"
        missing.difference_update(wanted)
    yield from (f"import {name}" for name in sorted(MODULES & missing))
    imported = {_name(node) for node in ast.walk(tree) if isinstance(node, ast.alias)}
    known = {name for names in IMPORTED.values() for name in names}
    yield from (f"class {name}: ..." for name in sorted((missing | imported).intersection(classes) - known))
    yield from (f"{name} = {MAKERS[name]}()" for name in makers)
    if APPLICATION in missing:
        yield f"{APPLICATION} = FastAPI()"
    if ROUTER in missing:
        yield f"{ROUTER} = APIRouter()"
        yield f"{APPLICATION}.include_router({ROUTER})"
    for name in unused if APPLICATION in missing else ():
        yield f"@{APPLICATION}.get('/{name}')"
        yield f"def of_{name}(given=Depends({name})): ..."


def _is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield each name that is bound anywhere in `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.alias):
            yield _name(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg


def _name(alias: ast.alias) -> str:
    """Return the name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]
