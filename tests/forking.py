"""Processes that begin with modules imported: forked from one that has done nothing else.

Most of what a short process takes is its imports. What is forked is a process of its own all the same, with its own
folder, variables, streams and exit code, and what it does to modules ends with it.
"""

import contextlib
import gc
import json
import os
import select
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

LIMIT = 100


class Parent:
    """The process with the modules imported."""

    def __init__(
        self, modules: Sequence[str], options: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> None:
        self.env = dict(os.environ if env is None else env)
        self.process = subprocess.Popen(
            [sys.executable, *options, __file__, *modules],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=self.env,
        )  # fmt: skip

    def run(
        self, program: str, cwd: Path, env: Mapping[str, str] | None = None, limit: float = LIMIT
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the text `program` in a child, whose standard input is empty."""
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            asked = {
                "program": program,
                "cwd": str(cwd),
                "env": dict(env or self.env),
                "streams": [out.name, err.name],
            }
            self.process.stdin.write(json.dumps(asked).encode() + b"\n")
            if not select.select([self.process.stdout], [], [], limit)[0]:
                self.end()
                raise subprocess.TimeoutExpired(program, limit)
            code = int(self.process.stdout.readline())
            return subprocess.CompletedProcess(program, code, Path(out.name).read_bytes(), Path(err.name).read_bytes())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def parent(*modules: str, options: Sequence[str] = (), env: Mapping[str, str] | None = None) -> Iterator[Parent]:
    """Start one, and end it."""
    started = Parent(modules, options, env)
    try:
        yield started
    finally:
        started.end()


def serve() -> None:
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            become(asked)
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def become(asked: Mapping[str, object]) -> None:
    """Run the program in this process, which ends with it."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in enumerate(asked["streams"], start=1):
        os.dup2(os.open(name, os.O_WRONLY), number)
    # The parent's own has read ahead.
    sys.stdin = open(0, encoding=sys.stdin.encoding, closefd=False)  # noqa: SIM115 - as long as the process
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    code = 1
    try:
        exec(compile(asked["program"], "<string>", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    # This file's own folder, where modules of tests are.
    del sys.path[0]
    for module in sys.argv[1:]:
        __import__(module)
    # What is never freed is never looked through, in no child either.
    gc.freeze()
    serve()
