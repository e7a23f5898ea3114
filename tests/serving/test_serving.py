"""The server as a process: calls at once, calls that are cancelled, clients that leave, and who may connect."""

import json
import re
import signal
import socket
import subprocess
import sys

import anyio
import httpx
import pytest
from clients import PATIENCE, SERVER, case_of, connected, gone, over_http, over_streams, started, text_of

from troubleshoot.cli.mcp import DEFAULT_PORT
from troubleshoot.topics import read

TRANSPORTS = pytest.mark.parametrize("transport", ["stdio", "http"])
SLOW = {"app": "slow:app", "complaint": "it hangs"}


@TRANSPORTS
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_two_calls_at_once(project, transport, mode):
    async def main():
        told = []

        async def long(client):
            await case_of(client, **SLOW)
            told.append("long")

        async with (
            connected(transport, project, "--allow-import", mode=mode) as client,
            anyio.create_task_group() as both,
        ):
            both.start_soon(long, client)
            await started(project)
            await text_of(client, "explain", cause="disconnect-not-handled")
            told.append("short")
            (project / "go").touch()
        assert told == ["short", "long"]

    anyio.run(main)


@TRANSPORTS
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_cancelled_call_ends_and_the_next_is_answered(project, transport, mode):
    async def main():
        async with connected(transport, project, "--allow-import", mode=mode) as client:
            async with anyio.create_task_group() as calls:
                calls.start_soon(lambda: case_of(client, **SLOW))
                child, _ = await started(project)
                calls.cancel_scope.cancel()
            assert await anyio.to_thread.run_sync(gone, child)
            assert "WebSocketDisconnect" in await text_of(client, "explain", cause="disconnect-not-handled")

    anyio.run(main)


def test_over_streams_a_client_that_leaves_takes_the_server_and_its_work_with_it(project):
    async def main():
        async with over_streams(project, "--allow-import") as client, anyio.create_task_group() as calls:
            calls.start_soon(lambda: case_of(client, **SLOW))
            pids = await started(project)
            calls.cancel_scope.cancel()
        return pids

    assert all(gone(pid) for pid in anyio.run(main))


def test_a_server_whose_client_was_killed_ends_by_itself(project):
    server = subprocess.Popen([*SERVER, "--allow-import"], cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    call = {"name": "diagnose", "arguments": SLOW}
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    for message in (
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": call},
    ):
        server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        server.stdin.flush()
    child, _ = anyio.run(started, project)
    server.stdin.close()
    server.stdout.close()
    assert server.wait(PATIENCE) is not None
    assert gone(child)


def test_over_http_a_client_that_leaves_leaves_the_server_to_others(project):
    async def main(url):
        from mcp import Client

        async with Client(url) as client, anyio.create_task_group() as calls:
            calls.start_soon(lambda: case_of(client, **SLOW))
            child, _ = await started(project)
            calls.cancel_scope.cancel()
        assert await anyio.to_thread.run_sync(gone, child)
        async with Client(url) as other:
            await text_of(other, "explain", cause="disconnect-not-handled")

    with over_http(project, "--allow-import") as (url, _):
        anyio.run(main, url)


def test_only_this_machine_may_connect_and_no_page_of_a_browser(project):
    with over_http(project) as (url, server):
        port = url.rpartition(":")[2].partition("/")[0]
        message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        plain = {"Accept": "application/json, text/event-stream"}
        rebound = httpx.post(url, json=message, headers={**plain, "Host": f"evil.example:{port}"})
        page = httpx.post(url, json=message, headers={**plain, "Origin": "https://evil.example"})
        assert (rebound.status_code, page.status_code) == (421, 403)
        listening = subprocess.run(["ss", "-ltnpH", f"sport = :{port}"], capture_output=True, text=True).stdout
        assert f"127.0.0.1:{port}" in listening
        assert f"0.0.0.0:{port}" not in listening
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 0


def test_standard_output_is_the_protocols_alone(project):
    lines = b'no json\n{"jsonrpc": "2.0"}\n[]\n{"jsonrpc": "2.0", "id": 1, "method": "nothing"}\n\xff\xfe\n'
    done = subprocess.run(SERVER, cwd=project, input=lines, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in done.stdout.splitlines())
    assert b"Traceback" not in done.stderr


def test_how_it_is_started_wrongly_is_told_in_a_sentence(project):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for options, said in (
            (["--http", "--port", port], f"--port {port}: Address already in use"),
            (["--port", "1"], "--port goes with --http"),
            (["--root", "nothing"], "--root nothing: no such folder"),
        ):
            done = subprocess.run([*SERVER, *options], cwd=project, capture_output=True, text=True, timeout=PATIENCE)
            assert (done.returncode, done.stdout, done.stderr) == (2, "", f"troubleshoot: {said}\n")


def test_without_the_sdk_it_is_told_how_to_install_it(project):
    program = (
        "import sys; sys.modules['mcp'] = sys.modules['mcp_types'] = None; sys.argv = ['troubleshoot', 'mcp'];"
        "from troubleshoot.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True)
    said = "troubleshoot: `mcp` needs the MCP SDK: pip install 'fastapi-troubleshoot[mcp]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_no_other_command_loads_anything_of_it(project):
    program = (
        "import sys; sys.argv = ['troubleshoot', 'answer', 'it is slow']; from troubleshoot.__main__ import run; run();"
        "print([name for name in sys.modules if name.startswith(('mcp', 'troubleshoot.serving'))], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_configurations_in_the_topic_start_it(project, tmp_path):
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", read("mcp"), re.DOTALL)]
    servers = [block["mcpServers"]["troubleshoot"] for block in blocks]
    assert [server.get("type", "stdio") for server in servers] == ["stdio", "stdio", "http"]

    async def main(server):
        assert server["command"] == "troubleshoot"
        assert server["args"][0] == "mcp"
        async with over_streams(project, *server["args"][1:]) as client:
            assert "main.py:19" in await text_of(client, "scan")

    for server in servers[:2]:
        anyio.run(main, server)
    assert servers[2]["url"] == f"http://127.0.0.1:{DEFAULT_PORT}/mcp"
