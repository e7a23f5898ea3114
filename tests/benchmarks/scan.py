"""How fast a scan is beside other tools, as ratios measured in one run: `python tests/benchmarks/scan.py TREE [RUNS]`.

TREE is a folder of Python sources, best with some 300,000 lines. Each tool is compared if it is installed beside this
Python or on the path: ruff (its ASYNC and FAST rules), hydroid, flake8 with flake8-async. A cold run remembers nothing;
a warm one has seen the same files before. The order of the pairs alternates; the median of the ratios is printed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROGRAM = [sys.executable, "-m", "troubleshoot", "scan", "--format", "json", "."]
RUFF = ["check", "--select", "ASYNC,FAST", "--quiet", "--isolated", "."]


def run(command: list[str], tree: Path, cache: Path) -> float:
    """Return the seconds that `command` takes in `tree` as a whole process."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "RUFF_CACHE_DIR": str(cache / "ruff")}
    started = time.perf_counter()
    subprocess.run(
        command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return time.perf_counter() - started


def compare(name: str, mine: Callable[[], float], theirs: Callable[[], float], runs: int) -> None:
    """Print the median ratio of `mine` to `theirs`, after a warm-up of each."""
    mine(), theirs()
    ratios = []
    for number in range(runs):
        first, second = (mine, theirs) if number % 2 else (theirs, mine)
        one, other = first(), second()
        ratios.append(one / other if number % 2 else other / one)
    print(f"{name}: {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")


def tool(name: str) -> str | None:
    """Return the path of a command beside this Python, or on the path."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


def main() -> None:
    """Print the ratios."""
    tree = Path(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    lines = sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.py"))
    print(f"{lines} lines")
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)

        def cold() -> float:
            for path in (cache / "troubleshoot").glob("*.scan"):
                path.unlink()
            return run(PROGRAM, tree, cache)

        def warm() -> float:
            return run(PROGRAM, tree, cache)

        ruff, hydroid, flake8 = (tool(name) for name in ("ruff", "hydroid", "flake8"))
        if ruff:
            compare("cold, to ruff --no-cache", cold, lambda: run([ruff, *RUFF, "--no-cache"], tree, cache), runs)
            compare("warm, to ruff warm", warm, lambda: run([ruff, *RUFF], tree, cache), runs)
        if hydroid:
            compare("cold, to hydroid --no-cache", cold, lambda: run([hydroid, "--no-cache", "."], tree, cache), runs)
        if flake8:
            theirs = run([flake8, "--select", "ASYNC", "."], tree, cache)
            print(f"flake8-async takes {theirs / cold():.0f} times as long")


if __name__ == "__main__":
    main()
