"""Whether there is an async engine, and an async_sessionmaker; the driver that a URL without one stands for."""

CLAIMS = ["Since SQLAlchemy 1.4", "Since SQLAlchemy 2.0", "Since SQLAlchemy 2.1"]
SEEN = {
    "fastapi-0.73": "nothing psycopg2",
    "fastapi-0.105": "create_async_engine psycopg2",
    "fastapi-0.121": "create_async_engine async_sessionmaker psycopg2",
    "now": "create_async_engine async_sessionmaker psycopg",
}

from async_session import offered
from sqlalchemy.engine import url

driver = url.make_url("postgresql://localhost/db").get_dialect().driver
print(*offered("create_async_engine", "async_sessionmaker"), driver)
