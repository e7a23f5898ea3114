"""Whether there is an async engine, and the driver that a URL without one stands for."""

CLAIMS = ["Since SQLAlchemy 1.4", "Since SQLAlchemy 2.1"]
SEEN = {
    "fastapi-0.73": "no psycopg2",
    "fastapi-0.105": "yes psycopg2",
    "fastapi-0.121": "yes psycopg2",
    "now": "yes psycopg",
}

import importlib.util

from sqlalchemy.engine import url

found = importlib.util.find_spec("sqlalchemy.ext.asyncio")
print("yes" if found else "no", url.make_url("postgresql://localhost/db").get_dialect().driver)
