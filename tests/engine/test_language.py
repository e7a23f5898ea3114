"""Only English is understood, which is said of everything else; versions that are named in it are taken in."""

import json

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.sources.language import in_latin, is_foreign, other_framework
from troubleshoot.sources.words import read_words
from troubleshoot.versions.prose import versions_said

WORDS = read_words(find_content().knowledge)
FOREIGN = [
    "Wenn ich die Anwendung starte, bekommt der Browser keine Antwort und alle Anfragen warten auf die langsame",
    "Cuando inicio la aplicación todas las peticiones se quedan esperando a la primera y el servidor no responde",
    "Quand je lance l'application, la connexion à la base de données est perdue après quelques minutes",
    "ao iniciar a aplicação com docker o websocket desconecta depois de um minuto sem nenhum erro no log",
    "当我启动应用程序时，所有请求都会等待第一个请求完成 FastAPI",
    "Приложение не отвечает на запросы после перезапуска контейнера",
]
ENGLISH = [
    "every request waits while one of them is in progress",
    "TypeError: issubclass() arg 1 must be a class when starting uvicorn main:app reload python pydantic",
    "websocket drops after sixty seconds behind nginx proxy",
    "422",
    "",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_noticed(text):
    assert is_foreign(text, WORDS.numbers)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_english_however_terse(text):
    assert not is_foreign(text, WORDS.numbers)


def test_it_is_said_and_the_errors_in_it_count(run):
    text = f"{FOREIGN[0]}:\n\nsqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called\n"
    code, out, _ = run("answer", text, "--format", "json")
    answer = json.loads(out)
    assert [item["why"] for item in answer["skipped"]] == [
        "it is not in English, so its own words are not understood; English in it, errors, logs and source are"
    ]
    assert code == 4
    assert answer["diagnosis"][0]["cause"].startswith("database/")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("接口不带 trailing slash 返回 307 Temporary Redirect", (" trailing slash .  307 Temporary Redirect",)),
        ("Приложение отвечает 307", ()),
        ("Wenn ich die Anwendung starte, bekommt der Browser keine Antwort", ()),
    ],
)
def test_what_is_named_in_english_between_another_script_is_kept(text, kept):
    assert in_latin([text]) == kept


def test_what_is_named_in_english_in_another_script_is_understood(run):
    text = "使用 gunicorn 启动 4 workers 后，全局变量 global dict 在不同 request 之间不一致，有时能读到有时读不到。单 worker 没问题。"
    _, out, _ = run("answer", text, "--format", "json")
    assert json.loads(out)["diagnosis"][0]["cause"] == "deployment/state-not-shared-across-workers"


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("fastapi==0.54.1 breaks", {"fastapi": "0.54.1"}),
        ("I use FastAPI 0.95 and Pydantic v2", {"fastapi": "0.95.*", "pydantic": "2.*"}),
        ("Python 3.8 on Windows", {"python": "3.8.*"}),
        ("FastAPI Version\n0.70.0\nPython Version\n3.9.7", {"fastapi": "0.70.0", "python": "3.9.7"}),
        ("- FastAPI Version [e.g. 0.3.0]: 0.61.1\n- Python version: 3.8.5", {"fastapi": "0.61.1", "python": "3.8.5"}),
        ("since upgrading Starlette from 0.27.0 to 0.36.3", {"starlette": "0.36.3"}),
        ("works with pydantic 1.10 but not with pydantic 2", {"pydantic": "2.*"}),
        ("pip install 'fastapi[all]==0.70.0'", {"fastapi": "0.70.0"}),
        ("FastAPI 0.65.1 was ok", {}),
        ("uvicorn 4 workers, python -m uvicorn main:app --port 8000", {}),
        ("we started with fastapi 2 weeks ago", {}),
    ],
)
def test_versions_are_read_as_people_name_them(text, versions):
    assert dict(versions_said(text)) == versions


FORM = """Style sheet of the page does not load

### First Check

- [X] I searched the documentation.

### Example Code

```python
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates

templates = Jinja2Templates(directory="pages")
app = FastAPI()


@app.get("/")
def index(request: Request):
    return templates.TemplateResponse("index.html", {"request": request})
```

### Operating System

Windows

### FastAPI Version

0.78.0

### Python Version

3.9.7
"""


def test_the_fields_of_a_form_are_versions_and_nothing_else(run):
    _, out, _ = run("answer", FORM, "--format", "json")
    answer = json.loads(out)

    assert {name: found["version"] for name, found in answer["versions"].items()} == {
        "fastapi": "0.78.0",
        "python": "3.9.7",
    }
    # The order that only Starlette 1 refuses is no mistake with a FastAPI that requires an older one.
    assert all(item["cause"] != "validation/template-response-signature" for item in answer["diagnosis"][:1])


@pytest.mark.parametrize(
    ("text", "beside", "other"),
    [
        ("My Flask view answers 500 after the upgrade", "", "Flask"),
        ("The Django admin refuses the login", "Forbidden (403): CSRF verification failed", "Django"),
        ("I came from Flask, and my FastAPI endpoint answers 422", "", ""),
        ("I want a middleware that checks the token, as in Express, but all I get is 500", "", ""),
        ("my middleware works like in Django, yet a response of its own never arrives", "", ""),
        ("call_next raises in my middleware, in Express this was easy", "", ""),
        ("Like in Django the request hangs", "INFO: Uvicorn running on http://127.0.0.1:8000", ""),
        ("The flask of coffee is empty", "", ""),
        ("The endpoint answers 422", "", ""),
    ],
)
def test_a_text_about_another_framework_is_seen(text, beside, other):
    assert other_framework(text, beside) == other


def test_it_is_not_diagnosed_as_if_it_were_ours(run):
    complaint = "task object passed to add_task is called at once instead of after the response, in {}"
    _, ours, _ = run("answer", complaint.format("FastAPI"), "--format", "json")
    _, other, _ = run("answer", complaint.format("Flask"), "--format", "json")
    assert json.loads(ours)["diagnosis"][0]["cause"] == "background-tasks/task-called-not-passed"
    assert (json.loads(other)["status"], json.loads(other)["diagnosis"]) == ("unknown", [])
