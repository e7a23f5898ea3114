"""passlib tests bcrypt 5 with a long password, bcrypt refuses it, and nobody can register or log in."""

from troubleshoot.testing import Bench, get

CONTEXT = 'CryptContext(schemes=["bcrypt"])'
IMPORT = "from passlib.context import CryptContext\n"
WRONG = {
    "a shorter password": [
        ("context.hash(password)", "context.hash(password[:72])"),
        ("context.verify(password, hashed)", "context.verify(password[:72], hashed)"),
    ],
    "a version where passlib looks for it": [
        (
            IMPORT,
            f"import types\n\nimport bcrypt\n{IMPORT}\nbcrypt.__about__ = types.SimpleNamespace(__version__=bcrypt.__version__)\n",
        )
    ],
    "long passwords cut off by passlib": [(CONTEXT, 'CryptContext(schemes=["bcrypt"], bcrypt__truncate_error=False)')],
    "passwords cut off before bcrypt sees them, and passlib kept": [
        (
            IMPORT,
            f"import bcrypt\n{IMPORT}\nhashpw = bcrypt.hashpw\nbcrypt.hashpw = lambda password, salt: hashpw(password[:72], salt)\n",
        )
    ],
    "another scheme": [(CONTEXT, 'CryptContext(schemes=["pbkdf2_sha256"])')],
}

# --- broken ---
from passlib.context import CryptContext

context = CryptContext(schemes=["bcrypt"])


def get_password_hash(password: str) -> str:
    return context.hash(password)


def verify_password(password: str, hashed: str | None) -> bool:
    return context.verify(password, hashed)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
# stored by passlib 1.7.4 with an older bcrypt, for the password "secret"
USERS = {"ann": "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"}


@app.post("/register/{name}/{password}")
def register(name: str, password: str) -> None:
    USERS[name] = get_password_hash(password)


@app.post("/login/{name}/{password}")
def login(name: str, password: str) -> bool:
    return verify_password(password, USERS.get(name))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [
            get(server.url(path), method="POST")
            for path in (
                "/register/bob/hunter2", "/login/bob/hunter2", "/login/ann/secret", "/login/ann/wrong", "/login/eve/secret",
            )
        ]  # fmt: skip
        assert "72 bytes" not in server.log
        assert not bench.fixed or "(trapped)" not in server.log
    assert [(status, body) for status, _, body in answers] == [
        (200, "null"), (200, "true"), (200, "true"), (200, "false"), (200, "false"),
    ]  # fmt: skip
