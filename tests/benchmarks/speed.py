"""How fast the program is, as ratios measured in one run: `python tests/benchmarks/speed.py [MEGABYTES]`.

Each pair of commands runs in turn; the median of the ratios is printed. Reading a log is compared with ripgrep counting
the lines that match as many patterns, if ripgrep is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pexpect

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.catalog.signatures import ALWAYS, signatures_of

TRACEBACK = Path(__file__).parent.parent / "readme" / "app.log"
RUNS = 9
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
TYPER = [sys.executable, "-c", "import typer"]
QUESTIONARY = [sys.executable, "-c", "import typer, questionary"]
PROGRAM = [sys.executable, "-m", "troubleshoot"]


def run(command: Sequence[str], stdin: Path | None = None) -> float:
    """Return the seconds that `command` takes as a whole process."""
    with (stdin or Path(os.devnull)).open("rb") as given:
        started = time.perf_counter()
        subprocess.run(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return time.perf_counter() - started


def first_prompt() -> float:
    """Return the seconds until the wizard's first question is on the screen."""
    started = time.perf_counter()
    child = pexpect.spawn(PROGRAM[0], PROGRAM[1:], dimensions=(40, 100), timeout=30)
    child.expect("What do you see")
    taken = time.perf_counter() - started
    child.close(force=True)
    return taken


def compare(name: str, one: Callable[[], float], other: Callable[[], float], runs: int = RUNS) -> None:
    """Print the median ratio of `one` to `other`, after a warm-up of each."""
    one(), other()
    pairs = [(one(), other()) for _ in range(runs)]
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name}: {ratio:.2f} ({mine:.3f} s to {theirs:.3f} s)")


def big_log(folder: Path, megabytes: int) -> Path:
    """Write a log of access lines around one traceback."""
    path = folder / "big.log"
    lines = "".join(f'INFO:     127.0.0.1:{port} - "GET /items/{port} HTTP/1.1" 200 OK\n' for port in range(20_000))
    with path.open("w") as file:
        count = megabytes * 1_000_000 // len(lines)
        for index in range(count):
            file.write(lines)
            if index == count // 2:
                file.write(TRACEBACK.read_text())
    return path


def main() -> None:
    """Print all ratios."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    compare(
        "a 30-line traceback answered / import typer",
        lambda: run([*PROGRAM, "answer", "--log", "-"], TRACEBACK),
        lambda: run(TYPER),
    )
    compare("--help / import typer", lambda: run([*PROGRAM, "--help"]), lambda: run(TYPER))
    compare("first prompt / import typer, questionary", first_prompt, lambda: run(QUESTIONARY))
    with tempfile.TemporaryDirectory() as name:
        log = big_log(Path(name), megabytes)
        mine = [*PROGRAM, "answer", "--log", str(log)]
        ripgrep = shutil.which("rg")
        if ripgrep:
            patterns = Path(name) / "patterns"
            named = [item.pattern for item in signatures_of(load(find_content())).rows[len(ALWAYS) :]]
            # ripgrep joins the patterns, no two groups in one pattern may have the same name, and none spans lines.
            patterns.write_text(
                "".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) + "\n" for pattern in named if r"\n" not in pattern)
            )
            theirs = [ripgrep, "--regex-size-limit", "2G", "-c", "-f", str(patterns), str(log)]
            compare(f"a log of {megabytes} MB / rg -c -f", lambda: run(mine), lambda: run(theirs), runs=3)
        else:
            print(f"a log of {megabytes} MB: {run(mine):.2f} s (ripgrep is not installed)")
        peak = subprocess.run(
            [sys.executable, "-c", PEAK, *mine],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        print(f"peak memory: {peak} MB")


if __name__ == "__main__":
    main()
