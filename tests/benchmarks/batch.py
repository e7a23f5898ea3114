"""How many tracebacks a second a batch answers: `python tests/benchmarks/batch.py [LINES] [JOBS ...]`.

The tracebacks are those of the tests, each of them a whole one of FastAPI's, in lines that all differ. Starting the
program counts, as it does for everybody; beside the rate stands what a bare loop of Python takes on this machine now,
which tells a busy machine from a slow program.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TRACEBACKS = Path(__file__).parent.parent / "engine" / "tracebacks"
LONGEST = 20_000
"""Characters; a few are of recursions, and longer than what a server logs."""


def lines(count: int) -> str:
    """Return `count` lines of JSON."""
    texts = [text for path in sorted(TRACEBACKS.glob("*.log")) if len(text := path.read_text()) <= LONGEST]
    return "".join(
        json.dumps({"id": number, "log": f"request {number}\n{texts[number % len(texts)]}"}) + "\n"
        for number in range(count)
    )


def main() -> None:
    """Print a line for each number of processes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    with tempfile.TemporaryDirectory() as folder:
        batch = Path(folder) / "batch.jsonl"
        batch.write_text(lines(count))
        size = batch.stat().st_size / count / 1000
        for jobs in sys.argv[2:] or ["1", "2"]:
            command = [sys.executable, "-m", "troubleshoot", "answer", "--batch", str(batch), "--jobs", jobs]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            taken = time.perf_counter() - started
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            started = time.process_time()
            for _ in range(10_000_000):
                pass
            loop = time.process_time() - started
            print(
                f"--jobs {jobs}: {count} lines of {size:.1f} KB, {count / taken:.0f} a second, "
                f"{processor / count * 1000:.1f} ms of a processor each (ten million turns of a loop take {loop:.2f} s)"
            )


if __name__ == "__main__":
    main()
