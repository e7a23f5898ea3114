"""What becomes of an HTTPException raised behind the yield, and what the log says of it."""

CLAIMS = ["Since FastAPI 0.106", "Since FastAPI 0.118"]
SEEN = {
    "fastapi-0.105": "200 RuntimeError",
    "fastapi-0.117": "409 quiet",
    "fastapi-0.121": "200 RuntimeError",
    "now": "200 RuntimeError",
}

from asgi import Conversation, call, scope
from fastapi import Depends, FastAPI, HTTPException


def committing():
    yield
    raise HTTPException(409)


app = FastAPI()


@app.get("/")
def read(_=Depends(committing)):
    return {}


conversation = Conversation([{"type": "http.request", "body": b"", "more_body": False}])
failure = call(app, conversation, scope("http", "/"))
print(conversation.status, failure or "quiet")
