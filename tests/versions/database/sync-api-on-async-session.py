"""Whether there is an AsyncSession, and an async_sessionmaker."""

CLAIMS = ["Since SQLAlchemy 1.4", "Since SQLAlchemy 2.0"]
SEEN = {
    "fastapi-0.73": "none",
    "fastapi-0.105": "AsyncSession",
    "fastapi-0.117": "AsyncSession async_sessionmaker",
    "now": "AsyncSession async_sessionmaker",
}

try:
    from sqlalchemy.ext import asyncio
except ImportError:
    print("none")
else:
    print(*(name for name in ("AsyncSession", "async_sessionmaker") if hasattr(asyncio, name)))
