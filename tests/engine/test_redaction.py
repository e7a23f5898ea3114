"""Redaction: secrets become tokens that stay the same within a run, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.redaction import plain, redact, shown

SECRETS = [
    ("postgresql+asyncpg://app:hunter22@db:5432/shop", "hunter22"),
    ("Authorization: Bearer abc.def-ghi_jkl", "abc.def-ghi_jkl"),
    ('{"authorization": "Basic dXNlcjpwYXNz"}', "dXNlcjpwYXNz"),
    ("Cookie: session=0123456789abcdef; theme=dark", "0123456789abcdef"),
    ("api_key=k3yk3yk3y&page=2", "k3yk3yk3y"),
    ("DB_PASSWORD='correct-horse'", "correct-horse"),
    ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"),
    ("OPENAI sk-abcdefghijklmnopqrstuv", "abcdefghijklmnopqrstuv"),
]
HARMLESS = [
    "http://127.0.0.1:8000/items?page=2",
    "token expired",
    "Authorization header missing",
    'File "/srv/app/tokens.py", line 3, in read_token',
    "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_becomes_a_token(text, secret):
    assert secret not in redact(text)
    assert "<secret " in redact(text)
    assert redact(text) == redact(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


def test_the_same_secret_gives_the_same_token_and_another_another():
    one, same, other = (redact(f"password={value}") for value in ("alpha-one", "alpha-one", "beta-two"))
    assert one == same != other


@given(st.text())
def test_nothing_shown_can_steer_a_terminal(text):
    line = shown(text)
    assert len(line) <= 200
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)


@given(st.text())
def test_plain_text_is_a_fixed_point(text):
    assert plain(plain(text)) == plain(text)
