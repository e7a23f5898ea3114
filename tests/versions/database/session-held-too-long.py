"""Whether the code behind the yield waits for the last byte of a stream."""

CLAIMS = ["Since FastAPI 0.118"]
SEEN = {"fastapi-0.117": "cleanup stream", "fastapi-0.121": "stream cleanup", "now": "stream cleanup"}

from asgi import get
from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse

order = []


def session():
    yield
    order.append("cleanup")


app = FastAPI()


async def rows():
    order.append("stream")
    yield b"row"


@app.get("/")
def read(_=Depends(session)):
    return StreamingResponse(rows())


get(app)
print(*order)
