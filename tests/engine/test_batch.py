"""`answer --batch` as a process: lines in, lines out, whatever is in them, and however it ends."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.batch.cases import lines_of

TRACEBACKS = [path.read_text() for path in sorted((Path(__file__).parent / "tracebacks").glob("*.log"))[:12]]
GOOD = {"id": "good", "log": TRACEBACKS[0]}
BATCH = (sys.executable, "-m", "troubleshoot", "answer", "--batch", "-")


def written(*lines):
    return "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)


def read(out):
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def batch(environment, tmp_path):
    """Start a batch that reads what is written to it, in a session of its own."""
    started = []

    def start(*arguments, **options):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen(
            [*BATCH, *arguments], cwd=tmp_path, env=environment, start_new_session=True, bufsize=0, **pipes
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if living(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def living(process):
    """Return the processes of its session that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == process.pid and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def wait_until_gone(process):
    end = time.monotonic() + 60
    while living(process) and time.monotonic() < end:
        time.sleep(0.1)
    assert living(process) == []


def test_answers_stand_in_the_order_of_their_lines_and_are_the_same_from_two_processes(run, tmp_path):
    lines = [{"id": number, "log": text} for number, text in enumerate(TRACEBACKS * 2)]
    lines.insert(5, {"text": "the browser says CORS error only when my endpoint crashes"})
    (tmp_path / "cases.jsonl").write_text(written(*lines))
    one, two = (run("answer", "--batch", "cases.jsonl", "--jobs", jobs) for jobs in "12")
    assert one == two
    code, out, err = one
    assert (code, err) == (0, "")
    found = read(out)
    assert [item["id"] for item in found] == [line.get("id") for line in lines]
    assert [item["line"] for item in found] == list(range(1, len(lines) + 1))
    assert {item["schema"] for item in found} == {1}
    for item, line in zip(found, lines, strict=True):
        assert item["diagnosis"] == found[lines.index(line)]["diagnosis"]
    cors = found[5]
    assert (cors["status"], cors["named"]) == ("diagnosed", 1)
    assert cors["diagnosis"][0]["cause"] == "middleware/cors-missing-on-error"


def test_a_line_says_what_the_answer_alone_says(run, tmp_path):
    (tmp_path / "app.log").write_text(GOOD["log"])
    alone = json.loads(run("answer", "--log", "app.log", "--format", "json")[1])
    (item,) = read(run("answer", "--batch", "-", stdin=written(GOOD))[1])
    assert (item["status"], item["named"]) == (alone["status"], alone["named"])
    for one, other in zip(item["diagnosis"], alone["diagnosis"], strict=True):
        assert one == {key: other[key] for key in ("cause", "title", "probability", "line", "do_this")}
    assert run("answer", "--batch", "-", "--top", "1", stdin=written(GOOD))[1].count('"cause"') == 1


BAD = {
    "not JSON": ("nonsense", "is not JSON: Expecting value: line 1 column 1 (char 0)"),
    "cut off": ('{"id": "a", "text": "x', "is not JSON: "),
    "a list": ([1], "is no object; expected one with text, log or source"),
    "nothing": ({"id": "a"}, "has no text, log or source"),
    "a slip": ({"logs": "x"}, "has no text, log or source; did you mean 'log'?"),
    "a number": ({"log": 5}, "log: expected text"),
    "a strange id": ({"id": [1], "text": "x"}, "id: expected text or a whole number"),
    "no such source": ({"text": "x", "source": "nowhere"}, "source nowhere: no such file or folder"),
    "too deep": ("[" * 100_000, "is not JSON: too deep"),
    "not UTF-8": ('{"text": "\udcff"}', "is not UTF-8"),
    "too many digits": (f'{{"id": {"9" * 5000}, "text": "x"}}', "is not JSON: "),
}


def test_what_is_wrong_with_a_line_is_said_in_its_place(run):
    lines = [item for line, _ in BAD.values() for item in (line, GOOD)]
    code, out, err = run("answer", "--batch", "-", stdin=written(*lines).encode("utf-8", "surrogateescape"))
    assert (code, err) == (4, "")
    found = read(out)
    assert [item["line"] for item in found] == list(range(1, len(lines) + 1))
    for (name, (_, why)), item in zip(BAD.items(), found[::2], strict=True):
        assert set(item) == {"schema", "line", "id", "error"}, name
        assert item["error"].startswith(why), name
    assert {item["status"] for item in found[1::2]} == {"diagnosed"}
    assert [item["id"] for item in found[:12:2]] == [None, None, None, "a", None, None]


def test_nothing_of_a_line_harms_who_reads_the_answer(run):
    name = "\x1b[31mred ::error::x\u2028 password=hunter2hunter2\ud800"
    log = f"{GOOD['log']}\ndsn = 'postgresql://shop:Zx9w8v7u6t@db/shop'\n"
    code, out, err = run("answer", "--batch", "-", stdin=written({"id": name, "log": log}, {"id": name, "text": 3}))
    assert (code, err) == (4, "")
    for harmful in ("hunter2", "Zx9w8v7u6t", "\x1b", "\u2028", "::error::"):
        assert harmful not in out
    assert len({item["id"] for item in read(out)}) == 1


