"""How long redaction takes, from 10 KB to 10 MB of hostile and of ordinary text: `python tests/benchmarks/redaction.py`.

Ten times the text takes ten times as long; the last column is the time for 10 MB over a thousand times that for 10 KB.
"""

from __future__ import annotations

import time

from troubleshoot.redaction import redact

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
TEXTS = {
    "words and dashes": "a-",
    "base64url": "eyJhbGciOiJIUzI1NiIsInR5cCI6-",
    "an address": "https://shop.example/a/b?c=d&",
    "names of secrets": "token password ",
    "secrets": "token=abcdef; ",
    "ordinary log": 'INFO:     127.0.0.1:50000 - "GET /items?page=2 HTTP/1.1" 200 OK\n',
}


def seconds(text: str) -> float:
    """Return the shortest of three runs."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        redact(text)
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Print a line for each kind of text."""
    redact("")
    print(f"{'':20}" + "".join(f"{size // 1000:>10,} KB" for size in SIZES) + "    growth")
    for name, unit in TEXTS.items():
        taken = [seconds((unit * size)[:size]) for size in SIZES]
        cells = "".join(f"{item * 1000:>10,.1f} ms" for item in taken)
        print(f"{name:20}{cells}{taken[-1] / taken[0] / 1000:>9.1f}×")


if __name__ == "__main__":
    main()
