"""Whether there is a response for server-sent events, and whether it tells nginx not to buffer."""

CLAIMS = ["Since FastAPI 0.135"]
SEEN = {"fastapi-0.121": "none", "now": "no"}

from asgi import get
from fastapi import FastAPI

app = FastAPI()
try:
    from fastapi.sse import EventSourceResponse
except ImportError:
    print("none")
else:

    @app.get("/", response_class=EventSourceResponse)
    async def events():
        yield "one"

    start = get(app).sent[0]
    print(dict(start["headers"])[b"x-accel-buffering"].decode())
