"""An origin with a slash at its end is equal to none that a browser sends."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"origin": "http://localhost:3000/"}
LISTED = 'allow_origins=["http://localhost:3000/"]'
WRONG = {
    "every origin": [(LISTED, 'allow_origins=["*"]')],
    "a loose pattern": [(LISTED, 'allow_origin_regex="http://localhost.*"')],
    "the text without the list around it": [(LISTED, 'allow_origins="http://localhost:3000/"')],
}

# --- broken ---
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:3000/"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


# --- application ---
@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


# --- check ---
def check(bench: Bench) -> None:
    page = {"Origin": "http://localhost:3000"}
    with bench.server() as server:
        asks = {**page, "Access-Control-Request-Method": "GET"}
        status, _, body = get(server.url("/items"), headers=asks, method="OPTIONS")
        assert (status, body) == (200, "OK")
        status, headers, _ = get(server.url("/items"), headers=page)
        assert (status, headers.get("access-control-allow-origin")) == (200, "http://localhost:3000")
        for foreign in ("https://evil.example", "http://localhost.evil.example", "http://localhost"):
            _, headers, _ = get(server.url("/items"), headers={"Origin": foreign})
            assert "access-control-allow-origin" not in headers, foreign
