"""How light `troubleshoot mcp` is, as ratios measured in one run: `python tests/benchmarks/serving.py [RUNS]`.

The start lasts from the process to its answer to `initialize`, and is compared with a process that only imports the SDK's
server; the two run in turn. An answer is what `diagnose` gives to a traceback, timed by whoever asks.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SDK = [sys.executable, "-c", "import mcp.server"]
SERVER = [sys.executable, "-m", "troubleshoot", "mcp"]
TRACEBACK = Path(__file__).parent.parent / "readme" / "app.log"
CLIENT: Mapping[str, Any] = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}
APPLICATION = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int) -> dict[str, int]:
    return {"id": item_id}
"""
CALLS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "diagnose a traceback": ("diagnose", {"log": TRACEBACK.read_text()}),
    "diagnose a complaint": ("diagnose", {"complaint": "requests hang while one endpoint calls another service"}),
    "diagnose a complaint with source": ("diagnose", {"complaint": "the answer is null", "source": "."}),
    "catalogue": ("catalogue", {}),
    "explain": ("explain", {"cause": "async-lazy-load"}),
}


class Talk:
    """A client of a server that has just been started."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to, self._from = process.stdin, process.stdout
        self._number = 0

    def say(self, method: str, params: Mapping[str, Any]) -> None:
        """Tell the server something that it does not answer."""
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Mapping[str, Any]) -> float:
        """Return the seconds until the server has answered."""
        self._number += 1
        started = time.perf_counter()
        self._write({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        answer = json.loads(self._from.readline())
        taken = time.perf_counter() - started
        assert not answer.get("result", {"isError": True}).get("isError"), answer
        return taken

    def _write(self, message: Mapping[str, Any]) -> None:
        self._to.write(json.dumps(message) + "\n")
        self._to.flush()


@contextmanager
def started(folder: Path) -> Iterator[tuple[Talk, float]]:
    """Yield a client, and the seconds until its server has answered for the first time."""
    begun = time.perf_counter()
    with subprocess.Popen(
        SERVER, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        talk = Talk(process)
        talk.ask("initialize", CLIENT)
        taken = time.perf_counter() - begun
        talk.say("notifications/initialized", {})
        yield talk, taken
        process.stdin.close()  # type: ignore[union-attr]


def alone(folder: Path) -> float:
    """Return the seconds of a process that imports the SDK's server and ends."""
    begun = time.perf_counter()
    subprocess.run(SDK, cwd=folder, check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Print the start as a ratio, and the medians of the answers: the first of a server, and further ones."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.py").write_text(APPLICATION)
        starts, imports = [], []
        for _ in range(runs + 1):
            with started(folder) as (_, taken):
                starts.append(taken)
            imports.append(alone(folder))
        starts, imports = starts[1:], imports[1:]
        ratio = statistics.median(mine / theirs for mine, theirs in zip(starts, imports, strict=True))
        print(
            f"start: {ratio:.2f} times the SDK alone "
            f"({statistics.median(starts):.3f} s to {statistics.median(imports):.3f} s)"
        )
        for what, (tool, arguments) in CALLS.items():
            call = {"name": tool, "arguments": arguments}
            with started(folder) as (talk, _):
                first = talk.ask("tools/call", call)
                more = [talk.ask("tools/call", call) for _ in range(runs)]
            print(f"{what}: {statistics.median(more):.3f} s, the first {first:.3f} s")


if __name__ == "__main__":
    main()
