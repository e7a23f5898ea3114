"""nginx cuts a WebSocket on which nothing has come for longer than proxy_read_timeout."""

from troubleshoot.testing import Bench

PARAMETERS = {"app": "main:app", "seconds": "1"}

BROKEN = """
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ["PORT"]))
"""

OURS = ', port=int(os.environ["PORT"]))'
WRONG = {
    "more patience for the pong": [(OURS, OURS[:-1] + ", ws_ping_timeout=60)")],
    "a longer keep-alive": [(OURS, OURS[:-1] + ", timeout_keep_alive=600)")],
}

FILES = {
    "nginx.conf.template": """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr info;
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
            proxy_pass http://127.0.0.1:UPSTREAM;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_read_timeout 3s;
        }
    }
}
"""
}

# --- application ---
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"received: {text}")


# --- check ---
def check(bench: Bench) -> None:
    import os
    import shutil
    import sys

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import free_port

    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert nginx
    application, proxy = free_port(), free_port()
    conf = (bench.folder / "nginx.conf.template").read_text()
    (bench.folder / "nginx.conf").write_text(
        conf.replace("PROXY", str(proxy)).replace("UPSTREAM", str(application)),
    )
    serve = [sys.executable, "serve.py"]
    command = [nginx, "-p", str(bench.folder), "-c", "nginx.conf", "-e", "stderr"]
    with (
        bench.process(serve, port=application, env={"PORT": str(application)}),
        bench.process(command, port=proxy) as nginx_process,
        connect(nginx_process.ws("/ws"), ping_interval=None, close_timeout=0.5) as client,
    ):
        client.send("hello")
        assert client.recv(timeout=5) == "received: hello"
        closed = ""
        try:
            client.recv(timeout=5)  # nobody sends anything
        except TimeoutError:
            pass
        except ConnectionClosed as error:
            closed = str(error)
        if not bench.fixed:
            assert "no close frame received or sent" in closed
            assert nginx_process.wait_for_log("while proxying upgraded connection", 2.0)
        assert not closed
        client.send("still there?")
        assert client.recv(timeout=5) == "received: still there?"
