"""Whether the endpoint still gets the body that a BaseHTTPMiddleware has read."""

CLAIMS = ["Since Starlette 0.28"]
SEEN = {"fastapi-0.105": "TimeoutError", "fastapi-0.117": "hello", "now": "hello"}

from asgi import Conversation, call, scope
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response
from starlette.routing import Route


async def echo(request):
    return Response(await request.body())


async def dispatch(request, call_next):
    await request.body()
    return await call_next(request)


app = Starlette(routes=[Route("/", echo, methods=["POST"])])
app.add_middleware(BaseHTTPMiddleware, dispatch=dispatch)
conversation = Conversation([{"type": "http.request", "body": b"hello", "more_body": False}])
failure = call(app, conversation, scope("http", "/", [(b"content-type", b"text/plain")]))
print(failure or b"".join(message.get("body", b"") for message in conversation.sent).decode())
