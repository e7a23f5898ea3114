"""Forms that JavaScript and curl send are compared with the endpoint that is pasted beside them."""

import json

import pytest

from troubleshoot.sources.clients import forms_in

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
    told = forms_in(text)
    assert told == "" if not fields else f"files={{{fields}}})" in told and "/pictures/'" in told


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
