"""The page is opened by 127.0.0.1, the provider sends back to localhost, and the cookie with the state stays behind."""

from troubleshoot.testing import Bench, free_port

PARAMETERS = {"provider": "idp"}
SESSIONS = 'app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"])'
TOKEN = "    token = await oauth.idp.authorize_access_token(request)\n"
WRONG = {
    "a cookie for all sites": [(SESSIONS, SESSIONS[:-1] + ', same_site="none")')],
    "a longer session": [(SESSIONS, SESSIONS[:-1] + ", max_age=None)")],
    "the error passed over": [
        (
            TOKEN,
            """    try:
        token = await oauth.idp.authorize_access_token(request)
    except MismatchingStateError:
        token = {}
""",
        ),
        (
            "from authlib.integrations.starlette_client",
            "from authlib.integrations.base_client import MismatchingStateError\nfrom authlib.integrations.starlette_client",
        ),
    ],
    "back to whatever host was asked": [
        ("(request, f\"{os.environ['PUBLIC_URL']}/callback\")", '(request, str(request.url_for("callback")))'),
    ],
}

# --- broken ---
import os

from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"])
oauth = OAuth()
oauth.register(
    "idp",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["PROVIDER_METADATA"],
    client_kwargs={"scope": "openid email"},
)


@app.get("/login")
async def login(request: Request):
    return await oauth.idp.authorize_redirect(request, f"{os.environ['PUBLIC_URL']}/callback")


@app.get("/callback")
async def callback(request: Request):
    token = await oauth.idp.authorize_access_token(request)
    request.session["user"] = token.get("userinfo", {})
    return {"logged_in": True}


# --- application ---
from fastapi.responses import RedirectResponse


@app.get("/provider/metadata")
async def metadata(request: Request):
    base = f"{request.url.scheme}://{request.url.netloc}/provider"
    return {"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token"}


@app.get("/provider/authorize")
async def authorize(redirect_uri: str, state: str):
    return RedirectResponse(f"{redirect_uri}?code=abc&state={state}")


@app.post("/provider/token")
async def token():
    return {"access_token": "opaque", "token_type": "Bearer"}


# --- check ---
def check(bench: Bench) -> None:
    import sys

    import requests

    port = free_port()
    env = {
        "PUBLIC_URL": f"http://localhost:{port}",
        "PROVIDER_METADATA": f"http://127.0.0.1:{port}/provider/metadata",
        "SESSION_SECRET": "the same in all processes",
        "CLIENT_ID": "shop",
        "CLIENT_SECRET": "secret",
    }
    command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port), "--no-use-colors"]

    def log_in(name: str, **headers: str) -> str:
        try:
            return requests.Session().get(f"http://{name}:{port}/login", headers=headers, timeout=10).text
        except requests.RequestException as error:
            return repr(error)

    with bench.process(command, port=port, env=env) as server:
        usual, behind_proxy, other = log_in("localhost"), log_in("localhost", host="127.0.0.1:9"), log_in("127.0.0.1")
        forged = requests.get(f"http://localhost:{port}/callback?code=abc&state=guessed", timeout=10)
    assert usual == '{"logged_in":true}', server.log
    assert behind_proxy == usual, "a proxy that does not hand on the host"
    if not bench.fixed:
        assert "MismatchingStateError: mismatching_state: CSRF Warning!" in server.log
    assert other == usual
    assert forged.status_code == 400
