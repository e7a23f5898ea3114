"""Whether a route takes `form_limits`."""

CLAIMS = ["Since FastAPI 0.165"]
SEEN = {"fastapi-0.121": "unknown", "now": "known"}

from fastapi import APIRouter

try:
    APIRouter().post("/notes", form_limits={"max_part_size": 1})(print)
    print("known")
except TypeError:
    print("unknown")
