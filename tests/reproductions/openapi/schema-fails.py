"""A class that Pydantic does not know is let into a model; the endpoints start, the schema cannot be made."""

from troubleshoot.testing import Bench, get

WRONG = {
    "include_in_schema=False": [('@router.post("/releases")', '@router.post("/releases", include_in_schema=False)')],
    "Any instead of the class": [
        ("    version: Version\n", "    version: Any\n"),
        ("from fastapi import APIRouter", "from typing import Any\n\nfrom fastapi import APIRouter"),
    ],
    "SkipValidation": [
        ("    version: Version\n", "    version: SkipValidation[Version]\n"),
        ("import BaseModel, ConfigDict", "import BaseModel, ConfigDict, SkipValidation"),
    ],
}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

router = APIRouter()


class Version:
    def __init__(self, text):
        self.text = text


class Release(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    version: Version


@router.post("/releases")
async def create(item: Release) -> Release:
    return item


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    import requests

    with bench.server() as server:
        status, _, body = get(server.url("/openapi.json"))
        if not bench.fixed:
            assert server.wait_for_log("PydanticInvalidForJsonSchema: Cannot generate a JsonSchema for core_schema.")
        assert status == 200
        schema = json.loads(body)
        assert "/releases" in schema["paths"]
        assert schema["components"]["schemas"]["Release"]["properties"]["version"].get("type") == "string"
        answer = requests.post(server.url("/releases"), json={"version": "1.2"}, timeout=10)
        assert (answer.status_code, answer.json()) == (200, {"version": "1.2"})
