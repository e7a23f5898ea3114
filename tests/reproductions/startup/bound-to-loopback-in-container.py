"""The start command of an image lets the server listen on 127.0.0.1; a client of another address is refused.

No container is needed to see it: the command of the Dockerfile is run here, and called at 127.0.0.2, which
belongs to this machine as the address of a container belongs to the container.
"""

from troubleshoot.testing import Bench

PARAMETERS = {"port": "8000"}

BROKEN = """\
FROM python:3.13-slim
WORKDIR /code
COPY . .
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "main:app", "--port", "8000"]
"""

WRONG = {
    "localhost by name": [('"main:app"', '"main:app", "--host", "localhost"')],
    "another EXPOSE": [("EXPOSE 8000", "EXPOSE 8000/tcp")],
    "the headers of a proxy believed": [('"main:app"', '"main:app", "--proxy-headers", "--forwarded-allow-ips", "*"')],
}

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import json
    import os
    import sys
    import urllib.error
    from pathlib import Path

    from troubleshoot.testing import free_port, get

    dockerfile = (bench.folder / "Dockerfile").read_text().splitlines()
    command = json.loads(next(line for line in dockerfile if line.startswith("CMD ")).removeprefix("CMD "))
    port = free_port()
    command = [str(port) if word == "8000" else word for word in command]
    env = {"PORT": str(port), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with bench.process(command, port=port, env=env) as server:
        assert get(server.url("/health"))[2] == '"ok"'
        try:
            answer = get(f"http://127.0.0.2:{port}/health")[2]
        except urllib.error.URLError as error:
            answer = str(error.reason)
    assert answer == '"ok"'
