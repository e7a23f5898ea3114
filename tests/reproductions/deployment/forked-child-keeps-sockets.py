"""A process that an endpoint forks keeps the connection and the port open, and swallows the signal that should end it."""

from troubleshoot.testing import Bench, eventually

PARAMETERS = {"path": "/jobs", "work": "work"}

WRONG = {
    "daemon=True": [("target=work)", "target=work, daemon=True)")],
    "the signal's default handler in the child": [
        ("def work():\n", "def work():\n    signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"),
        ("import multiprocessing\n", "import multiprocessing\nimport signal\n"),
    ],
}

# --- broken ---
import multiprocessing
import time

from fastapi import APIRouter

router = APIRouter()
context = multiprocessing.get_context("fork")  # the default on Linux before Python 3.14
processes = {}


def work():
    time.sleep(60)


@router.post("/jobs")
def start():
    process = context.Process(target=work)
    process.start()
    processes[process.pid] = process
    return {"pid": process.pid}


@router.delete("/jobs/{pid}")
def stop(pid: int):
    process = processes.pop(pid)
    process.terminate()
    process.join(1)
    return {"exit_code": process.exitcode}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    import json
    import signal
    import socket
    from contextlib import closing

    with bench.server("--timeout-keep-alive", "1", "--log-level", "trace") as server:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as client:
            client.request("POST", "/jobs")
            pids = [json.load(client.getresponse())["pid"]]
            # The server has closed the idle connection; the first such line is of the bench, which waits for the port.
            assert eventually(lambda: server.log.count("HTTP connection lost") == 2, 15)
            try:
                client.sock.settimeout(1)
                client.sock.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                client_told = client.sock.recv(100) == b""
            except ConnectionError:
                client_told = True
            except TimeoutError:
                client_told = False
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as client:
            client.request("POST", "/jobs")
            pids += [json.load(client.getresponse())["pid"]]
            client.request("DELETE", f"/jobs/{pids[1]}")
            exit_code = json.load(client.getresponse())["exit_code"]
        server.process.send_signal(signal.SIGTERM)
        assert server.wait_for_log("Finished server process", 15)

        def port_is_free() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", server.port)) != 0

        free = eventually(port_is_free, 3 if bench.fixed else 0.5)
        assert (client_told, exit_code, free) == (True, -signal.SIGTERM, True), (client_told, exit_code, free)
