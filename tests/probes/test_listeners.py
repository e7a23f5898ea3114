"""The probe says whether somebody listens on a port, and at which address."""

import subprocess
import sys

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, free_port

APPLICATION = """
from fastapi import FastAPI

app = FastAPI()
"""


def said(folder, port):
    content = find_content()
    probe = Renderer(content, load(content)).probe("listeners", {"port": str(port)})
    (folder / probe.file_name).write_text(probe.text)
    done = subprocess.run([sys.executable, probe.file_name], cwd=folder, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_address_of_a_server_is_named(tmp_path):
    (tmp_path / "main.py").write_text(APPLICATION)
    with Bench(tmp_path, fixed=True).server() as server:
        assert said(tmp_path, server.port) == f"port {server.port}: somebody listens at 127.0.0.1\n"
    with Bench(tmp_path, fixed=True).server("--host", "0.0.0.0") as server:
        assert said(tmp_path, server.port) == f"port {server.port}: somebody listens at 0.0.0.0\n"


def test_a_server_on_another_port_and_on_ipv6_is_named(tmp_path):
    (tmp_path / "main.py").write_text(APPLICATION)
    other = free_port()
    with Bench(tmp_path, fixed=True).server("--host", "::1", wait=False) as server:
        assert server.wait_for_log("Uvicorn running on", 20)
        text = said(tmp_path, other)
    assert text.startswith(f"port {other}: nobody listens\nother ports on which somebody listens: ")
    assert f"{server.port} (at ::1)" in text
