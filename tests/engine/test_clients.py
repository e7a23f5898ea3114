"""Forms that JavaScript and curl send are compared with the endpoint that is pasted beside them."""

import json

import pytest

from troubleshoot.sources.clients import requests_in

SCRIPT = """
const form = new FormData()
form.append("photo", input.files[0])
await axios.post(`http://localhost:8000/pictures/`, form)
"""
CURL = """curl -X POST http://localhost:8000/pictures/ \\
  -F "photo=@cat.jpg" -F title=Cat
"""
ENDPOINT = """Sending a picture gives 422 Unprocessable Entity.

```
@app.post("/pictures/")
async def store({name}: UploadFile = File(...)):
    return {name}.filename
```

```
{client}
```
"""


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (SCRIPT, "'photo': b''"),
        (CURL, "'photo': b'', 'title': b''"),
        ("items.append('photo')\nrequests.post('/pictures/')\n", ""),
        ("fetch('/pictures/', {method: 'POST', body: form})", ""),
        ("form.append('photo', file)", ""),
    ],
)
def test_what_a_client_sends_is_told_in_python(text, fields):
    told = requests_in(text)
    assert "files=" not in told if not fields else f"files={{{fields}}})" in told and "/pictures/'" in told


@pytest.mark.parametrize("client", [SCRIPT, CURL])
def test_a_field_of_another_name_is_found(client, run):
    result = json.loads(run("answer", ENDPOINT.format(name="image", client=client), "--format", "json")[1])
    first = result["diagnosis"][0]
    assert first["cause"] == "validation/field-name-differs"
    assert any("store looks for image" in reason["what"] for reason in first["reasons"])


@pytest.mark.parametrize("client", [SCRIPT, CURL])
def test_a_field_of_that_name_is_not(client, run):
    result = json.loads(run("answer", ENDPOINT.format(name="photo", client=client), "--format", "json")[1])
    assert not any("looks for" in reason["what"] for cause in result["diagnosis"] for reason in cause["reasons"])


REFUSAL = """The upload is refused with 422:

{{"detail":[{{"type":"missing","loc":["body","{name}"],"msg":"Field required","input":null}}]}}

In the page I call form.append("photo", chosen) and axios.post(url, form).
"""


def test_a_refusal_that_looks_for_another_name_is_compared(run):
    result = json.loads(run("answer", REFUSAL.format(name="image"), "--format", "json")[1])
    first = result["diagnosis"][0]
    assert first["cause"] == "validation/field-name-differs"
    assert any("sent as photo; endpoint looks for image" in reason["what"] for reason in first["reasons"])
    # Nobody has shown how the endpoint is written.
    assert not any("that you show" in reason["what"] for cause in result["diagnosis"] for reason in cause["reasons"])


def test_a_refusal_of_the_name_that_is_sent_is_not(run):
    result = json.loads(run("answer", REFUSAL.format(name="photo"), "--format", "json")[1])
    assert not any("looks for" in reason["what"] for cause in result["diagnosis"] for reason in cause["reasons"])


MODEL = """
```python
class Person(BaseModel):
    first_name: str
    last_name: str


@app.post("/people")
def add(person: Person):
    return person


@app.post("/search")
def search(word: str, most: int = 9):
    return word


@app.post("/token")
def login(form: OAuth2PasswordRequestForm = Depends()):
    return form.username
```
"""


@pytest.mark.parametrize(
    ("client", "cause"),
    [
        (
            'fetch("/people", {method: "POST", headers: {"Content-Type": "application/json"}, '
            "body: JSON.stringify({firstName: first, lastName: last})})",
            "validation/field-name-differs",
        ),
        ('axios.post("/people", {firstName: first, lastName: last})', "validation/field-name-differs"),
        ("axios.post('/search', {word, most: 3})", "validation/body-declared-as-query"),
        (
            'requests.post("http://localhost:8000/search", json={"word": "a", "most": 1}) gives 422',
            "body-declared-as-query",
        ),
        ("axios.post('/token', {username, password})", "security/oauth2-form-expected"),
        (
            "fetch('/people', {method: 'POST', body: JSON.stringify({first_name: 'A', last_name: 'B'})})",
            "validation/json-content-type-missing",
        ),
        (
            'curl -X POST http://localhost:8000/people -d \'{"first_name": "A", "last_name": "B"}\'',
            "validation/json-content-type-missing",
        ),
        ("curl -X POST http://localhost:8000/people", "validation/client-sends-no-body"),
        ("curl http://localhost:8000/people", "routing/method-not-allowed"),
        ("axios.get('/search')", "routing/method-not-allowed"),
    ],
)
def test_a_request_is_compared_with_its_endpoint(client, cause, run):
    result = json.loads(run("answer", f"It is refused.\n{MODEL}\nI call {client}", "--format", "json")[1])
    first = result["diagnosis"][0]
    assert first["cause"].endswith(cause)
    assert any(reason["location"] for reason in first["reasons"])


@pytest.mark.parametrize(
    "client",
    [
        'fetch("/people", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(form)})',
        'axios.post("/people", {first_name: first, ...rest})',
        'axios.post("/people", {first_name: "A", last_name: "B"})',
        "curl -X POST http://localhost:8000/token -d 'username=a&password=b'",
        "axios.post(`/search?word=a&most=1`)",
        "requests.post('http://localhost:8000/people', json={'first_name': 'A', 'last_name': 'B', 'more': 1})",
    ],
)
def test_a_request_that_fits_or_is_not_all_told_is_no_mistake(client, run):
    result = json.loads(run("answer", f"It is refused.\n{MODEL}\nI call {client}", "--format", "json")[1])
    shown = [reason["what"] for cause in result["diagnosis"] for reason in cause["reasons"] if reason["location"]]
    assert not [what for what in shown if "request" in what or "is called with" in what]
