"""Where results go: into a file whole or not at all, through a link, into a device without replacing it."""

import os
import stat
import threading

import pytest

CAUSE = "websocket/disconnect-not-handled"
FIX = ("fix", CAUSE, "--defaults", "-o")


def test_a_link_is_followed(run, tmp_path):
    (tmp_path / "real.py").write_text("old\n")
    (tmp_path / "link.py").symlink_to("real.py")
    assert run(*FIX, "link.py")[0] == 2
    assert (tmp_path / "real.py").read_text() == "old\n"
    assert run(*FIX, "link.py", "--force")[0] == 0
    assert (tmp_path / "link.py").is_symlink()
    assert "websocket" in (tmp_path / "real.py").read_text()


def test_a_link_to_nowhere_is_there_already_and_with_force_leads_to_a_new_file(run, tmp_path):
    (tmp_path / "link.py").symlink_to("new.py")
    assert run(*FIX, "link.py")[0] == 2
    assert not (tmp_path / "new.py").exists()
    assert run(*FIX, "link.py", "--force")[0] == 0
    assert "websocket" in (tmp_path / "new.py").read_text()


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_pipe_is_written_to_and_stays_a_pipe(run, tmp_path, force):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()), daemon=True)
    reader.start()
    code, _, err = run(*FIX, "pipe", *force)
    reader.join(10)
    assert code == 0, err
    assert "websocket" in read[0]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_pipe_that_nobody_reads_is_said(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    code, _, err = run(*FIX, "pipe", "--force")
    assert code == 2
    assert err.startswith("troubleshoot: pipe: cannot be written: ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
@pytest.mark.parametrize("arguments", [(*FIX, "null", "--force"), ("scan", ".", "--write-baseline", "null")])
def test_a_device_stays_a_device(run, tmp_path, arguments):
    os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    assert run(*arguments)[0] == 0
    assert stat.S_ISCHR((tmp_path / "null").stat().st_mode)


def test_a_secret_that_a_pattern_captured_is_neither_shown_nor_written(run, tmp_path):
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    log = f'INFO:     127.0.0.1:1 - "WebSocket /ws/{token}" 403\nINFO:     connection rejected (403 Forbidden)\n'
    (tmp_path / "server.log").write_text(log)
    asked = ("answer", "my websocket gives 403", "--log", "server.log", "--format")
    shown = [run(*asked, form)[1] for form in ("text", "json", "markdown")]
    run("fix", "websocket/route-not-found", "--log", "server.log", "-o", "fix.py")
    written = [path.read_text() for path in tmp_path.iterdir() if path.name != "server.log"]
    assert any("<secret " in text for text in shown)
    assert not [text for text in (*shown, *written) if token in text]
