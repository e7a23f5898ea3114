"""Whether the response is complete before the background task has ended, below a BaseHTTPMiddleware."""

CLAIMS = ["Since Starlette 0.29"]
SEEN = {"fastapi-0.105": "held open", "fastapi-0.117": "complete", "now": "complete"}

import asyncio

from asgi import Conversation, call, scope
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

conversation = Conversation([{"type": "http.request", "body": b"", "more_body": False}])
seen = []


async def task():
    await asyncio.sleep(0.2)
    seen.append("held open" if conversation.sent[-1].get("more_body", True) else "complete")


async def read(request):
    return PlainTextResponse("hello", background=BackgroundTask(task))


async def dispatch(request, call_next):
    return await call_next(request)


app = Starlette(routes=[Route("/", read)])
app.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
call(app, conversation, scope("http", "/"))
print(*seen)
