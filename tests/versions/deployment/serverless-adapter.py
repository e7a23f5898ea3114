"""What a route answers when a wrapper puts the stage, which the path begins with, into the scope as `root_path`."""

CLAIMS = ["Since FastAPI 0.109"]
SEEN = {"fastapi-0.105": "404", "fastapi-0.117": "200", "now": "200"}

from asgi import Conversation, call, scope
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
async def read_items() -> str:
    return "ok"


async def at_stage(scope, receive, send):
    await app({**scope, "root_path": "/dev"}, receive, send)


conversation = Conversation([{"type": "http.request"}])
call(at_stage, conversation, scope("http", "/dev/items"))
print(conversation.status)
