"""nginx serves the application under /api and takes the prefix away; links and docs of the application lack it."""

from troubleshoot.testing import Bench

BROKEN = """\
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ.get("PORT", "8000")))
"""

WRONG = {
    "a prefix for the routes": [('@app.get("/items")', '@app.get("/api/items")')],
    "another address for the document of the docs": [
        ("app = FastAPI()", 'app = FastAPI(openapi_url="/api/openapi.json")')
    ],
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
        location /api/ {
            proxy_pass http://127.0.0.1:APPLICATION/;
            proxy_set_header Host $http_host;
        }
    }
}
"""
}

# --- application ---
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/items")
async def items(request: Request) -> str:
    return str(request.url_for("items"))


# --- check ---
def check(bench: Bench) -> None:
    import os
    import re
    import shutil
    import sys

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
    ):
        status, _, link = get(proxy.url("/api/items"))
        assert status == 200
        schema = re.search(r"url: '([^']+)'", get(proxy.url("/api/docs"))[2])
        assert schema is not None
        assert get(proxy.url(schema[1]))[0] == 200, schema[1]
        assert link.strip('"') == proxy.url("/api/items")
