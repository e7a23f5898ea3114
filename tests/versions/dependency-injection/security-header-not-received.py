"""The answer to a request without credentials."""

CLAIMS = ["Since FastAPI 0.122"]
SEEN = {"fastapi-0.73": "403", "fastapi-0.121": "403", "now": "401"}

from asgi import get
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.get("/")
def read(_=Depends(HTTPBearer())):
    return {}


print(get(app).status)
