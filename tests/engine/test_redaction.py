"""Redaction: secrets become tokens that stay the same within a run, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.redaction import plain, redact, shown, without_secrets

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


SECRET_PARTS = [
    *("password", "api_key", "token", "session-id", "Authorization", "Cookie", "bearer ", "basic ", "header"),
    *(": ", "=", ":", ";", ",", "'", '"', "&", ")", "<", ">", " ", "@", "/", "://", "é", "日本", "\u00a0", "\n"),
    *("eyJhbGciOiJIUzI1NiJ9", ".", "sk-", "abcdefghijklmnop", "hunter22", "<secret 12ab34>", "\x1b[0m"),
]
MADE_UP = st.lists(st.sampled_from(SECRET_PARTS), max_size=12).map("".join)


@given(MADE_UP)
def test_what_is_redacted_once_is_redacted(text):
    assert redact(redact(text)) == redact(text)
    assert without_secrets(redact(text)) == without_secrets(text)


@given(st.text(alphabet="abcé日 .-", max_size=50), st.text(alphabet="abcé日 .-", max_size=50))
@pytest.mark.parametrize(("secret_text", "secret"), SECRETS)
def test_a_token_depends_on_the_secret_alone(secret_text, secret, before, behind):
    redacted = redact(secret_text)
    assert redacted in redact(f"{before} {secret_text} {behind}")
    assert secret not in redact(f"{before} {secret_text} {behind}")


@pytest.mark.parametrize("filling", ["a-", "eyJ", "x", "é", "token ", "://", "日本 "])
@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_in_the_middle_of_a_long_line_is_found(text, secret, filling):
    long = filling * 20_000
    assert redact(text) in redact(f"{long} {text} {long}")
    assert secret not in redact(f"{long} {text} {long}")


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_not_cut_into_what_is_none(text, secret):
    for before in range(8170, 8200):
        assert not any(secret[:size] in shown(f"token={'x' * before} {text}") for size in range(6, len(secret)))


def test_a_secret_with_colours_in_it_and_one_behind_half_a_character():
    assert "hunter22" not in shown("password=hun\x1b[1mter22")
    assert "hunter22" not in redact("\udcff password=hunter22\udcff")


@given(st.text())
def test_nothing_shown_can_steer_a_terminal(text):
    line = shown(text)
    assert len(line) <= 200
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)


@given(st.text())
def test_plain_text_is_a_fixed_point(text):
    assert plain(plain(text)) == plain(text)
