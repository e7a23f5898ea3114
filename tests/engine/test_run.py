"""`troubleshoot run`: the child's output, signals, terminal and exit code stay its own; what is known stands beside."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

RUN = [sys.executable, "-m", "troubleshoot", "run"]
DISCONNECT = """\
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/srv/app/chat.py", line 12, in talk
    text = await websocket.receive_text()
  File "/srv/lib/python3.12/site-packages/starlette/websockets.py", line 126, in receive_text
    self._raise_on_disconnect(message)
starlette.websockets.WebSocketDisconnect: (1001, '')
"""
LOCKED = """\
Traceback (most recent call last):
  File "/srv/app/orders.py", line 7, in save
    session.commit()
sqlite3.OperationalError: database is locked
"""
POOL = """\
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/srv/lib/python3.12/site-packages/uvicorn/protocols/http/h11_impl.py", line 415, in run_asgi
    result = await app(
  File "/srv/app/orders.py", line 7, in read
    session.scalars(query)
  File "/srv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py", line 174, in _do_get
    raise exc.TimeoutError(
sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00
"""


@pytest.fixture
def start(environment, tmp_path):
    """Start `troubleshoot run ARGUMENTS` with its output in pipes; whatever is left over is killed."""
    started = []

    def start(*arguments: str, **options) -> subprocess.Popen[bytes]:
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen([*RUN, *arguments], cwd=tmp_path, env=environment, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run(start):
    """Run a Python program under `troubleshoot run` and return exit code, standard output and standard error."""

    def run(program: str, *options: str):
        process = start(*options, "--", sys.executable, "-c", program)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err.decode()

    return run


def is_alive(process_id: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_bytes_streams_and_exit_code_are_the_childs(run):
    program = (
        "import os; os.write(1, bytes(range(256)) * 5000); os.write(2, b'\\x1b[31mred\\x1b[0m no end'); os._exit(7)"
    )
    code, out, err = run(program)
    assert (code, out, err) == (7, bytes(range(256)) * 5000, "\x1b[31mred\x1b[0m no end")


def test_both_streams_into_one_place_keep_their_order(start):
    program = "import os\nfor n in range(300): os.write(1 + n % 2, b'%d\\n' % n)"
    process = start("--", sys.executable, "-c", program, stderr=subprocess.STDOUT)
    assert process.communicate(timeout=60)[0].split() == [b"%d" % n for n in range(300)]


def test_a_lot_is_passed_on_whole(run):
    code, out, _ = run("import sys\nfor n in range(300): sys.stdout.buffer.write(b'x' * 99999 + b'\\n')")
    assert code == 0
    assert out == (b"x" * 99999 + b"\n") * 300


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ("no-such-command", 127, "troubleshoot: no-such-command: command not found\n"),
        ("/etc/passwd", 126, "troubleshoot: /etc/passwd: cannot be run: Permission denied\n"),
    ],
)
def test_a_command_that_cannot_be_run_is_one_sentence(start, command, code, message):
    process = start("--", command)
    assert (process.communicate(timeout=60), process.returncode) == ((b"", message.encode()), code)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"])
def test_a_signal_reaches_the_child_once(start, name):
    program = (
        f"import signal, time; count = []; signal.signal(signal.{name}, lambda *_: count.append(1));"
        "print('ready', flush=True); end = time.monotonic() + 1.0\n"
        "while time.monotonic() < end: time.sleep(0.05)\n"
        "print(len(count))"
    )
    process = start("--", sys.executable, "-c", program)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.Signals[name])
    assert process.communicate(timeout=60) == (b"1\n", b"")
    assert process.returncode == 0


def test_a_child_killed_by_a_signal_ends_as_in_a_shell(run):
    assert run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")[0] == 137


def test_a_prompt_without_a_line_end_appears_at_once(start):
    process = start("--", sys.executable, "-u", "-c", "print('name? ', end=''); input()", stdin=subprocess.PIPE)
    assert os.read(process.stdout.fileno(), 100) == b"name? "
    process.stdin.write(b"x\n")


def test_what_the_child_left_running_does_not_hold_the_command_up(run):
    began = time.monotonic()
    code, out, _ = run("import subprocess; subprocess.Popen(['sleep', '8']); print('gone')")
    assert (code, out) == (0, b"gone\n")
    assert time.monotonic() - began < 6


def test_a_child_without_streams_goes_on(run):
    assert run("import os, time; os.close(1); os.close(2); time.sleep(0.5); os._exit(3)")[0] == 3


def test_a_reader_that_leaves_is_noticed_by_the_child(start):
    process = start("--", "yes")
    assert process.stdout.readline() == b"y\n"
    process.stdout.close()
    assert process.wait(20) == 128 + signal.SIGPIPE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child with its parent")
def test_a_child_does_not_outlive_us_unseen(start):
    process = start("--", sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    for _ in range(100):
        if not is_alive(child):
            return
        time.sleep(0.05)
    pytest.fail("the child is still there")


def test_a_known_error_is_named_once_and_another_one_as_well(run):
    program = (
        f"import sys, time\nfor text in ({DISCONNECT!r}, {DISCONNECT!r}, {LOCKED!r}):\n"
        "    sys.stderr.write(text); sys.stderr.flush()"
    )
    code, out, err = run(program)
    assert (code, out) == (0, b"")
    assert err.count("┌─ troubleshoot") == 2
    assert err.count("│ Likely: WebSocketDisconnect is not caught when the client leaves\n") == 1
    assert "│ Why:    starlette.websockets.WebSocketDisconnect: (1001, '') (in talk, /srv/app/chat.py:12)\n" in err
    assert "│ Fix:    Catch the disconnect and clean up in finally\n" in err
    assert "│         troubleshoot fix websocket/disconnect-not-handled --source .\n" in err
    assert "│         troubleshoot explain database/sqlite-locked\n" in err
    assert err.splitlines()[-2:] == [
        "troubleshoot: 2 causes named: websocket/disconnect-not-handled, database/sqlite-locked",
        "troubleshoot explain websocket/disconnect-not-handled",
    ]


def test_the_commands_that_are_shown_work_as_they_stand(run, environment, tmp_path):
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    _, _, err = run(f"import sys\nsys.stderr.write({DISCONNECT + POOL + LOCKED!r})")
    commands = [line.lstrip("│ ") for line in err.splitlines() if line.lstrip("│ ").startswith("troubleshoot ")]
    assert {command.split()[1] for command in commands} == {"explain", "fix", "answer"}
    for command in dict.fromkeys(commands):
        done = subprocess.run(
            [*RUN[:-1], *command.split()[1:]],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert done.returncode in (0, 1), (command, done.stderr)


def test_an_error_that_a_few_causes_share_is_named_once_with_these(run):
    _, _, err = run(f"import sys\nfor _ in range(2): sys.stderr.write({POOL!r})")
    assert err.count("┌─ troubleshoot") == 1
    assert "│ Known:  The application waits for a database connection and times out\n" in err
    assert "(in read, /srv/app/orders.py:7)" in " ".join(err.replace("│", " ").split())
    assert "│         database/session-not-closed\n" in err
    assert err.splitlines()[-1] == "troubleshoot answer --answer symptom=pool-exhausted --source ."


@pytest.mark.parametrize("text", ["all is well\n", LOCKED.replace("database is locked", "who knows")])
def test_nothing_is_said_when_nothing_is_known(run, text):
    assert run(f"import sys; sys.stderr.write({text!r})") == (0, b"", text)


def test_a_diagnosis_waits_for_the_end_of_the_traceback_and_of_the_line(start):
    program = (
        "import sys, time\n"
        f"for line in {DISCONNECT.splitlines()!r}: print(line, flush=True); time.sleep(0.05)\n"
        "print('> ', end='', flush=True); time.sleep(2); print('typed', flush=True); time.sleep(0.5); print('bye')"
    )
    process = start("--", sys.executable, "-c", program, stderr=subprocess.STDOUT)
    text = process.communicate(timeout=60)[0].decode()
    assert text.startswith(DISCONNECT + "> typed\n┌─ troubleshoot\n")
    assert "└─\nbye\ntroubleshoot: 1 cause named: websocket/disconnect-not-handled\n" in text


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["terminal", "NO_COLOR", "dumb"],
)
def test_the_frame_is_coloured_on_a_terminal_and_fits_it(terminal, environment, variables, is_coloured):
    environment |= {"TERM": "xterm-256color", **variables}
    child = terminal(f"import sys\nsys.stderr.write({DISCONNECT!r})", columns=60)
    child.expect(pexpect.EOF)
    text = child.before
    assert ("\x1b[" in text) == is_coloured
    lines = re.sub(r"\x1b\[\d*m", "", text).splitlines()
    frame = lines[lines.index("┌─ troubleshoot") : lines.index("└─") + 1]
    prose = [line for line in frame if "troubleshoot " not in line and "websocket/" not in line]
    assert max(map(len, prose)) <= 60
    assert "│ Likely: WebSocketDisconnect is not caught when the client" in frame


@pytest.fixture
def terminal(environment, tmp_path):
    """Start a Python program under `troubleshoot run` in a terminal of 30 lines."""
    started = []

    def terminal(program: str, *options: str, columns: int = 100) -> pexpect.spawn:
        arguments = [*RUN[1:], *options, "--", sys.executable, "-u", "-c", program]
        child = pexpect.spawn(
            RUN[0], arguments, dimensions=(30, columns), env=environment, cwd=tmp_path, encoding="utf-8", timeout=20
        )
        started.append(child)
        return child

    yield terminal
    for child in started:
        child.close(force=True)


def test_a_terminal_stays_a_terminal_with_its_size(terminal):
    child = terminal(
        "import os, signal, sys\n"
        "signal.signal(signal.SIGWINCH, lambda *_: None)\n"
        "print([os.isatty(n) for n in range(3)], os.get_terminal_size(1))\n"
        "input('go? ')\n"
        "print(os.get_terminal_size(1))"
    )
    child.expect_exact("[True, True, True] os.terminal_size(columns=100, lines=30)\r\n")
    child.expect_exact("go? ")
    child.setwinsize(40, 120)
    time.sleep(0.3)
    child.sendline("")
    child.expect_exact("os.terminal_size(columns=120, lines=40)\r\n")
    child.expect(pexpect.EOF)


def test_ctrl_c_reaches_the_child_exactly_once(terminal):
    child = terminal(
        "import signal, time; count = []; signal.signal(signal.SIGINT, lambda *_: count.append(1)); print('ready')\n"
        "end = time.monotonic() + 1.5\n"
        "while time.monotonic() < end: time.sleep(0.05)\n"
        "print('interrupts:', len(count)); raise SystemExit(5)"
    )
    child.expect_exact("ready")
    child.sendintr()
    child.expect("interrupts: (\\d+)")
    assert child.match[1] == "1"
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5
    assert "interrupted" not in child.before


LOOP = """
import asyncio, time

async def main():
    await asyncio.sleep(0.3)
    time.sleep(0.8)
    await asyncio.sleep(0.3)
    import slow_module
    time.sleep(0.7)
    await asyncio.sleep(0.3)

for _ in range(2):
    asyncio.run(main())
"""


def test_the_line_that_blocks_the_event_loop_is_reported_once_and_imports_are_not(start, tmp_path):
    (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(0.6)\n")
    (tmp_path / "loop.py").write_text(LOOP)
    process = start("--watch-loop", "--slow", "0.5", "--", sys.executable, "loop.py")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"")
    lines = [line for line in err.decode().splitlines() if line.startswith("troubleshoot: event loop blocked")]
    assert len(lines) == 2, err.decode()
    for line, number in zip(lines, (6, 9), strict=True):
        seconds = re.fullmatch(
            rf"troubleshoot: event loop blocked for ([\d.]+) s at loop\.py:{number} in main, a task of its own: "
            r"time\.sleep\(0\.\d\)"
            r"( \(waiting\))?",
            line,
        )
        assert seconds, line
        assert 0.5 < float(seconds[1]) < 3
    assert "│         background-tasks/blocking-call-in-task, " in err.decode()
    assert "endpoint" not in err.decode()
    assert "Executing <" not in err.decode()


def test_what_asyncio_says_of_slow_callbacks_is_only_kept_where_it_was_wanted(start, environment):
    program = "import asyncio, time\nasync def main():\n  for _ in range(2):\n    await asyncio.sleep(0.3)\n    time.sleep(0.8)\n  await asyncio.sleep(0.5)\nasyncio.run(main())"
    for variable, is_kept in (("", False), ("1", True)):
        environment["PYTHONASYNCIODEBUG"] = variable
        process = start("--watch-loop", "--slow", "0.5", "--", sys.executable, "-c", program)
        err = process.communicate(timeout=60)[1].decode()
        assert bool(re.search("Executing <.* took", err)) == is_kept
        assert err.count("troubleshoot: event loop blocked") == 1


def test_a_coroutine_that_is_never_awaited_is_shown_where_it_was_made(start, tmp_path):
    (tmp_path / "jobs.py").write_text(
        "import asyncio, gc\nasync def save(): ...\nasync def main():\n    kept = [save()]\n    kept.append(kept)\n"
        "    del kept\n    gc.collect()\nasyncio.run(main())\n"
    )
    process = start("--watch-loop", "--", sys.executable, "jobs.py")
    err = process.communicate(timeout=60)[1].decode()
    assert re.search(r"jobs\.py:7: RuntimeWarning: coroutine 'save' was never awaited", err)
    assert "│ Why:    RuntimeWarning: coroutine 'save' was never awaited (in main, jobs.py:4)\n" in err


def test_the_environments_own_sitecustomize_still_runs(start, environment, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.customized = True\n")
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(tmp_path / "site"), environment.get("PYTHONPATH")]))
    process = start("--watch-loop", "--", sys.executable, "-c", "import sys; print(sys.customized)")
    out, err = process.communicate(timeout=60)
    assert out == b"True\n"
    assert err.decode() == "troubleshoot: no event loop was watched: no asyncio program has run.\n"


def test_a_signal_for_the_whole_group_reaches_the_child_once(environment, tmp_path):
    program = (
        "import signal, time; count = []; signal.signal(signal.SIGINT, lambda *_: count.append(1));"
        "print('ready', flush=True)\n"
        "while not count: time.sleep(0.01)\n"
        "time.sleep(1)\n"
        "print(len(count))"
    )
    command = [*RUN, "--", sys.executable, "-c", program]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=tmp_path, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == b"1\n"
