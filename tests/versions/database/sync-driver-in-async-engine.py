"""Whether there is an async engine, and an async_sessionmaker; the driver that a URL without one stands for."""

CLAIMS = ["Since SQLAlchemy 1.4", "Since SQLAlchemy 2.0", "Since SQLAlchemy 2.1"]
SEEN = {
    "fastapi-0.73": "none psycopg2",
    "fastapi-0.105": "engine psycopg2",
    "fastapi-0.121": "engine maker psycopg2",
    "now": "engine maker psycopg",
}

from sqlalchemy.engine import url

try:
    from sqlalchemy.ext import asyncio
except ImportError:
    found = ["none"]
else:
    found = ["engine", "maker"] if hasattr(asyncio, "async_sessionmaker") else ["engine"]
print(*found, url.make_url("postgresql://localhost/db").get_dialect().driver)
