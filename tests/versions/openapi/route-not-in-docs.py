"""Which routes the schema lists that are added after it was made, with FastAPI's own `openapi` and with one that keeps it."""

CLAIMS = ["Since FastAPI 0.137"]
SEEN = {"fastapi-0.121": "/first | /first", "now": "/first /second | /first"}

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi


def endpoint():
    return None


def paths(own):
    app = FastAPI()
    app.add_api_route("/first", endpoint)

    def keeping():
        if not app.openapi_schema:
            app.openapi_schema = get_openapi(title="own", version="1", routes=app.routes)
        return app.openapi_schema

    if own:
        app.openapi = keeping
    app.openapi()
    app.add_api_route("/second", endpoint)
    return " ".join(app.openapi()["paths"])


print(paths(own=False), "|", paths(own=True))
