"""A file or a key of JSON that a client sends under another name than the endpoint looks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from troubleshoot.code.application.parts import Route, Sent
from troubleshoot.code.inference.values import Elements, Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.models import fields_of, settings_of
from troubleshoot.code.topics.parameters import marker
from troubleshoot.code.topics.sent import arriving, body_models, keys_of, sent_in

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import FastAPI, File, UploadFile
from pydantic import BaseModel

app = FastAPI()


@app.post("/images/{owner}")
async def store(owner: str, picture: UploadFile = File(...)):
    return picture.filename


@app.put("/notes/")
async def note(page: Annotated[bytes, File(alias="sheet")]):
    return len(page)


class Person(BaseModel):
    first_name: str
    last_name: str
    age: int = 0


@app.post("/people")
async def add(person: Person):
    return person
""",
    "client.py": """
import httpx
import requests

with open("cat.jpg", "rb") as file:
    answer = requests.post("http://localhost:8000/images/ann", files={"file": ("cat.jpg", file, "image/jpeg")})


def send(name):
    url = f"http://localhost:8000/notes"
    return httpx.put(url, files={"page": open(name, "rb")})


def register(first, last):
    requests.post("http://localhost:8000/people", json={"firstName": first, "lastName": last, "age": 3})
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, File, UploadFile
from pydantic import BaseModel, Field

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


class Person(BaseModel):
    first_name: str
    last_name: str = Field(alias="lastName")


class Plain(BaseModel):
    name: str
    note: str | None = None


@app.post("/people")
async def add(person: Person):
    return person


@app.post("/plain-people")
async def add_plain(person: Plain):
    return person
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
    requests.post("http://localhost:8000/people", json={"first_name": name, "lastName": name})
    requests.post("http://localhost:8000/plain-people", json={"name": name, "more": 1})
    requests.post("http://localhost:8000/plain-people", json={"note": name})
    requests.post("https://other.example/plain-people", json={"Name": name})
    return requests.post(url, files={"file": open(name, "rb")})
""",
    "tests/test_main.py": """
import requests


def test_wrong_name():
    assert requests.post("http://localhost:8000/images/ann", files={"file": b""}).status_code == 422
""",
}


class Compared(NamedTuple):
    """A request to an endpoint: the names it gives what it sends, those that are looked for, and how it is told."""

    request: Sent
    route: Route
    sent: frozenset[str]
    wanted: frozenset[str]
    known: frozenset[str]


def detect(project: Project) -> Iterator[Sighting]:
    """Yield requests with files or keys of names that the endpoint at their address does not know."""
    for item in _uploads(project):
        if not item.sent & item.wanted:
            yield _sighting(item, f"the file is sent as {_listed(item.sent)}", item.wanted)
    for item in _objects(project):
        missing = item.wanted - item.sent
        if missing and item.sent - item.known:
            yield _sighting(item, f"the request sends {_listed(item.sent - item.known)}", missing)


def concerns(project: Project) -> bool:
    """Return whether a request and the endpoint that it is for are both there."""
    return any(True for _ in _uploads(project)) or any(True for _ in _objects(project))


def _sighting(item: Compared, told: str, looked_for: frozenset[str]) -> Sighting:
    return Sighting(
        module=item.request.module,
        function=item.request.function,
        node=item.request.call,
        severity="warning",
        message=f"{told}; {item.route.function.name} looks for {_listed(looked_for)}",
        captured={"field": min(looked_for)},
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _uploads(project: Project) -> Iterator[Compared]:
    wanted = {route: names for route in project.routes if route.path and (names := _files_of(project, route))}
    for request in sent_in(project, project.files.modules("files") if wanted else (), is_loose=True):
        names = keys_of(project, keyword(request.call, "files"), request.scope) or frozenset()
        for route in request.routes if names else ():
            if route in wanted and request.method in route.methods:
                yield Compared(request, route, names, wanted[route], wanted[route])


def _objects(project: Project) -> Iterator[Compared]:
    """Yield requests with JSON whose keys are written out, to endpoints that read one model from it."""
    for request, route in arriving(project):
        models = body_models(project, route.function)
        made = project.inference.parameter(models[0], route.function) if len(models) == 1 else None
        keys = keys_of(project, keyword(request.call, "json"), request.scope)
        if isinstance(made, Instance) and keys:
            fields = fields_of(project, made.of)
            if not _has_aliases(project, made.of):
                required = frozenset(name for name, (statement, _) in fields.items() if statement.value is None)
                yield Compared(request, route, keys, required, frozenset(fields))


def _has_aliases(project: Project, model: Class) -> bool:
    """Return whether fields of a model may be read under other names than their own, or by code of its own."""
    settings = settings_of(project, model)
    told = [statement.value for statement, _ in fields_of(project, model).values() if statement.value is not None]
    own = any("validator" in ast.unparse(item) for method in model.all_methods for item in method.node.decorator_list)
    return (
        own
        or bool(settings.keys() - {"title", "from_attributes"})
        or any("alias" in ast.unparse(item) for item in told)
    )


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
