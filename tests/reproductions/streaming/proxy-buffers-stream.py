"""nginx holds a stream of small events back until it has ended."""

from troubleshoot.testing import Bench, eventually, free_port

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
        listen 127.0.0.1:FRONT;
        location / {
            proxy_pass http://127.0.0.1:BACK;
        }
    }
}
"""
}
RESPONSE = 'StreamingResponse(events(), media_type="text/event-stream"'
PIECE = '        yield f"data: {number}\\n\\n"\n'
WRONG = {
    "keep-alive and no-cache": [
        (RESPONSE, RESPONSE + ', headers={"Cache-Control": "no-cache", "Connection": "keep-alive"}')
    ],
    "asyncio.sleep(0) after each piece": [(PIECE, PIECE + "        await asyncio.sleep(0)\n")],
    "a little padding": [(PIECE, PIECE.replace('f"data', 'f":{0:>500}\\ndata'))],
}

# --- broken ---
import asyncio

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


async def events():
    for number in range(3):
        yield f"data: {number}\n\n"
        await asyncio.sleep(1)


@router.get("/events")
async def stream_events() -> StreamingResponse:
    return StreamingResponse(events(), media_type="text/event-stream")


# --- application ---
from fastapi import FastAPI, Request

app = FastAPI()
app.include_router(router)
running: list[str] = []


@app.middleware("http")
async def note(request: Request, call_next):
    response = await call_next(request)
    if request.url.path != "/events":
        return response
    pieces = response.body_iterator

    async def noted():
        running.append("begun")
        async for piece in pieces:
            yield piece
        running.append("ended")

    response.body_iterator = noted()
    return response


@app.get("/running")
async def tell_running() -> list[str]:
    return running


# --- check ---
def check(bench: Bench) -> None:
    import os
    import shutil
    import urllib.request

    from troubleshoot.testing import get

    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert nginx
    port = free_port()
    with bench.server() as server:
        configuration = bench.folder / "nginx.conf"
        text = configuration.read_text()
        configuration.write_text(text.replace("FRONT", str(port)).replace("BACK", str(server.port)))
        command = [nginx, "-p", str(bench.folder), "-c", "nginx.conf", "-e", "stderr"]
        with bench.process(command, port=port) as proxy, urllib.request.urlopen(proxy.url("/events")) as response:
            assert b"data: 0\n" in iter(response.readline, b"")
            assert get(server.url("/running"))[2] == '["begun"]', "the first event came after the stream had ended"
            assert response.read().endswith(b"data: 2\n\n")
            assert eventually(lambda: get(server.url("/running"))[2] == '["begun","ended"]')
