"""What becomes of the error when a WebSocket's parameters are wrong."""

CLAIMS = ["Since FastAPI 0.97"]
SEEN = {
    "fastapi-0.96": "WebSocketRequestValidationError",
    "fastapi-0.105": "closed with 1008",
    "now": "closed with 1008",
}

from asgi import Conversation, call, scope
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/")
async def endpoint(websocket: WebSocket, room: int):
    await websocket.accept()


conversation = Conversation([{"type": "websocket.connect"}])
failure = call(app, conversation, scope("websocket", "/"))
print(failure or f"closed with {conversation.sent[-1]['code']}")
