"""How fast a scan is beside other tools, as ratios measured in one run: `python tests/benchmarks/scan.py TREE [RUNS]`.

TREE is a folder of Python sources, best with some 300,000 lines; it is copied, because a file in it is changed. Each
tool is compared if it is installed beside this Python or on the path: ruff (its ASYNC and FAST rules), hydroid, flake8
with flake8-async. A cold run remembers nothing; a warm one has seen the same files before; in between lies one after
which a file has changed. The order of the pairs alternates; the median of the ratios is printed, and the most memory
that a cold run takes in one process.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

PROGRAM = [sys.executable, "-m", "troubleshoot", "scan", ".", "--format"]
NEWLINE = b"\n"
RUFF = ["check", "--select", "ASYNC,FAST", "--quiet", "--isolated", "."]


def run(command: list[str], tree: Path, cache: Path) -> float:
    """Return the seconds that `command` takes in `tree` as a whole process."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "RUFF_CACHE_DIR": str(cache / "ruff")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
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
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        tree, cache = Path(folder, "project", "tree"), Path(folder, "cache")
        shutil.copytree(sys.argv[1], tree, symlinks=True)
        (tree / ".git").mkdir(exist_ok=True)
        paths = sorted(path for path in tree.rglob("*.py") if path.is_file())
        print(f"{sum(path.read_bytes().count(NEWLINE) for path in paths)} lines")

        chance = random.Random(1)

        def warm(form: str = "json") -> float:
            return run([*PROGRAM, form], tree, cache)

        def cold(form: str = "json") -> float:
            for ending in ("scan", "marked", "proposed"):
                for path in (cache / "troubleshoot").glob(f"*.{ending}"):
                    path.unlink()
            return warm(form)

        def changed(among: Sequence[Path]) -> float:
            changing = chance.choice(among)
            changing.write_bytes(changing.read_bytes() + NEWLINE)
            return warm()

        ruff, hydroid, flake8 = (tool(name) for name in ("ruff", "hydroid", "flake8"))
        if ruff:
            for form in ("text", "json"):
                theirs = [ruff, *RUFF, "--no-cache"]
                compare(
                    f"cold {form}, to ruff --no-cache", partial(cold, form), partial(run, theirs, tree, cache), runs
                )
            compare("warm, to ruff warm", warm, partial(run, [ruff, *RUFF], tree, cache), runs)
        largest = max(paths, key=lambda path: path.stat().st_size)
        compare("the largest file changed, to warm", partial(changed, [largest]), warm, runs)
        compare("a file taken by chance changed, to warm", partial(changed, paths), warm, 3 * runs)
        if hydroid:
            theirs = [hydroid, "--no-cache", "."]
            compare("cold, to hydroid --no-cache", cold, partial(run, theirs, tree, cache), runs)
        if flake8:
            seconds = run([flake8, "--select", "ASYNC", "."], tree, cache)
            print(f"flake8-async takes {seconds / cold():.0f} times as long")
        print(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB at most")


if __name__ == "__main__":
    main()
