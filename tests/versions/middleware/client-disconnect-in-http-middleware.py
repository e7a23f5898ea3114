"""What a stack of BaseHTTPMiddleware says when the client leaves before the answer."""

CLAIMS = ["Since Starlette 0.21"]
SEEN = {"fastapi-0.73": "RuntimeError", "fastapi-0.96": "quiet", "now": "quiet"}

import asyncio

from asgi import Conversation, call, scope
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response
from starlette.routing import Route


async def read(request):
    await asyncio.sleep(0.1)
    return Response()


async def dispatch(request, call_next):
    return await call_next(request)


app = Starlette(routes=[Route("/", read)])
for _ in range(3):
    app.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
conversation = Conversation([{"type": "http.request", "body": b"", "more_body": False}], {"type": "http.disconnect"})
print(call(app, conversation, scope("http", "/")) or "quiet")
