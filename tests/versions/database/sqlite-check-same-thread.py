"""Whether a connection to a SQLite file may go from one thread to another."""

CLAIMS = ["Since SQLAlchemy 2.0"]
SEEN = {"fastapi-0.105": "NullPool ProgrammingError", "fastapi-0.117": "QueuePool works", "now": "QueuePool works"}

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text

with tempfile.TemporaryDirectory() as folder:
    engine = create_engine("sqlite:///" + os.path.join(folder, "a.db"))
    connection = engine.connect()
    with ThreadPoolExecutor(1) as pool:
        try:
            pool.submit(connection.execute, text("SELECT 1")).result()
            outcome = "works"
        except Exception as error:
            outcome = type(error).__name__
    print(type(engine.pool).__name__, outcome)
    connection.close()
    engine.dispose()
