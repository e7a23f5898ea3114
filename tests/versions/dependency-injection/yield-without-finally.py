"""Whether the endpoint's HTTPException reaches the dependency."""

CLAIMS = ["Since FastAPI 0.74"]
SEEN = {"fastapi-0.73": "not seen", "fastapi-0.96": "seen", "now": "seen"}

from asgi import get
from fastapi import Depends, FastAPI, HTTPException

seen = []


def dependency():
    try:
        yield
    except HTTPException:
        seen.append("seen")
        raise


app = FastAPI()


@app.get("/")
def read(_=Depends(dependency)):
    raise HTTPException(404)


get(app)
print(*(seen or ["not seen"]))
