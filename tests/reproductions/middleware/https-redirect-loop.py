"""A proxy with another address than 127.0.0.1 says that the browser used https, and is redirected to https again."""

from troubleshoot.testing import Bench

PARAMETERS = {"proxy": "127.0.0.2"}
ADDED = "app.add_middleware(HTTPSRedirectMiddleware)\n"
BELIEVES = "app.add_middleware(ProxyHeadersMiddleware, trusted_hosts={})\n"
IMPORT = "from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware\n"
IMPORTS = f"{IMPORT}from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware\n"
WRONG = {
    "believing the proxy too late": [(ADDED, BELIEVES.format('"127.0.0.2"') + ADDED), (IMPORT, IMPORTS)],
    "believing the machine itself": [(ADDED, ADDED + BELIEVES.format('"127.0.0.1"')), (IMPORT, IMPORTS)],
    "believing everybody": [(ADDED, ADDED + BELIEVES.format('"*"')), (IMPORT, IMPORTS)],
}

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

    def request(scheme: str, port: int, source: str = "127.0.0.2") -> tuple[int, str | None]:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(source, 0))
        client.request("GET", "/items", headers={"Host": "api.example.com", "X-Forwarded-Proto": scheme})
        response = client.getresponse()
        response.read()
        client.close()
        return response.status, response.headers.get("location")

    with bench.server() as server:
        redirect = (307, "https://api.example.com/items")
        assert request("http", server.port) == redirect
        assert request("https", server.port) == (200, None)
        assert request("https", server.port, source="127.0.0.3") == redirect, "anybody may say what the scheme is"
