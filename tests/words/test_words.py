"""The words that the wheel carries are those of today's knowledge, small, quick to read, and say whose they are."""

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.sources.words import FILE, Words, fingerprint, read_words

CONTENT = find_content()
WORDS = read_words(CONTENT.knowledge)
assert WORDS is not None


def test_they_are_as_old_as_the_knowledge():
    hint = "python tests/words/make.py makes them again"
    assert WORDS.made_from == fingerprint(load(CONTENT)), hint
    assert set(WORDS.causes) == set(load(CONTENT).causes), hint


def test_they_take_less_than_a_megabyte():
    assert (CONTENT.knowledge / FILE).stat().st_size < 1_000_000


def test_a_notice_names_the_model():
    notice = (CONTENT.knowledge / "NOTICE").read_text()
    assert "all-MiniLM-L6-v2" in notice
    assert "Apache License, Version 2.0" in notice


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("the server is frozen", "requests hang", "the password is wrong"),
        ("it is sluggish", "slow", "forbidden"),
        ("the picture is not sent", "the image is missing from the upload", "a circular import"),
    ],
)
def test_what_means_the_same_is_near(text, near, far):
    def product(one: str, other: str) -> float:
        first, second = WORDS.vector(one), WORDS.vector(other)
        return sum(map(lambda a, b: a * b, first, second)) / (
            sum(a * a for a in first) ** 0.5 * sum(b * b for b in second) ** 0.5
        )

    assert product(text, near) > product(text, far)


def test_a_word_is_read_as_the_longest_pieces_that_are_known():
    words = Words(
        numbers={"web": 0, "##so": 1, "##socket": 2, "e": 3},
        vectors=array("b", [1, 0, 0, 1, 1, 1, 5, 5]),
        dimensions=2,
        causes=["a"],
        head=array("b", [1, 0, 0, 1]),
        head_scale=1.0,
        biases=[0.5, 0.0],
        made_from="",
    )
    assert list(words.pieces("WebSocket é ?")) == [0, 2, 3]
    assert words.vector("websocket") == [2, 1]
    assert words.logits([3, 4]) == [pytest.approx(3 / 5 + 0.5)]
    assert words.asideness([3, 4]) == pytest.approx(4 / 5)
    assert words.logits([0, 0]) == []


@given(st.text(max_size=400))
def test_no_text_can_upset_them(text):
    assert len(WORDS.vector(text)) == WORDS.dimensions


@pytest.mark.parametrize("damage", [b"", b"{}\n", b'{"schema": 1}\n', b'{"schema": 2}\nx\0'])
def test_a_damaged_file_is_as_good_as_none(tmp_path, damage):
    (tmp_path / FILE).write_bytes(damage)
    assert read_words(tmp_path) is None


def test_half_a_file_is_as_good_as_none(tmp_path):
    data = (CONTENT.knowledge / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[: len(data) // 2])
    assert read_words(tmp_path) is None
    assert read_words(Path(tmp_path, "nowhere")) is None
