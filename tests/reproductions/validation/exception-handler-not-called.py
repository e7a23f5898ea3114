"""Handlers for FastAPI's own class, on the outer application only, and one that cannot turn its errors into JSON."""

from troubleshoot.testing import Bench

# A handler for a status sees one status, one for Exception no HTTPException at all.
BY_STATUS = """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


async def answer_missing(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": "Not Found"}, status_code=404)


async def answer_anything(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": "invalid request"}, status_code=422)


def add_error_handlers(*apps: FastAPI) -> None:
    for app in apps:
        app.add_exception_handler(404, answer_missing)
        app.add_exception_handler(422, answer_anything)
        app.add_exception_handler(Exception, answer_anything)


"""
WRONG = {
    "handlers for statuses and for Exception": BY_STATUS,
    "Starlette's class on the outer application": [
        ("from fastapi import FastAPI, HTTPException, Request", "from fastapi import FastAPI, Request"),
        (
            "from fastapi.responses import JSONResponse\n",
            "from fastapi.responses import JSONResponse\nfrom starlette.exceptions import HTTPException\n",
        ),
    ],
}

# --- broken ---
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


async def answer_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


async def answer_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return JSONResponse({"error": "invalid request", "details": error.errors()}, status_code=422)


def add_error_handlers(*apps: FastAPI) -> None:
    apps[0].add_exception_handler(HTTPException, answer_http_error)
    apps[0].add_exception_handler(RequestValidationError, answer_invalid_request)


# --- application ---
from fastapi import FastAPI
from fastapi import HTTPException as EndpointError
from pydantic import BaseModel, field_validator

app = FastAPI()
api = FastAPI()


class Item(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def no_spaces(cls, value: str) -> str:
        if " " in value:
            raise ValueError("no spaces")
        return value


@api.get("/items/{item_id}")
async def read_item(item_id: int) -> Item:
    raise EndpointError(404, "No such item")


@api.get("/unchanged")
async def unchanged() -> None:
    raise EndpointError(304)


@app.post("/items")
async def create_item(item: Item) -> Item:
    return item


app.mount("/api", api)
add_error_handlers(app, api)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        answers = [
            requests.get(server.url("/nowhere"), timeout=30),
            requests.get(server.url("/items"), timeout=30),
            requests.post(server.url("/items"), json={}, timeout=30),
            requests.post(server.url("/items"), json={"name": "a b"}, timeout=30),
            requests.post(server.url("/items"), data=b"\xff", timeout=30),
            requests.get(server.url("/api/items/1"), timeout=30),
            requests.get(server.url("/api/nowhere"), timeout=30),
        ]
        unchanged = requests.get(server.url("/api/unchanged"), timeout=30)
        assert "Content-Length" not in server.log
    assert [answer.status_code for answer in answers] == [404, 405, 422, 422, 422, 404, 404]
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    errors = [answer.json().get("error") for answer in answers]
    assert errors == [
        "Not Found",
        "Method Not Allowed",
        "invalid request",
        "invalid request",
        "invalid request",
        "No such item",
        "Not Found",
    ]
