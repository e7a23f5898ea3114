"""The command of an image runs the server below a shell; the signal to stop reaches the shell and not the server.

No container is needed to see it: the command is run as Docker would, and its first process gets the signal. That the
shell, not being process 1 here, dies of it, makes no difference to the server, which goes on.
"""

from troubleshoot.testing import Bench, eventually, free_port

BROKEN = """\
FROM python:3.13-slim
WORKDIR /code
COPY . .
CMD echo migrated && python -m uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}
"""

COMMAND = "echo migrated && python -m uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}"
WRONG = {
    "brackets around the shell": [(f"CMD {COMMAND}", f'CMD ["sh", "-c", "{COMMAND} && echo ended"]')],
    "a longer time to shut down": [(COMMAND, f"{COMMAND} --timeout-graceful-shutdown 30")],
}

# --- application ---
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield
    print("pool closed", flush=True)


app = FastAPI(lifespan=lifespan)


# --- check ---
def check(bench: Bench) -> None:
    import json
    import os
    import signal
    import socket
    import sys
    from pathlib import Path

    dockerfile = (bench.folder / "Dockerfile").read_text().splitlines()
    command = next(line for line in dockerfile if line.startswith("CMD ")).removeprefix("CMD ")
    arguments = json.loads(command) if command.startswith("[") else ["/bin/sh", "-c", command]
    port = free_port()
    env = {"PORT": str(port), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def port_is_free() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    with bench.process(arguments, port=port, env=env) as server:
        server.process.send_signal(signal.SIGTERM)
        closed = server.wait_for_log("pool closed", 4)
        assert closed, server.log
        assert eventually(port_is_free)
        assert server.wait_for_log("Finished server process", 15)