def test_empty_lines_count_and_say_nothing(run):
    assert run("answer", "--batch", "-") == (0, "", "")
    code, out, err = run("answer", "--batch", "-", stdin=f"\ufeff{json.dumps(GOOD)}\r\n\n \n{json.dumps(GOOD)}")
    assert (code, err) == (0, "")
    assert [item["line"] for item in read(out)] == [1, 4]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--batch", "-", "--log", "x"), "--batch has all that is handed over in its lines"),
        (("--batch", "-", "--format", "json"), "--batch has all that is handed over in its lines"),
        (("words", "--batch", "-"), "--batch has all that is handed over in its lines"),
        (("words", "--jobs", "2"), "--jobs goes with --batch"),
        (("--batch", "nowhere"), "--batch nowhere: cannot be opened: No such file or directory"),
        (("--batch", "."), "--batch .: is a folder; name the file in it"),
        (("--batch", "-", "--jobs", "0"), "Invalid value for '--jobs'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, arguments, why):
    code, out, err = run("answer", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"troubleshoot: {why}")


@pytest.mark.parametrize("jobs", "12")
def test_a_line_is_answered_before_the_next_one_comes(batch, jobs):
    process = batch("--jobs", jobs)
    for number in range(3):
        process.stdin.write(written({"id": number, "text": "cors"}).encode())
        assert json.loads(process.stdout.readline())["id"] == number
    assert process.communicate() == (b"", b"")
    assert process.returncode == 0


def feed(process, most):
    """Write lines until nobody takes more or there are `most` bytes; return how many bytes that were."""
    line = written({"id": "x" * 190}).encode()
    os.set_blocking(process.stdin.fileno(), False)
    taken = 0
    while taken < most and select.select([], [process.stdin], [], 5)[1]:
        taken += process.stdin.write(line) or 0
    return taken


@pytest.mark.parametrize("jobs", "12")
def test_no_more_is_read_than_is_answered_and_a_reader_who_leaves_ends_it(batch, jobs):
    process = batch("--jobs", jobs)
    assert feed(process, 4 << 20) < 3 << 20
    assert process.stdout.readline().startswith(b'{"schema": 1, "line": 1,')
    process.stdout.close()
    assert (process.wait(60), process.stderr.read()) == (0, b"")
    wait_until_gone(process)


@pytest.mark.parametrize("jobs", "12")
def test_an_interruption_leaves_whole_lines_and_no_process(batch, tmp_path, jobs):
    (tmp_path / "cases.jsonl").write_text(written(*({"id": number, "log": TRACEBACKS[2]} for number in range(5000))))
    with (tmp_path / "cases.jsonl").open("rb") as cases:
        process = batch("--jobs", jobs, stdin=cases)
        first = process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"troubleshoot: interrupted\n")
    found = read((first + out).decode())
    assert [item["id"] for item in found] == list(range(len(found)))
    assert len(found) < 5000
    wait_until_gone(process)


def test_without_its_parent_no_process_stays(batch):
    process = batch("--jobs", "2")
    process.stdin.write(written(GOOD).encode())
    assert process.stdout.readline()
    assert len(living(process)) == 3
    process.kill()
    wait_until_gone(process)


def test_a_process_that_is_ended_from_outside_is_said(batch):
    process = batch("--jobs", "2")
    process.stdin.write(written(GOOD).encode())
    assert process.stdout.readline()
    os.kill(next(number for number in living(process) if number != process.pid), signal.SIGKILL)
    _, err = process.communicate(written(GOOD).encode(), timeout=60)
    assert err == b"troubleshoot: a process that answers was ended from outside; `--jobs 1` needs none\n"
    assert process.returncode == 2
    wait_until_gone(process)


def test_on_a_terminal_it_says_how_far_it_is(batch):
    mine, theirs = pty.openpty()
    process = batch("--jobs", "1", stderr=theirs)
    os.close(theirs)
    said = b""
    for number in count():
        process.stdin.write(written({"id": number}).encode())
        process.stdout.readline()
        if select.select([mine], [], [], 0)[0]:
            said = os.read(mine, 1000)
            break
    assert said.startswith(b"\r\x1b[Kanswered ")
    assert b" a second" in said
    process.stdin.close()
    assert process.wait(60) == 4
    end = os.read(mine, 10_000)
    assert end.endswith(b"\r\x1b[K")
    os.close(mine)


SPAWNED = """
import io, sys
from troubleshoot import load
from troubleshoot.batch.workers import answers
if __name__ == "__main__":
    knowledge, data = load(), sys.stdin.buffer.read()
    for jobs in (1, 2):
        found = [item.text for items in answers(io.BytesIO(data).read, knowledge, 3, jobs, "spawn") for item in items]
        sys.stdout.write("".join(found))
"""


def test_processes_that_start_anew_say_the_same_and_import_nothing_of_the_folder(environment, tmp_path):
    program = tmp_path / "program" / "program.py"
    program.parent.mkdir()
    program.write_text(SPAWNED)
    here = tmp_path / "here"
    here.mkdir()
    for name in ("queue", "logging", "multiprocessing", "sqlite3"):
        (here / f"{name}.py").write_text(f"open({str(here / 'imported')!r}, 'w').close()\n")
    secret = {"text": "x", "log": f"{GOOD['log']}\nException: password='Zx9w8v7u6t5s'\n"}
    done = subprocess.run(
        [sys.executable, program],
        input=written(*({"log": text} for text in TRACEBACKS), secret).encode(),
        capture_output=True,
        cwd=here,
        env=environment,
        timeout=100,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * (len(TRACEBACKS) + 1)
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]
    if sys.version_info >= (3, 11):
        assert not (here / "imported").exists()


@given(
    data=st.lists(st.sampled_from([b"{}", b"x" * 300, b"", b" ", b"\r", b"{\xff"])).map(b"\n".join),
    cuts=st.lists(st.integers(1, 700)),
)
def test_lines_are_the_same_however_they_are_read(data, cuts):
    position, sizes = 0, iter(cuts)

    def read(size):
        nonlocal position
        piece = data[position : position + min(size, next(sizes, size))]
        position += len(piece)
        return piece

    found = [line for lines in lines_of(read) for line in lines]
    expected = [(number, line.strip()) for number, line in enumerate(data.split(b"\n"), start=1) if line.strip()]
    assert found == expected
