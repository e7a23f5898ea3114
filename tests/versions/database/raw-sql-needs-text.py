"""Whether a plain string is executed, by a session and on an engine of the new style."""

CLAIMS = ["Since SQLAlchemy 1.4", "Since SQLAlchemy 2.0"]
SEEN = {
    "fastapi-0.73": "accepted TypeError",
    "fastapi-0.105": "accepted ObjectNotExecutableError",
    "fastapi-0.117": "ArgumentError ObjectNotExecutableError",
    "now": "ArgumentError ObjectNotExecutableError",
}

from sqlalchemy import create_engine
from sqlalchemy.orm import Session


def execute(connect):
    try:
        connect().execute("SELECT 1")
    except Exception as error:
        return type(error).__name__
    return "accepted"


print(
    execute(lambda: Session(create_engine("sqlite://"))),
    execute(lambda: create_engine("sqlite://", future=True).connect()),
)
