"""nginx passes a WebSocket on as an ordinary GET, and the application answers 404."""

from troubleshoot.testing import Bench

BROKEN = """
server {
    listen 80;
    server_name example.com;

    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
"""

PASS = "        proxy_pass http://127.0.0.1:8000;\n"
WRONG = {
    "HTTP/1.1 alone": [(PASS, PASS + "        proxy_http_version 1.1;\n")],
    "a longer time-out": [(PASS, PASS + "        proxy_read_timeout 1d;\n")],
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
    include site.conf;
}
"""
}

# --- application ---
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.get("/health")
async def health() -> str:
    return "ok"


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"received: {text}")


# --- check ---
def check(bench: Bench) -> None:
    import os
    import shutil

    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    from troubleshoot.testing import free_port, get

    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert nginx
    port = free_port()
    with bench.server() as server:
        site = (bench.folder / "application.conf").read_text()
        site = site.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
            "127.0.0.1:8000", f"127.0.0.1:{server.port}"
        )
        (bench.folder / "site.conf").write_text(site)
        with bench.process([nginx, "-p", str(bench.folder), "-c", "nginx.conf", "-e", "stderr"], port=port) as proxy:
            with connect(server.ws("/ws")) as client:
                client.send("directly")
                assert client.recv(timeout=5) == "received: directly"
            assert get(proxy.url("/health"))[0] == 200
            try:
                with connect(proxy.ws("/ws")) as client:
                    client.send("hello")
                    answer = client.recv(timeout=5)
            except InvalidStatus as refused:
                answer = refused.response.status_code
            if not bench.fixed:
                assert '"GET /ws HTTP/1.0" 404' in server.log
            assert answer == "received: hello"
