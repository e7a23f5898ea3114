"""Whether there is an AsyncSession."""

CLAIMS = ["Since SQLAlchemy 1.4"]
SEEN = {"fastapi-0.73": "no", "fastapi-0.105": "yes", "now": "yes"}

import importlib.util

print("yes" if importlib.util.find_spec("sqlalchemy.ext.asyncio") else "no")
