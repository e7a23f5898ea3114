"""Whether `scope="function"` is known."""

CLAIMS = ["Since FastAPI 0.121"]
SEEN = {"fastapi-0.117": "unknown", "fastapi-0.121": "known", "now": "known"}

from fastapi import Depends

try:
    Depends(print, scope="function")
    print("known")
except TypeError:
    print("unknown")
