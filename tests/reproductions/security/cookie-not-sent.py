"""The login sets a cookie for https only, the server speaks http, and the client keeps the cookie to itself."""

from troubleshoot.testing import Bench

ATTRIBUTES = "httponly=True, secure=True)"
WRONG = {
    "SameSite=None": [(ATTRIBUTES, 'httponly=True, secure=True, samesite="none")')],
    "a longer life": [(ATTRIBUTES, "httponly=True, secure=True, max_age=86400)")],
    "never Secure": [(ATTRIBUTES, "httponly=True)")],
}

# --- broken ---
import secrets

from fastapi import APIRouter, HTTPException, Request, Response, status

router = APIRouter()
SESSIONS: dict[str, str] = {}


@router.post("/login")
async def log_in(response: Response) -> None:
    key = secrets.token_urlsafe()
    SESSIONS[key] = "ann"
    response.set_cookie("session", key, httponly=True, secure=True)


@router.get("/me")
async def read_me(request: Request) -> str:
    user = SESSIONS.get(request.cookies.get("session", ""))
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Not logged in")
    return user


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests
    from fastapi.testclient import TestClient

    with TestClient(bench.load().app, base_url="https://testserver") as client:
        assert "secure" in client.post("/login").headers["set-cookie"].lower()
        assert client.get("/me").json() == "ann"
    with bench.server() as server, requests.Session() as browser:
        assert "session=" in browser.post(server.url("/login"), timeout=5).headers["set-cookie"]
        answer = browser.get(server.url("/me"), timeout=5)
    assert answer.status_code == 200, answer.text
