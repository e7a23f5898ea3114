"""With a wildcard, an answer to a request with cookies says `*`, which no browser accepts; and every site is let in."""

from troubleshoot.testing import Bench, get

STAR = 'allow_origins=["*"]'
WRONG = {
    "allow_credentials beside the star": [(STAR, f"{STAR}, allow_credentials=True")],
    "a pattern for whatever begins like ours": [
        (STAR, 'allow_origin_regex="http://localhost.*", allow_credentials=True')
    ],
    "a pattern for every origin": [(STAR, 'allow_origin_regex=".*", allow_credentials=True')],
}

# --- broken ---
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])


# --- application ---
@app.get("/me")
async def read_me() -> str:
    return "Ada"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        page = {"Origin": "http://localhost:3000", "Cookie": "session=1"}
        status, headers, body = get(server.url("/me"), headers=page)
        assert (status, body) == (200, '"Ada"')
        assert headers.get("access-control-allow-origin") == "http://localhost:3000"
        assert headers.get("access-control-allow-credentials") == "true"
        for origin in ("https://evil.example", "http://localhost.evil.example", "http://localhost:3000.evil.example"):
            _, headers, _ = get(server.url("/me"), headers={"Origin": origin, "Cookie": "session=1"})
            assert "access-control-allow-origin" not in headers, origin
