"""Whether an application has `frontend()`."""

CLAIMS = ["Since FastAPI 0.138"]
SEEN = {"fastapi-0.121": "no", "now": "yes"}

from fastapi import FastAPI

print("yes" if hasattr(FastAPI, "frontend") else "no")
