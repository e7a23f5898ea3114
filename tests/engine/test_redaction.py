"""Redaction: secrets become tokens that stay the same within a run, and nothing else is touched."""

from importlib.metadata import distributions
from pathlib import Path

import jinja2
import pytest
import rich
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.leaked import SECRETS as LEAKED
from tests.engine.leaked import log_lines
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
    "def login(password: str, token: str | None = None) -> Token:",
    "settings = Settings(secret_key=settings.secret_key, password=password)",
    'oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/auth/token")',
    "token = create_access_token(data)",
    "password = os.environ['DB_PASSWORD']",
    'api_key: Annotated[str, Header(alias="X-API-Key")]',
    "The bearer token is missing, and basic authentication/authorization is off.",
    "password: at least eight characters, token: optional",
    "POSTGRES_PASSWORD=${DB_PASSWORD}  # password=<password>, password=********",
    '{"loc":["body","password"],"msg":"Field required"}',
    '{"detail":"Could not validate credentials","token_type":"bearer","max_tokens":1000}',
    "task-abcdefghijklmnopqrstuvwxyz and a key-value store, sk-loading-spinner-large-white",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "550e8400-e29b-41d4-a716-446655440000 committed 1c002dd4b536e7479fe34593e72e6c6c1819e53b",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_becomes_a_token(text, secret):
    assert secret not in redact(text)
    assert "<secret " in redact(text)
    assert redact(text) == redact(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


def test_what_issuers_and_logs_write_is_found():
    found = [text for text, secret in LEAKED if secret not in redact(text)]
    assert len(LEAKED) >= 250
    assert [text for text, _ in LEAKED if text not in found] == []


def test_no_line_of_an_ordinary_log_is_touched():
    lines = log_lines(5000)
    assert [line for line in lines if redact(line) != line] == []


@pytest.mark.parametrize("package", [jinja2, rich])
def test_hardly_a_line_of_source_is_touched(package):
    lines = [
        line
        for path in Path(package.__path__[0]).rglob("*.py")
        for line in path.read_text().splitlines()
        if line.strip()
    ]
    assert sum(redact(line) != line for line in lines) <= len(lines) / 1000


def test_hardly_a_line_of_prose_is_touched():
    told = [distribution.metadata.get_payload() for distribution in distributions()]
    lines = [line for text in told if isinstance(text, str) for line in text.splitlines() if line.strip()]
    assert len(lines) > 500
    assert sum(redact(line) != line for line in lines) <= len(lines) / 100


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


@pytest.mark.parametrize(
    "values",
    ["('ann', '', 'hunter2x')", "{'name': 'ann', 'password': 'hunter2x'}", r"{'a': '', 'b': 'it\'s', 'c': 'hunter2x'}"],
)
def test_the_values_of_a_statement_about_secrets(values):
    line = f"[SQL: UPDATE user SET password = %s]\n[parameters: {values}]"
    hidden = redact(line)
    assert "hunter2x" not in hidden
    assert redact(hidden) == hidden
