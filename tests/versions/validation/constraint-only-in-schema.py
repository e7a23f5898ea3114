"""Whether Query takes an argument that it does not know."""

CLAIMS = ["Since FastAPI 0.155"]
SEEN = {"fastapi-0.105": "accepted", "fastapi-0.121": "accepted", "now": "refused"}

import warnings

from fastapi import Query

warnings.simplefilter("ignore")
try:
    Query(enum=["asc", "desc"])
    print("accepted")
except TypeError as error:
    print("refused" if "'enum'" in str(error) else error)
