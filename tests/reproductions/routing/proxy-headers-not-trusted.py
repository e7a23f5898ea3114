"""nginx comes from an address that uvicorn does not trust, so scheme and client are those of the proxy."""

from troubleshoot.testing import Bench

PARAMETERS = {"proxy": "127.0.0.2"}

BROKEN = """\
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ.get("PORT", "8000")), proxy_headers=True)
"""
WRONG = {
    "believing the machine itself": [("proxy_headers=True", 'proxy_headers=True, forwarded_allow_ips="127.0.0.1"')],
    "believing everybody": [("proxy_headers=True", 'proxy_headers=True, forwarded_allow_ips="*"')],
}

FILES = {
    "nginx.conf": """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:PROXY;
        location / {
            proxy_bind 127.0.0.2;
            proxy_pass http://127.0.0.1:APPLICATION;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For 203.0.113.9;
            proxy_set_header X-Forwarded-Proto https;
        }
    }
}
"""
}

# --- application ---
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/who")
async def who(request: Request) -> list[str]:
    return [request.client.host if request.client else "", str(request.url_for("who"))]


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    import json
    import os
    import shutil
    import sys
    from contextlib import closing

    from troubleshoot.testing import free_port, get

    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert nginx
    port, proxy_port = free_port(), free_port()
    site = bench.folder / "nginx.conf"
    site.write_text(site.read_text().replace("PROXY", str(proxy_port)).replace("APPLICATION", str(port)))
    command = [nginx, "-p", str(bench.folder), "-c", "nginx.conf", "-e", "stderr"]
    with (
        bench.process([sys.executable, "serve.py"], port=port, env={"PORT": str(port)}),
        bench.process(command, port=proxy_port) as proxy,
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=("127.0.0.3", 0))) as stranger,
    ):
        status, _, body = get(proxy.url("/who"))
        stranger.request("GET", "/who", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
        claimed = json.load(stranger.getresponse())
    assert status == 200
    assert json.loads(body) == ["203.0.113.9", f"https://127.0.0.1:{proxy_port}/who"]
    assert claimed == ["127.0.0.3", f"http://127.0.0.1:{port}/who"]
