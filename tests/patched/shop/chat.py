"""A chat, with one mistake: nobody expects a client to leave."""

from fastapi import FastAPI, WebSocket

app = FastAPI()
connections: list[WebSocket] = []


@app.websocket("/chat")
async def chat(websocket: WebSocket):
    await websocket.accept()
    connections.append(websocket)
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(f"received: {text}")


@app.get("/connections")
def count_connections() -> int:
    return len(connections)
