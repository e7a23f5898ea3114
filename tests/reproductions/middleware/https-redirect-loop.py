"""A proxy with another address than 127.0.0.1 says that the browser used https, and is redirected to https again."""

from troubleshoot.testing import Bench

PARAMETERS = {"proxy": "127.0.0.2"}

# --- broken ---
from fastapi import FastAPI
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware

app = FastAPI()
app.add_middleware(HTTPSRedirectMiddleware)


# --- application ---
@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


# --- check ---
def check(bench: Bench) -> None:
    import http.client

    def through_proxy(scheme: str, port: int) -> tuple[int, str | None]:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=5, source_address=("127.0.0.2", 0))
        client.request("GET", "/items", headers={"Host": "api.example.com", "X-Forwarded-Proto": scheme})
        response = client.getresponse()
        response.read()
        client.close()
        return response.status, response.headers.get("location")

    with bench.server() as server:
        assert through_proxy("http", server.port) == (307, "https://api.example.com/items")
        assert through_proxy("https", server.port) == (200, None)
