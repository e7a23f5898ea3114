"""What becomes of an HTTPException before accept(), where the server can answer the handshake."""

CLAIMS = ["Since Starlette 0.41"]
SEEN = {"fastapi-0.105": "no answer", "fastapi-0.117": "404", "now": "404"}

from asgi import Conversation, call, scope
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import WebSocketRoute


async def endpoint(websocket):
    raise HTTPException(404)


app = Starlette(routes=[WebSocketRoute("/", endpoint)])
conversation = Conversation([{"type": "websocket.connect"}])
call(app, conversation, {**scope("websocket", "/"), "extensions": {"websocket.http.response": {}}})
print(conversation.status or "no answer")
