"""Whether `max_concurrency` is known."""

CLAIMS = ["Since FastAPI 0.163"]
SEEN = {"fastapi-0.121": "unknown", "now": "known"}

from fastapi import Depends

try:
    Depends(print, max_concurrency=1)
    print("known")
except TypeError:
    print("unknown")
