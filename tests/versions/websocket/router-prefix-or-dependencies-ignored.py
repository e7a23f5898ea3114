"""Whether the dependencies of a router run, and its prefix counts, for its WebSocket."""

CLAIMS = ["Since FastAPI 0.75.2", "Since FastAPI 0.97"]
SEEN = {"fastapi-0.73": "no prefix", "fastapi-0.96": "ignored", "fastapi-0.105": "run", "now": "run"}

from asgi import connect
from fastapi import APIRouter, Depends, FastAPI, WebSocket

seen = []
router = APIRouter(prefix="/api", dependencies=[Depends(lambda: seen.append("run"))])


@router.websocket("/ws")
async def endpoint(websocket: WebSocket):
    await websocket.accept()
    await websocket.close()


app = FastAPI()
app.include_router(router)
accepted = "websocket.accept" in [message["type"] for message in connect(app, "/api/ws").sent]
print(*(seen or ["ignored"]) if accepted else ["no prefix"])
