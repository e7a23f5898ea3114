"""Patterns as text: what is written out is what the pattern matches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot import patterns
from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.site.messages import HOLE, MOST, messages_of

CATALOG = load(find_content())


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"\bMissingGreenlet\b", ("MissingGreenlet",)),
        (r"no such table: ?(?P<table>\w+)", ("no such table: …",)),
        (r"(?:\b|\\n)(Value|Key)Error: ", ("ValueError:", "KeyError:")),
        (r"Cannot call \W{1,3}receive\W{1,3} once", ('Cannot call "receive" once',)),
        (r"No .?.?Access-Control-Allow-Origin.{0,3} header", ("No Access-Control-Allow-Origin header",)),
        (r"[Tt]able '[^']+' (is|was) gone\.", ("Table '…' is gone.", "Table '…' was gone.")),
        (r"took \d+\.\d+ seconds|(?i)slow(ly)?", ("took ….… seconds", "slow")),
        (r"\d+", ()),
    ],
)
def test_a_pattern_reads_as_what_it_looks_for(pattern, texts):
    assert messages_of(pattern) == texts


def test_what_could_be_too_many_texts_is_left_open():
    texts = messages_of("(a|b)(c|d)(e|f)(g|h)(i|j)(k|l)known")
    assert (len(texts), texts[0], texts[-1]) == (32, "acegi…known", "bdfhj…known")


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30))
def test_a_text_that_is_no_pattern_stays_itself(text):
    said = " ".join(part for part in text.split(" ") if part)
    assert messages_of(re.escape(text)) == ((said,) if sum(map(str.isalnum, said)) >= 3 else ())


def test_what_is_written_out_in_full_is_matched():
    found = [signal.pattern for cause in CATALOG.causes.values() for signal in cause.signals]
    found += [pattern for symptom in CATALOG.symptoms.values() for pattern in symptom.signatures]
    full = [(pattern, text) for pattern in dict.fromkeys(found) for text in messages_of(pattern) if HOLE not in text]
    assert len(full) > len(found) / 2
    for pattern, text in full:
        # A space may be asked for before or behind it.
        assert patterns.compiled(pattern).search(f'" {text} '.encode()) or patterns.compiled(pattern).search(
            text.encode()
        ), (pattern, text)
    assert all(len(messages_of(pattern)) <= 2 * MOST for pattern in found)


def test_the_edge_of_a_pattern_is_one_of_a_line():
    found = [signal.pattern for cause in CATALOG.causes.values() for signal in cause.signals]
    found += [pattern for symptom in CATALOG.symptoms.values() for pattern in symptom.signatures]
    edged = [pattern for pattern in found if re.search(r"^(\(\?[a-ls]+\))?\^|(?<!\\)\$$", pattern)]
    assert [pattern for pattern in edged if not re.match(r"\(\?[a-z]*m[a-z]*\)", pattern)] == []
