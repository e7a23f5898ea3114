"""Whether a middleware can be added once the application has answered."""

CLAIMS = ["Since Starlette 0.24"]
SEEN = {"fastapi-0.73": "added", "fastapi-0.96": "RuntimeError", "now": "RuntimeError"}

from asgi import get
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware

app = Starlette()
get(app)
try:
    app.add_middleware(GZipMiddleware)
    print("added")
except RuntimeError as error:
    print(type(error).__name__)
