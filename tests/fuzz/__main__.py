"""`python -m tests.fuzz DOOR MINUTES [--seed N]`: let random input in by one door, or by `all` in turn.

The first input that shows a bug is made as small as it goes and saved in `tests/fuzz/corpus/DOOR`, where the tests take
it up; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.fuzz import doors, programs  # noqa: F401 - the doors are made there
from tests.fuzz.door import DOORS, Door, TooSlowError, prepared
from tests.fuzz.strategies import made

CORPUS = Path(__file__).parent / "corpus"
MOST_TRIES = 2000
"""How often a failing input is tried smaller."""
SECONDS_SMALLER = 60.0


def failure(door: Door, data: bytes) -> BaseException | None:
    """Return what `data` shows to be wrong, or None."""
    try:
        door.enter(data)
    except (Exception, TooSlowError) as error:
        return error
    return None


def kind(error: BaseException) -> tuple[str, int]:
    """Return what tells one bug from another: the exception, and the last place of ours that it came through."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if "troubleshoot" in frame.filename]
    return type(error).__name__, (places[-1].lineno or 0) if places and type(error) is not TooSlowError else 0


def smaller(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Return a smaller input that still fails: without pieces, shorter and shorter ones."""
    until = time.monotonic() + SECONDS_SMALLER
    tries, size = 0, max(1, len(data) // 2)
    while size:
        start, found = 0, False
        while start < len(data) and tries < MOST_TRIES and time.monotonic() < until:
            tries += 1
            without = data[:start] + data[start + size :]
            if fails(without):
                data, found = without, True
            else:
                start += size
        size = size if found and size > 1 else size // 2
    return data


def run(door: Door, seconds: float, random: Random) -> int:
    """Let input in for a time; return how many there were. Raises what the first that failed has raised."""
    seeds = door.seeds()
    for data in seeds[:50]:
        _enter(door, data)
    started = said = time.monotonic()
    count = 0
    while (now := time.monotonic()) < started + seconds:
        _enter(door, made(random, seeds, door.vary))
        count += 1
        if now - said > 10:
            said = now
            print(f"{door.name}: {count:,} inputs, {count / (now - started):,.0f}/s", file=sys.stderr)
    return count


def _enter(door: Door, data: bytes) -> None:
    error = failure(door, data)
    if error is None:
        return
    short = smaller(data, lambda part: (other := failure(door, part)) is not None and kind(other) == kind(error))
    path = CORPUS / door.name / hashlib.blake2b(short, digest_size=4).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(short)
    print(f"{door.name}: {short[:300]!r} is saved as {path}", file=sys.stderr)
    raise failure(door, short) or error


def main() -> None:
    """Run the doors named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("door", choices=["all", *DOORS])
    parser.add_argument("minutes", type=float)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    arguments = parser.parse_args()
    chosen = list(DOORS.values()) if arguments.door == "all" else [DOORS[arguments.door]]
    print(f"seed {arguments.seed}", file=sys.stderr)
    warnings.simplefilter("error")
    with prepared():
        for door in chosen:
            try:
                count = run(door, arguments.minutes * 60, Random(arguments.seed))
            except (Exception, TooSlowError):
                traceback.print_exc()
                sys.exit(1)
            print(f"{door.name}: {count:,} inputs")


if __name__ == "__main__":
    main()
