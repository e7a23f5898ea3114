"""The page comes over https and sends its visitors to ws://, where nobody answers and no browser would go."""

from troubleshoot.testing import Bench

ADDRESS = 'f"ws://{request.url.netloc}/ws"'
WRONG = {
    "wss:// written down": [(ADDRESS, ADDRESS.replace("ws:", "wss:"))],
    "wss:// where a proxy says so": [
        (
            ADDRESS,
            "f\"{'wss' if request.headers.get('x-forwarded-proto') == 'https' else 'ws'}://{request.url.netloc}/ws\"",
        ),
    ],
}

# --- broken ---
from html import escape

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import HTMLResponse

router = APIRouter()

PAGE = """<!doctype html>
<title>Chat</title>
<body data-socket="{address}">
<script>
  const socket = new WebSocket(document.body.dataset.socket);
  socket.onmessage = (event) => document.body.append(event.data);
  socket.onopen = () => socket.send("hello");
</script>
"""


@router.get("/chat")
async def read_page(request: Request) -> HTMLResponse:
    address = f"ws://{request.url.netloc}/ws"
    return HTMLResponse(PAGE.format(address=escape(address)))


@router.websocket("/ws")
async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"received: {text}")


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import re
    import ssl
    import subprocess
    import urllib.request

    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    def visit(page: str, trust: ssl.SSLContext | None) -> str:
        """Do what the page's script does, and return the scheme it has used."""
        with urllib.request.urlopen(page, timeout=10, context=trust) as response:
            found = re.search(r'data-socket="([^"]+)"', response.read().decode())
        assert found
        secure = found[1].startswith("wss://")
        try:
            with connect(found[1], ssl=trust if secure else None, open_timeout=5) as socket:
                socket.send("hello")
                assert socket.recv(timeout=5) == "received: hello"
        except (WebSocketException, OSError) as error:
            raise AssertionError(f"{page} leads to {found[1]}: {error}") from error
        return found[1].partition(":")[0]

    with bench.server() as server:
        assert visit(server.url("/chat"), None) == "ws"
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    command = ["openssl", *request.split(), "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=bench.folder, check=True, capture_output=True)
    trust = ssl.create_default_context(cafile=bench.folder / "certificate.pem")
    with bench.server("--ssl-keyfile", "key.pem", "--ssl-certfile", "certificate.pem") as server:
        assert visit(f"https://127.0.0.1:{server.port}/chat", trust) == "wss", "a browser refuses ws:// here"
