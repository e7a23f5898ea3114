"""A key check written as HTTP middleware lets every WebSocket through."""

from troubleshoot.testing import Bench, get

ADDED = "app.add_middleware(RequireKeyMiddleware)\n"
WRONG = {
    '@app.middleware("websocket")': [
        (ADDED, f'{ADDED}app.middleware("websocket")(RequireKeyMiddleware(app).dispatch)\n')
    ],
    "any key will do": """
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.websockets import WebSocketClose


class RequireKeyMiddleware:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "lifespan" or "x-api-key" in Headers(scope=scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await JSONResponse({"detail": "a valid X-API-Key is needed"}, 401)(scope, receive, send)
        else:
            await WebSocketClose(1008)(scope, receive, send)


""",
    "refusing after accept": [
        (
            "    await websocket.accept()\n",
            """    await websocket.accept()
    if websocket.headers.get("x-api-key") != "secret":
        await websocket.send_text("a valid X-API-Key is needed")
        await websocket.close(1008)
        return
""",
        )
    ],
}

# --- broken ---
from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class RequireKeyMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if request.headers.get("x-api-key") != "secret":
            return JSONResponse({"detail": "a valid X-API-Key is needed"}, status_code=401)
        return await call_next(request)


# --- application ---
from fastapi import FastAPI, WebSocket

app = FastAPI()
app.add_middleware(RequireKeyMiddleware)


@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


@app.websocket("/ws")
async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with bench.server(env={"API_KEY": "secret"}) as server:
        assert get(server.url("/items"))[0] == 401
        assert get(server.url("/items"), headers={"X-API-Key": "wrong"})[0] == 401
        assert get(server.url("/items"), headers={"X-API-Key": "secret"})[0] == 200
        with connect(server.ws("/ws"), additional_headers={"X-API-Key": "secret"}) as client:
            assert client.recv() == "hello"
        for headers in ({}, {"X-API-Key": "wrong"}):
            status = 101
            try:
                with connect(server.ws("/ws"), additional_headers=headers) as client:
                    client.recv()
            except InvalidStatus as error:
                status = error.response.status_code
            assert status == 403, headers
