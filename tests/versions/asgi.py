"""An application called without a server: a request, or a WebSocket, as messages in and messages out."""

import asyncio
from typing import Any

LIMIT = 3.0


class Conversation:
    """What goes in, and what came out; when nothing is left to go in, the client stays silent, or has left."""

    def __init__(self, messages: list[dict[str, Any]], last: "dict[str, Any] | None" = None) -> None:
        self.messages = messages
        self.last = last
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.messages:
            return self.messages.pop(0)
        if self.last is None:
            await asyncio.sleep(3600)
        assert self.last is not None
        return self.last

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> Any:
        return next((message["status"] for message in self.sent if "status" in message), None)


def scope(kind: str, path: str, headers: "list[tuple[bytes, bytes]] | None" = None) -> dict[str, Any]:
    """Return the scope of a request (`http`) or a WebSocket (`websocket`)."""
    own = {"method": "POST" if headers else "GET"} if kind == "http" else {"subprotocols": []}
    return {
        "type": kind, "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [(b"host", b"test"), *(headers or [])], "client": ("test", 1), "server": ("test", 80),
        "state": {}, **own,
    }  # fmt: skip


def call(app: Any, conversation: Conversation, scope: dict[str, Any]) -> str:
    """Run `app`; return nothing, or the name of the exception it ended in, `TimeoutError` if it did not end."""

    async def run() -> str:
        try:
            await asyncio.wait_for(app(scope, conversation.receive, conversation.send), LIMIT)
        except asyncio.TimeoutError:
            return "TimeoutError"
        except BaseException as error:
            return type(error).__name__
        return ""

    return asyncio.run(run())


def get(app: Any, path: str = "/") -> Conversation:
    """Send a GET and return the conversation."""
    conversation = Conversation([{"type": "http.request", "body": b"", "more_body": False}])
    call(app, conversation, scope("http", path))
    return conversation


def connect(app: Any, path: str = "/", last: "dict[str, Any] | None" = None) -> Conversation:
    """Open a WebSocket and return the conversation."""
    conversation = Conversation([{"type": "websocket.connect"}], last)
    call(app, conversation, scope("websocket", path))
    return conversation
