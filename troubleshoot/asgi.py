"""For development: a middleware that shows, in place of a bare 500, what an unhandled exception comes from.

`app.add_middleware(troubleshoot.asgi.Explain)`; nothing else of the package is imported before the first exception.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from troubleshoot.running.failures import Explainer

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

STATUS = 500
REFUSED = (
    "troubleshoot.asgi.Explain shows tracebacks to whoever asks, so it starts in debug mode alone: "
    "FastAPI(debug=True), or force=True to have it all the same"
)


class Explain:
    """Answers a request whose exception nobody handles with its cause and fix: HTML for a browser, JSON otherwise.

    The exception is raised again afterwards, so that logs and test clients see what they saw before. Where a response
    has begun already, nothing is added to it. Outside debug mode it refuses to start, unless `force` is true.
    """

    def __init__(self, app: ASGIApp, force: bool = False) -> None:
        self.app = app
        self.force = force
        self._explainer: Explainer | None = None
        self._lock = Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass everything on, and look at what comes back as an exception. Raises `RuntimeError` outside debug mode."""
        if not self.force and not getattr(scope.get("app"), "debug", False):
            if scope["type"] == "lifespan":
                # An exception alone would be taken for: this application knows no lifespan.
                await receive()
                await send({"type": "lifespan.startup.failed", "message": REFUSED})
            raise RuntimeError(REFUSED)
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if not has_begun:
                await self._answer(error, _is_browser(scope), send)
            raise

    async def _answer(self, error: Exception, is_browser: bool, send: Send) -> None:
        # What every application on Starlette has; a diagnosis would hold up the event loop.
        from anyio import to_thread

        media_type, body = await to_thread.run_sync(self._page, error, is_browser)
        headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": STATUS, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _page(self, error: Exception, is_browser: bool) -> tuple[bytes, bytes]:
        from troubleshoot.running import pages
        from troubleshoot.running.failures import Explainer

        with self._lock:
            # Several requests may fail at once, and the knowledge is loaded for all of them.
            explainer = self._explainer = self._explainer or Explainer()
        page = pages.look_at(error, explainer)
        if is_browser:
            return b"text/html; charset=utf-8", pages.as_html(page).encode(errors="replace")
        return b"application/json", pages.as_json(page).encode(errors="replace")


def _is_browser(scope: Message) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
