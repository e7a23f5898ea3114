"""The probe shows what a refused request has brought, and changes no answer."""

import requests

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench

MAIN = """
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Query, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    name: str


@app.post("/users")
async def create_user(user: User) -> User:
    return user


@app.post("/files")
async def upload(picture: UploadFile, title: Annotated[str, Form()]) -> str:
    return title


@app.get("/numbers")
async def read_numbers(ids: Annotated[list[int], Query()]) -> list[int]:
    if not ids[0]:
        raise HTTPException(404)
    return ids


{more}
from request_fields import show_refused

show_refused(app)
"""
OWN_HANDLER = """
@app.exception_handler(RequestValidationError)
def refuse(request, error):
    return PlainTextResponse("mine", status_code=400)

"""


def lay_out(folder, more):
    content = find_content()
    snippet = Renderer(content, load(content)).probe("request-fields", {"module": "main:app"})
    assert snippet.file_name == "request_fields.py"
    (folder / snippet.file_name).write_text(snippet.text)
    (folder / "main.py").write_text(MAIN.replace("{more}", more))
    return Bench(folder, fixed=False)


def shown(log):
    return [line for line in log.splitlines() if not line.startswith("INFO")]


def test_the_probe_shows_what_has_arrived_and_what_was_looked_for(tmp_path):
    with lay_out(tmp_path, "").server() as server:
        answers = [
            requests.post(server.url("/users"), json={"userName": "ann"}, timeout=5),
            requests.post(server.url("/users"), timeout=5),
            requests.post(server.url("/files"), data={"title": "x"}, files={"file": b"p"}, timeout=5),
            requests.post(server.url("/files"), data=b"x", headers={"Content-Type": "multipart/form-data"}, timeout=5),
            requests.get(server.url("/numbers"), params={"ids": "1,2"}, timeout=5),
            requests.get(server.url("/numbers"), params={"ids": "0"}, timeout=5),
            requests.get(server.url("/numbers"), params={"ids": "1"}, timeout=5),
        ]
        log = shown(server.log)
    assert [answer.status_code for answer in answers] == [422, 422, 422, 400, 422, 404, 200]
    assert answers[0].json()["detail"][0]["loc"] == ["body", "name"]
    boundary = log[4].partition("boundary=")[2].partition(";")[0]
    assert log == [
        "POST /users: application/json; in the query nothing; in the body userName",
        "  body name: Field required, came {'userName': 'ann'}",
        "POST /users: no content type; in the query nothing; in the body nothing",
        "  body (as a whole): Field required, came None",
        f"POST /files: multipart/form-data; boundary={boundary}; in the query nothing; in the body title, file",
        "  body picture: Field required, came None",
        "POST /files: multipart/form-data; in the query nothing; in the body Missing boundary in multipart.",
        "GET /numbers: no content type; in the query ids; in the body nothing",
        "  query ids.0: Input should be a valid integer, unable to parse string as an integer, came '1,2'",
    ]


def test_the_probe_leaves_the_answers_of_own_handlers(tmp_path):
    with lay_out(tmp_path, OWN_HANDLER).server() as server:
        answer = requests.post(server.url("/users"), json={"userName": "ann"}, timeout=5)
        log = shown(server.log)
    assert (answer.status_code, answer.text) == (400, "mine")
    assert log[0] == "POST /users: application/json; in the query nothing; in the body userName"
