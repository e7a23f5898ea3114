"""Whether a return annotation that Pydantic does not know keeps the application from being imported."""

CLAIMS = ["Since FastAPI 0.89"]
SEEN = {"fastapi-0.73": "ignored", "fastapi-0.96": "refused", "now": "refused"}

from typing import Union

from fastapi import FastAPI, Response

app = FastAPI()
try:

    @app.get("/")
    def read() -> Union[Response, dict]:
        return {}

    print("ignored")
except Exception as error:
    print("refused" if "Invalid args for response field" in str(error) else error)
