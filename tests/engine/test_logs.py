"""Logs: what stands in them is found wherever it stands, with its line, and only once."""

import io
import json

import pytest
from catalogs import catalog_of, cause
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.model import Evidence, Signal, Skipped
from troubleshoot.sources.blocks import BLOCK
from troubleshoot.sources.logs import LogSource

CATALOG = catalog_of([cause("family/boom", {"s": "always"}, {})], ["s"], {"q": ["yes", "no"]})
SIGNALS = (
    Signal(pattern=r'BoomError: "(?P<part>\w+)" broke', weight="confirms"),
    Signal(pattern=r"plain words", weight="supports", within=r"in careful\b"),
)
object.__setattr__(CATALOG.causes["family/boom"], "signals", SIGNALS)
TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/app/main.py", line 12, in handler
    explode()
  File "/usr/lib/python3.12/asyncio/base.py", line 1, in explode
    raise BoomError
BoomError: "engine" broke
"""


def collect(data: bytes | str, name: str = "app.log"):
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(LogSource(CATALOG, stream, name).collect())


def test_a_signature_is_found_with_its_line_and_the_users_own_frame():
    (found,) = collect(f"INFO: fine\n{TRACEBACK}INFO: fine\n")
    assert isinstance(found, Evidence)
    assert (found.kind, found.subject, found.value, found.key) == ("signal", "family/boom", "confirms", "1")
    assert found.location == "app.log:7"
    assert found.captured == {
        "part": "engine",
        "file": "/srv/app/main.py",
        "line": "12",
        "function": "handler",
        "module": "main",
        "statement": "explode()",
    }
    assert "handler, /srv/app/main.py:12" in found.what


def test_a_last_line_without_a_line_end_belongs_to_its_traceback():
    (found,) = collect(TRACEBACK.rstrip("\n"))
    assert found.captured["function"] == "handler"


WRAPPINGS = {
    "colours": lambda text: text.replace("BoomError", "\x1b[31mBoom\x1b[0mError"),
    "compose": lambda text: "".join(f"web-1  | {line}\n" for line in text.splitlines()),
    "json": lambda text: json.dumps({"level": "error", "exc_info": text}) + "\n",
    "kubernetes": lambda text: "".join(f"2026-11-23T10:11:12.1Z stderr F {line}\n" for line in text.splitlines()),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "latin-1 around it": lambda text: "caf\xe9\n" + text,
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_what_a_log_puts_around_it_is_no_obstacle(wrap):
    (found,) = collect(wrap(TRACEBACK).encode("latin-1"))
    assert found.captured["part"] == "engine"
    assert found.captured["function"] == "handler"


def test_the_surroundings_decide_where_a_signature_asks_for_them():
    careful = TRACEBACK.replace("in handler", "in careful").replace('BoomError: "engine" broke', "Error: plain words")
    assert [item.key for item in collect(careful)] == ["2"]
    assert collect(careful.replace("careful", "careless")) == []


@pytest.mark.parametrize("size", [BLOCK - 200, BLOCK - 60, BLOCK, BLOCK + 10])
def test_a_traceback_across_two_blocks_is_not_cut(size):
    line = 'INFO:     127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK\n'
    padding = line * (size // len(line))
    (found,) = collect(padding + TRACEBACK + padding)
    assert found.location == f"app.log:{size // len(line) + 6}"
    assert found.captured["function"] == "handler"


def test_a_flood_of_the_same_error_is_located_a_few_times_only():
    found = collect(TRACEBACK * 500)
    assert len(found) == 3
    assert [item.location for item in found] == ["app.log:6", "app.log:12", "app.log:18"]


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "it is empty"), (b"\x7fELF\x02\x01\x01\x00" * 100, "it is not text")],
    ids=["empty", "binary"],
)
def test_what_cannot_be_examined_is_said(data, why):
    assert collect(data) == [Skipped(source="log", location="app.log", why=why)]


def test_secrets_and_escape_sequences_are_not_shown():
    (found,) = collect('BoomError: "x" broke postgresql://me:hunter22@db/app \x1b]0;title\x07 Bearer abcdefgh1jk\n')
    assert "hunter22" not in found.what
    assert "abcdefgh1jk" not in found.what
    assert "\x1b" not in found.what
    assert "<secret " in found.what


@given(st.binary(max_size=400))
def test_nothing_in_a_log_can_upset_it(data):
    collect(data + b"\n" + TRACEBACK.encode() + data)


@pytest.mark.parametrize("between", [1, 40])
def test_a_stack_below_a_line_is_read_to_its_end(between):
    frames = "".join(f'  File "/srv/app/layer{n}.py", line {n}, in step{n}\n' for n in range(between))
    (found,) = collect(f'plain words\n{frames}  File "/srv/app/main.py", line 7, in careful\nfine\n')
    assert found.location == "app.log:1"


def test_what_is_no_part_of_a_stack_ends_the_surroundings():
    assert collect("plain words\n" + "fine\n" * 40 + '  File "/srv/app/main.py", line 7, in careful\n') == []
