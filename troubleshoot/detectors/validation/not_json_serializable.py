"""A JSONResponse or an HTTPException that holds a model or a moment as it is; a returned response of a client."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Elements, Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, short
from troubleshoot.code.topics.clients import method_of
from troubleshoot.code.topics.exceptions import called_function
from troubleshoot.code.topics.models import is_model
from troubleshoot.code.topics.rows import is_mapped

PLAIN = {
    "fastapi.responses.JSONResponse": (0, "content"),
    "starlette.responses.JSONResponse": (0, "content"),
    "fastapi.HTTPException": (1, "detail"),
}
"""What is turned into JSON by `json.dumps` alone, and by which argument it is given."""
REFUSED = frozenset(
    (
        *("datetime.datetime.now()", "datetime.datetime.utcnow()", "datetime.date.today()", "datetime.datetime()"),
        *("datetime.date()", "datetime.timedelta()", "decimal.Decimal()", "uuid.uuid4()", "uuid.UUID()"),
        *("bson.ObjectId()", "bson.objectid.ObjectId()"),
    )
)

BROKEN = {
    "main.py": """
from datetime import datetime

import httpx
import requests
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


def load() -> Item:
    return Item(name="a")


@app.get("/item")
def item():
    return JSONResponse(content=load())


@app.get("/items")
def items():
    return JSONResponse({"items": [Item(name="a"), Item(name="b")]})


@app.get("/all")
def every():
    found = [Item(name=name) for name in ("a", "b")]
    return JSONResponse(status_code=200, content=found)


@app.get("/now")
def now():
    return JSONResponse({"now": datetime.now()})


def named() -> tuple[str, Item] | None:
    return "a", load()


@app.get("/named")
def read_named():
    name, item = named()
    return JSONResponse({name: item})


@app.get("/error")
def error():
    raise HTTPException(status_code=409, detail=load())


@app.get("/stock")
def stock():
    answer = requests.post("https://stock.example/all")
    return answer


@app.get("/price")
async def price():
    async with httpx.AsyncClient() as client:
        return await client.get("https://stock.example/price")
""",
}
FIXED = {
    "main.py": """
from datetime import datetime

import httpx
import requests
from fastapi import FastAPI, HTTPException
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, ORJSONResponse
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


class Name(str):
    pass


class Encoded(JSONResponse):
    def render(self, content):
        return super().render(jsonable_encoder(content))


def load() -> Item:
    return Item(name="a")


def renewed() -> tuple[Item, str]:
    return load(), "a"


def found(name):
    return load(), encoded_name(name)


@app.get("/renewed")
async def read_renewed():
    item, token = renewed()
    _, name = found(token)
    pair: tuple[Item, int] = stored()
    return JSONResponse({"token": token, "name": name, "count": pair[1]})


@app.get("/item")
def item():
    return JSONResponse(content=load().model_dump(mode="json"))


@app.get("/items")
def items():
    return JSONResponse({"items": jsonable_encoder([load()]), "name": Name("a"), "count": 2})


@app.get("/now")
def now():
    return JSONResponse({"now": datetime.now().isoformat(), "text": str(load()), "has": bool(load())})


@app.get("/encoded")
def encoded():
    return Encoded(load())


async def check() -> Item:
    return {"name": "a"}


@app.get("/check")
async def read_check():
    found = await check()
    return JSONResponse(found, 200 if found["name"] else 500)


@app.get("/fast")
def fast():
    return ORJSONResponse({"now": datetime.now()})


def ask() -> requests.Response:
    return requests.get("https://stock.example/all")


@app.get("/stock")
def stock():
    return ask().json()


@app.get("/price")
async def price():
    async with httpx.AsyncClient() as client:
        answer = await client.get("https://stock.example/price")
    return answer.json()


@app.get("/text")
def text():
    answer = requests.get("https://stock.example/text")
    answer = answer.text
    return answer


@app.get("/model")
def model():
    if not load():
        raise HTTPException(status_code=404, detail={"name": load().name})
    return load()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what is given to `json.dumps` and is refused by it, and the responses that an endpoint hands on."""
    yield from _handed_on(project)
    for function in project.functions:
        for call in function.body.calls:
            given = PLAIN.get(project.path(call.func, function))
            content = argument(call, *given) if given is not None else None
            refused = _refused(project, content, function) if content is not None else None
            if refused is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{short(call.func)}() cannot turn {short(refused, 40)} into JSON",
                )


def _handed_on(project: Project) -> Iterator[Sighting]:
    for function in project.called_as("path operation"):
        for statement in function.body.returns:
            given = statement.value
            if isinstance(given, ast.Name):
                given = _only(given.id, function)
            value = project.value(given, function) if given is not None else None
            if isinstance(value, str) and value.endswith("()") and method_of(value.removesuffix("()")):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=statement,
                    severity="error",
                    message=f"{function.qualname} returns what {value} gave, a Response object, and not what is in it",
                )


def _refused(project: Project, node: ast.expr, function: Function) -> ast.expr | None:
    """Return the part of what becomes JSON that cannot."""
    if isinstance(node, ast.Dict):
        parts = (_refused(project, item, function) for item in node.values)
        return next((part for part in parts if part is not None), None)
    if isinstance(node, (ast.List, ast.Tuple)):
        parts = (_refused(project, item, function) for item in node.elts)
        return next((part for part in parts if part is not None), None)
    if isinstance(node, ast.ListComp):
        return _refused(project, node.elt, function)
    if isinstance(node, ast.Name) and isinstance(
        written := _only(node.id, function), (ast.Dict, ast.List, ast.ListComp)
    ):
        return _refused(project, written, function)
    value = project.value(node, function)
    made = value.of if isinstance(value, Elements) else value
    if isinstance(made, Instance):
        is_object = is_model(project, made.of) or is_mapped(project, made.of)
        if not is_object or _may_be_plain(project, node, function):
            return None
        return node if not (made is value and _is_read_by_key(project, node, made, function)) else None
    return node if made in REFUSED else None


def _is_read_by_key(project: Project, node: ast.expr, made: Instance, function: Function) -> bool:
    """Return whether a function reads `value["key"]`, so that it is a dictionary, whatever an annotation says of it."""
    read = any(isinstance(node, ast.Name) and ast.unparse(item.value) == node.id for item in function.body.subscripts)
    return read and not isinstance(project.inference.method(made.of, "__getitem__"), Function)


def _may_be_plain(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether a name is the part of a tuple that a function gives back in two ways, as with an object or a text.

    Which of them it is, another part of the tuple tells.
    """
    written = _only(node.id, function) if isinstance(node, ast.Name) else None
    if not (isinstance(written, ast.Subscript) and isinstance(written.slice, ast.Constant)):
        return False
    call, index = written.value, written.slice.value
    call = call.value if isinstance(call, ast.Await) else call
    called = called_function(project, call, function) if isinstance(call, ast.Call) else None
    given = [item.value.elts for item in called.body.returns if isinstance(item.value, ast.Tuple)] if called else []
    parts = [elements[index] for elements in given if isinstance(index, int) and index < len(elements)]
    return any(not isinstance(project.value(part, called), Instance) for part in parts) if called else False


def _only(name: str, function: Function) -> ast.expr | None:
    values = function.body.assigned.get(name, ())
    return values[0] if len(values) == 1 else None
