"""The SDK's own client, with a server in a process of its own."""

import json
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
import mcp_types as types
from mcp import Client
from mcp.client.stdio import StdioServerParameters

SERVER = (sys.executable, "-m", "troubleshoot", "mcp")
PATIENCE = 60
SLOW = """\
import os, pathlib, time
pathlib.Path("started.tmp").write_text(f"{os.getpid()} {os.getppid()}")
os.rename("started.tmp", "started")
while not os.path.exists("go"):
    time.sleep(0.05)
from fastapi import FastAPI
app = FastAPI()
"""
"""An application whose import goes on until a file `go` is there."""


def over_streams(folder, *options, mode="auto", roots=()):
    """Return a client that starts a server of its own."""
    server = StdioServerParameters(
        command=SERVER[0], args=[*SERVER[1:], *options], cwd=str(folder), env=dict(os.environ)
    )
    return Client(server, mode=mode, list_roots_callback=naming(roots) if roots else None)


def naming(folders):
    """Return what answers a server that asks for the roots."""

    async def name(_context):
        return types.ListRootsResult(roots=[types.Root(uri=Path(folder).as_uri()) for folder in folders])

    return name


@contextmanager
def over_http(folder, *options):
    """Run a server, and yield its URL and its process."""
    server = subprocess.Popen(
        [*SERVER, "--http", "--port", "0", *options], cwd=folder, stderr=subprocess.PIPE, text=True
    )
    try:
        yield server.stderr.readline().strip(), server
    finally:
        server.terminate()
        server.wait(PATIENCE)
        server.stderr.close()


@asynccontextmanager
async def connected(transport, folder, *options, mode="auto", roots=()):
    """Yield a client over either transport."""
    if transport == "stdio":
        async with over_streams(folder, *options, mode=mode, roots=roots) as client:
            yield client
    else:
        with over_http(folder, *options) as (url, _):
            async with Client(url, mode=mode, list_roots_callback=naming(roots) if roots else None) as client:
                yield client


async def text_of(client, tool, **arguments):
    """Return what a tool answers, which must not be an error."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content[0].text
    return result.content[0].text


async def case_of(client, tool="diagnose", **arguments):
    """Return the case that a tool answers with."""
    return json.loads(await text_of(client, tool, **arguments))


async def refusal(client, tool, **arguments):
    """Return the sentence with which a call is refused."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result.content[0].text
    text = result.content[0].text
    assert "\n" not in text
    assert "Traceback" not in text
    return text


async def started(folder):
    """Return the process that imports `SLOW`, and its parent, once they are there."""
    with anyio.fail_after(PATIENCE):
        while not (folder / "started").exists():  # noqa: ASYNC110 - another process makes it
            await anyio.sleep(0.05)
    return tuple(int(pid) for pid in (folder / "started").read_text().split())


def gone(pid):
    """Wait until a process has ended; return whether it has."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            # Where nobody collects orphans, an ended one still has its number.
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except ProcessLookupError:
            return True
        except FileNotFoundError:
            pass
        time.sleep(0.05)
    return False
