"""Whether Pydantic or `json.dumps` writes an answer with a return type."""

CLAIMS = ["Since FastAPI 0.130"]
SEEN = {"fastapi-0.105": "json", "fastapi-0.121": "json", "now": "pydantic"}

import json

from asgi import get
from fastapi import FastAPI
from pydantic import BaseModel

used = []
original = json.dumps


def watched(*arguments, **options):
    used.append("json")
    return original(*arguments, **options)


class Item(BaseModel):
    name: str


app = FastAPI()


@app.get("/")
def read() -> Item:
    return Item(name="a")


json.dumps = watched
get(app)
print(used[0] if used else "pydantic")
