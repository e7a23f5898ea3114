"""What a route answers when a server puts the root path in front of the path, as uvicorn does since 0.26."""

CLAIMS = ["Since FastAPI 0.109"]
SEEN = {"fastapi-0.105": "404", "fastapi-0.117": "200", "now": "200"}

from asgi import Conversation, call, scope
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
async def read_items() -> str:
    return "ok"


conversation = Conversation([{"type": "http.request"}])
call(app, conversation, {**scope("http", "/api/items"), "root_path": "/api"})
print(conversation.status)
