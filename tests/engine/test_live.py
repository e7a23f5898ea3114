"""A live log: however it arrives, nothing is lost, nothing is read twice, and no traceback is cut in two."""

from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.sources.live import LONGEST_WAIT, QUIET, LiveLog

ONE = b"""\
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/srv/app/main.py", line 12, in handler
    explode()
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app/main.py", line 14, in handler
    raise BoomError
BoomError: engine
"""
TWO = ONE.replace(b"engine", b"wheel")
LINES = b"INFO: fine\n" * 10


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_pieces_are_the_text_and_hold_whole_tracebacks(sizes):
    text, log, pieces, at = LINES + ONE + LINES + TWO + b"last", LiveLog(), [], 0
    for size in (*sizes, len(text)):
        pieces += log.feed(text[at : at + size], now=1.0)
        at += size
    pieces += log.close()
    assert b"".join(pieces) == text
    assert [ONE in piece for piece in pieces].count(True) == 1
    assert [TWO in piece for piece in pieces].count(True) == 1
    assert not any(ONE in piece and TWO in piece for piece in pieces)


def test_an_open_traceback_ends_when_it_has_been_quiet_for_a_while():
    log, opened = LiveLog(), ONE[: ONE.index(b"KeyError")]
    assert list(log.feed(opened, now=1.0)) == []
    assert list(log.tick(1.0 + QUIET / 2)) == []
    assert list(log.tick(1.0 + QUIET)) == [opened]


def test_lines_are_read_in_time_though_it_is_never_quiet():
    log = LiveLog()
    times = [1.0 + QUIET / 2 * n for n in range(20)]
    read = [n for n, now in enumerate(times) if list(log.feed(b"INFO: fine\n", now))]
    assert read
    assert times[read[0]] - times[0] <= LONGEST_WAIT + QUIET


def test_a_prompt_waits_for_its_line_and_a_line_without_end_does_not_grow_for_ever():
    log = LiveLog()
    assert list(log.feed(b"done\nname? ", now=1.0)) == []
    assert list(log.tick(2.0)) == [b"done\n"]
    assert not log.is_waiting
    assert b"".join(log.feed(b"x" * 200_000, now=3.0)) == b"name? " + b"x" * 200_000
