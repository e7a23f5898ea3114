"""What is said to occur wherever a pattern matches does."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.catalog.needles import needles_of
from troubleshoot.catalog.signatures import Signature, Signatures, signatures_of
from troubleshoot.sources.signatures import Automaton

SIGNATURES = signatures_of(load(find_content()))
NEEDLES = {row.pattern: needles for row, needles in zip(SIGNATURES.rows, SIGNATURES.needles, strict=True)}
PATTERNS = sorted(NEEDLES)
FLAGS = re.compile(r"^\(\?[a-z]+\)")


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        ("plain text", [("plain text",)]),
        ("(?i)Some CASE", [("some case",)]),
        ("one|other", [("one", "other")]),
        ("one|.*", []),
        ("(?:first|second) of them", [("first of them", "second of them")]),
        ("abcd?", [("abc",)]),
        ("a(bcd)*e", []),
        ("a(bcd)+e", [("abcd",), ("bcde",)]),
        ("a(bcd|.)+efg.", [("efg",)]),
        (r"WebSocket \S+ 403", [("websocket ",), (" 403",)]),
        (r"one.*three|four \d* six", [("three", "four ")]),
        (r"x{0,3}yz", []),
        (r"\d+ rows\.", [(" rows.",)]),
        (r"[]abc]long\[", [("long[",)]),
        (r"(?P<name>\w+)Error\b", [("error",)]),
        (r"\x41bcd", [("bcd",)]),
        (
            r"http(x2?|lib)\.(Read|Write)",
            [("httpx2.read", "httpx2.write", "httpx.read", "httpx.write", "httplib.read", "httplib.write")],
        ),
        (r"\b(urllib|socket)\.\w+(Error|\.Timeout): ", [("urllib.", "socket."), ("error: ", ".timeout: ")]),
        ("one (a|ab|bcd)e", [("one ae", "one abe", "one bcde")]),
        ("^$", []),
    ],
)
def test_what_must_occur_the_longest_first(pattern, needles):
    assert list(needles_of(pattern)) == needles


def test_texts_are_put_together_until_they_are_too_many():
    letters = "|".join("abcdefgh")
    assert needles_of(f"one({letters})({letters})") == (tuple(f"one{letter}" for letter in "abcdefgh"),)


def test_nearly_every_pattern_has_one():
    assert sum(not needles for needles in NEEDLES.values()) <= 3


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_they_occur_in_whatever_matches(data):
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(FLAGS.sub("", pattern.replace(r"\z", r"\Z")), alphabet=st.characters(codec="ascii")))
    lower = text.lower()
    assert all(any(needle in lower for needle in needles) for needles in NEEDLES[pattern]), (pattern, text)


@settings(max_examples=100)
@given(st.lists(st.sampled_from([pattern for pattern in PATTERNS if "(?" not in pattern]), min_size=1), st.data())
def test_the_same_is_found_with_and_without_them(patterns, data):
    text = data.draw(st.from_regex(data.draw(st.sampled_from(patterns)), alphabet=st.characters(codec="ascii")))
    rows = [Signature(pattern, "symptom", "") for pattern in patterns]
    with_needles = Automaton(Signatures.of(rows, [NEEDLES[pattern] for pattern in patterns]))
    without = Automaton(Signatures.of(rows, [()] * len(rows)))
    assert with_needles.search(text.encode()) == without.search(text.encode())
