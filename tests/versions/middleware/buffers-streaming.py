"""How many pieces of a stream leave GZipMiddleware before the stream has ended."""

CLAIMS = ["Since Starlette 1.5"]
SEEN = {"fastapi-0.105": "kept back", "fastapi-0.121": "kept back", "now": "sent"}

import asyncio
import gzip
import io

from asgi import Conversation, call, scope
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import StreamingResponse

seen = []
conversation = Conversation([{"type": "http.request", "body": b"", "more_body": False}])


async def pieces():
    yield b"first"
    await asyncio.sleep(0.05)
    sent = b"".join(message.get("body", b"") for message in conversation.sent)
    try:
        arrived = gzip.GzipFile(fileobj=io.BytesIO(sent)).read(5) if sent else b""
    except EOFError:
        arrived = b""
    seen.append("sent" if arrived == b"first" else "kept back")
    yield b"second"


app = GZipMiddleware(StreamingResponse(pieces(), media_type="text/plain"), minimum_size=1)
call(app, conversation, {**scope("http", "/"), "headers": [(b"accept-encoding", b"gzip")]})
print(*seen)
