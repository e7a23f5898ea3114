"""The application caches by path, and nginx in front of it caches what is called public: all get the first answer."""

from troubleshoot.testing import Bench, free_port, get

NGINX = """
master_process off;
daemon off;
pid nginx.pid;
error_log nginx-error.log;
events {}
http {
    access_log off;
    client_body_temp_path temp-body;
    proxy_temp_path temp-proxy;
    fastcgi_temp_path temp-fastcgi;
    uwsgi_temp_path temp-uwsgi;
    scgi_temp_path temp-scgi;
    proxy_cache_path cache keys_zone=answers:1m;
    server {
        listen 127.0.0.1:PROXY;
        location / {
            proxy_pass http://127.0.0.1:APPLICATION;
            proxy_cache answers;
            proxy_cache_valid 200 1m;
        }
    }
}
"""
KEY = "    key = request.url.path\n"
PUBLIC = '"public, max-age=60"'
WRONG = {
    "the user in the key, and still public": [(KEY, "    key = bearer.credentials, request.url.path\n")],
    "private, and still one key": [(PUBLIC, '"private, no-store"')],
    "a shorter time": [
        (PUBLIC, '"public, max-age=5"'),
        (KEY, KEY + "    if len(entries) > 100:\n        entries.clear()\n"),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

router = APIRouter()
entries = {}


@router.get("/me")
async def read_profile(
    request: Request, response: Response, bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
):
    response.headers["Cache-Control"] = "public, max-age=60"
    key = request.url.path
    if key not in entries:
        entries[key] = {"user": bearer.credentials.removeprefix("token-of-")}
    return entries[key]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    with bench.server() as application:
        conf = NGINX.replace("PROXY", str(port)).replace("APPLICATION", str(application.port))
        (bench.folder / "nginx.conf").write_text(conf)
        command = ["/usr/sbin/nginx", "-p", str(bench.folder), "-e", "nginx-error.log", "-c", "nginx.conf"]
        with bench.process(command, port=port) as proxy:

            def ask(server, user: str = "") -> tuple[int, str]:
                status, _, body = get(server.url("/me"), headers={"Authorization": f"Bearer {user}"} if user else {})
                return status, body

            users = ("token-of-ann", "token-of-bob", "token-of-ann")
            answers = {server.port: [ask(server, user) for user in users] for server in (proxy, application)}
            nobody = ask(proxy)[0]
    expected = [(200, f'{{"user":"{name}"}}') for name in ("ann", "bob", "ann")]
    assert answers[application.port] == expected
    assert answers[proxy.port] == expected
    assert nobody in (401, 403)
