"""What a send to a client that has left raises, when the server says so."""

CLAIMS = ["Since Starlette 0.36"]
SEEN = {"fastapi-0.105": "OSError", "fastapi-0.117": "WebSocketDisconnect", "now": "WebSocketDisconnect"}

from asgi import Conversation, call, scope
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

seen = []


async def endpoint(websocket):
    await websocket.accept()
    try:
        await websocket.send_text("hello")
    except Exception as error:
        seen.append(type(error).__name__)


class Left(Conversation):
    async def send(self, message):
        if message["type"] == "websocket.send":
            raise OSError
        await super().send(message)


app = Starlette(routes=[WebSocketRoute("/", endpoint)])
call(app, Left([{"type": "websocket.connect"}]), scope("websocket", "/"))
print(*seen)
