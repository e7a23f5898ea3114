"""Whether there is an AsyncSession, and an async_sessionmaker."""

CLAIMS = ["Since SQLAlchemy 1.4", "Since SQLAlchemy 2.0"]
SEEN = {
    "fastapi-0.73": "nothing",
    "fastapi-0.105": "AsyncSession",
    "fastapi-0.117": "AsyncSession async_sessionmaker",
    "now": "AsyncSession async_sessionmaker",
}

from async_session import offered

print(*offered("AsyncSession", "async_sessionmaker"))
