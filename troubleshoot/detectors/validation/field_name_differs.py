"""A file that a client sends under another name than the endpoint's parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from troubleshoot.code.application.parts import Route
from troubleshoot.code.inference.values import Elements, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module, Param
from troubleshoot.code.syntax.nodes import argument, keyword
from troubleshoot.code.topics.clients import method_of
from troubleshoot.code.topics.middleware import literal
from troubleshoot.code.topics.parameters import marker

SENDING = frozenset(("post", "put", "patch"))
"""Methods of a client that send a body."""
PLACEHOLDER = re.compile(r"\\\{[^{}]*\\\}")
BESIDE = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*$|conftest\.py$)")
"""Tests send a wrong name on purpose."""

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import FastAPI, File, UploadFile

app = FastAPI()


@app.post("/images/{owner}")
async def store(owner: str, picture: UploadFile = File(...)):
    return picture.filename


@app.put("/notes/")
async def note(page: Annotated[bytes, File(alias="sheet")]):
    return len(page)
""",
    "client.py": """
import httpx
import requests

with open("cat.jpg", "rb") as file:
    answer = requests.post("http://localhost:8000/images/ann", files={"file": ("cat.jpg", file, "image/jpeg")})


def send(name):
    url = f"http://localhost:8000/notes"
    return httpx.put(url, files={"page": open(name, "rb")})
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, File, UploadFile

app = FastAPI()


@app.post("/images/{owner}")
async def store(owner: str, picture: UploadFile = File(...)):
    return picture.filename


@app.post("/pages")
async def page(sheet: bytes = File(alias="page"), extra: UploadFile | None = None):
    return len(sheet)


@app.post("/plain")
async def plain(name: str):
    return name
""",
    "client.py": """
import requests

FILES = {"page": open("page.txt", "rb")}


def send(name, url, files):
    requests.post("http://localhost:8000/images/ann", files={"picture": open(name, "rb")})
    requests.post("http://localhost:8000/pages", files=FILES)
    requests.post("http://localhost:8000/plain", files={"file": open(name, "rb")})
    requests.post("https://other.example/upload", files={"file": open(name, "rb")})
    requests.post("http://localhost:8000/images/ann", files=files)
    return requests.post(url, files={"file": open(name, "rb")})
""",
    "tests/test_main.py": """
import requests


def test_wrong_name():
    assert requests.post("http://localhost:8000/images/ann", files={"file": b""}).status_code == 422
""",
}


class Upload(NamedTuple):
    """A request with files to an endpoint that takes some: the names it gives them, and those that are looked for."""

    module: Module
    function: Function | None
    call: ast.Call
    route: Route
    sent: frozenset[str]
    wanted: frozenset[str]


def detect(project: Project) -> Iterator[Sighting]:
    """Yield requests whose files all have names that the endpoint at their address does not know."""
    for upload in _uploads(project):
        if not upload.sent & upload.wanted:
            sent, wanted = (", ".join(sorted(names)) for names in (upload.sent, upload.wanted))
            yield Sighting(
                module=upload.module,
                function=upload.function,
                node=upload.call,
                severity="warning",
                message=f"the file is sent as {sent}; {upload.route.function.name} looks for {wanted}",
                captured={"field": min(upload.wanted)},
            )


def concerns(project: Project) -> bool:
    """Return whether a request and the endpoint that it is for are both there."""
    return any(True for _ in _uploads(project))


def _uploads(project: Project) -> Iterator[Upload]:
    wanted = [(route, names) for route in project.routes if route.path and (names := _files_of(project, route))]
    for module in project.files.modules("files") if wanted else ():
        if BESIDE.search(module.path):
            continue
        for call, function in _calls(module):
            scope = Scope.of(function) if function is not None else Scope(module)
            if method_of(project.path(call.func, scope)) not in SENDING:
                continue
            sent = _sent(project, call, scope)
            address = _end_of(literal(project, argument(call, 0, "url"), scope))
            for route, names in wanted if sent else ():
                if _is_at(route, address):
                    yield Upload(module, function, call, route, sent, names)


def _calls(module: Module) -> Iterator[tuple[ast.Call, Function | None]]:
    yield from ((call, None) for call in module.body.calls)
    for function in module.all_functions:
        yield from ((call, function) for call in function.body.calls)


def _files_of(project: Project, route: Route) -> frozenset[str]:
    """Return under which names an endpoint takes files."""
    named = (_file(project, param, route.function) for param in route.function.params)
    return frozenset(name for name in named if name)


def _file(project: Project, param: Param, function: Function) -> str:
    found = marker(project, function, param, frozenset(("fastapi.File",)))
    alias = keyword(found[0], "alias") if found is not None else None
    if alias is not None:
        return alias.value if isinstance(alias, ast.Constant) and isinstance(alias.value, str) else ""
    made = project.inference.parameter(param, function)
    upload = (made.of if isinstance(made, Elements) else made) == "fastapi.UploadFile()"
    return param.name if upload or found is not None else ""


def _sent(project: Project, call: ast.Call, scope: Scope) -> frozenset[str]:
    """Return under which names a request sends files, nothing if one of them is not known."""
    given = literal(project, keyword(call, "files"), scope)
    names = given.keys if isinstance(given, ast.Dict) else []
    texts = [name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str)]
    return frozenset(texts) if len(texts) == len(names) else frozenset()


def _end_of(node: ast.expr | None) -> str:
    """Return how an address ends, as far as it is written out."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[*_, ast.Constant(value=str(text))]):
            return text
        case ast.BinOp(op=ast.Add(), right=right):
            return _end_of(right)
    return ""


def _is_at(route: Route, address: str) -> bool:
    path = PLACEHOLDER.sub("[^/]+", re.escape((route.path or "").strip("/")))
    return bool(path) and re.search(rf"(?:^|/){path}/?(?:\?|$)", address) is not None
