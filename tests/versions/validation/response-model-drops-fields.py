"""Which member of a union an answer is given that fits both, and the second better."""

CLAIMS = ["Since Pydantic 2"]
SEEN = {
    "fastapi-0.96": '{"name":"rex"}',
    "fastapi-0.105": '{"name":"rex","bark":"wau"}',
    "now": '{"name":"rex","bark":"wau"}',
}

from typing import Union

from asgi import get
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Animal(BaseModel):
    name: str


class Dog(Animal):
    bark: str


@app.get("/", response_model=Union[Animal, Dog])
def read():
    return Dog(name="rex", bark="wau")


print(b"".join(message.get("body", b"") for message in get(app).sent).decode())
