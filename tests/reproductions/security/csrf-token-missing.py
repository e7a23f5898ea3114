"""With the token in cookies, AuthX wants the CSRF value in a header for PATCH; GET works without."""

from troubleshoot.testing import Bench, get

BROKEN = '''"""A client as it comes."""

import httpx2


def with_csrf_token(client: httpx2.Client) -> httpx2.Client:
    return client
'''
HOOK = """    def add_header(request: httpx2.Request) -> None:
        request.headers["{header}"] = client.cookies.get("{cookie}") or ""

    client.event_hooks = {{"request": [add_header], "response": []}}
    return client
"""
WRONG = {
    attempt: [("    return client\n", HOOK.format(header=header, cookie=cookie))]
    for attempt, header, cookie in (
        ("the access token as CSRF token", "X-CSRF-TOKEN", "access_token_cookie"),
        ("the header that Angular and axios use", "X-XSRF-TOKEN", "csrf_access_token"),
        ("the value as a bearer token", "Authorization", "csrf_access_token"),
    )
}
CLIENT = """
import sys

import httpx2

from csrf_client import with_csrf_token

with with_csrf_token(httpx2.Client(base_url=sys.argv[1])) as client:
    for method, path in (("POST", "/login"), ("GET", "/me"), ("PATCH", "/me")):
        response = client.request(method, path)
        print(response.status_code, response.text)
"""
FILES = {"client.py": CLIENT}

# --- application ---
from authx import AuthX, AuthXConfig
from fastapi import Depends, FastAPI, Response

auth = AuthX(
    AuthXConfig(
        JWT_SECRET_KEY="a-secret-of-more-than-thirty-two-bytes",
        JWT_TOKEN_LOCATION=["cookies"],
        JWT_COOKIE_SECURE=False,
    )
)
app = FastAPI()
auth.handle_errors(app)


@app.post("/login")
def login(response: Response) -> str:
    auth.set_access_cookies(auth.create_access_token(uid="alice"), response)
    return "welcome"


@app.get("/me", dependencies=[Depends(auth.access_token_required)])
def read_me() -> str:
    return "alice"


@app.patch("/me", dependencies=[Depends(auth.access_token_required)])
def change_me() -> str:
    return "changed"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        done = bench.run("client.py", server.url())
        bare = get(server.url("/me"), method="PATCH")[0]
    assert done.returncode == 0, done.stderr
    login, read, change = done.stdout.splitlines()
    assert (login, read) == ('200 "welcome"', '200 "alice"')
    assert change == '200 "changed"', change
    assert bare == 401
