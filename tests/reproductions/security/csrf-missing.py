"""A form on another site posts with the user's cookie, and the transfer is carried out."""

from troubleshoot.testing import Bench

PARAMETERS = {"origin": "https://shop.example", "same_site": "none"}
SESSIONS = 'app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"], same_site="none", https_only=True)\n'
CHECK = """

@app.middleware("http")
async def own_origins_only(request: Request, call_next):
    origin = request.headers.get("origin", "")
    if request.method == "POST" and not ({test}):
        return PlainTextResponse("refused", 403)
    return await call_next(request)
"""
REQUEST = (
    "from fastapi import FastAPI\n",
    "from fastapi import FastAPI, Request\nfrom fastapi.responses import PlainTextResponse\n",
)
WRONG = {
    "CORSMiddleware": [
        (
            SESSIONS,
            SESSIONS
            + 'app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)\n',
        ),
        ("import FastAPI\n", "import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n"),
    ],
    "our host somewhere in the origin": [
        (SESSIONS, SESSIONS + CHECK.format(test='not origin or "127.0.0.1" in origin or "shop.example" in origin')),
        REQUEST,
    ],
    "httponly and a short life": [(SESSIONS, SESSIONS.replace("https_only", "max_age=600, https_only"))],
}

# --- broken ---
import os

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"], same_site="none", https_only=True)


# --- application ---
from typing import Annotated

from fastapi import Form, HTTPException, Request

sent = []


@app.post("/login")
async def login(request: Request) -> str:
    request.session["user"] = "ann"
    return "welcome"


@app.post("/transfer")
async def transfer(request: Request, amount: Annotated[int, Form()]) -> list[int]:
    if "user" not in request.session:
        raise HTTPException(401)
    sent.append(amount)
    return sent


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server(env={"SESSION_SECRET": "the same in all processes"}) as server:
        login = requests.post(server.url("/login"), timeout=10)
        cookie = login.headers["set-cookie"].partition(";")[0]

        def transfer(amount: int, **headers: str) -> int:
            headers = {name.replace("_", "-"): value for name, value in headers.items()} | {"Cookie": cookie}
            return requests.post(server.url("/transfer"), {"amount": amount}, headers=headers, timeout=10).status_code

        own = [
            transfer(1, origin=server.url(), sec_fetch_site="same-origin"),
            transfer(2, origin="https://shop.example", sec_fetch_site="cross-site"),
            transfer(3, origin=server.url()),
            transfer(4),
        ]
        foreign = [
            transfer(1000, origin="https://evil.example", sec_fetch_site="cross-site"),
            transfer(2000, origin="null"),
            transfer(3000, origin="https://customer.shop.example", sec_fetch_site="same-site"),
        ]
    assert own == [200] * 4, server.log
    assert foreign == [403] * 3
