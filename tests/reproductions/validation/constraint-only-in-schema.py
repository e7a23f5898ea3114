"""Choices and limits stand in the schema, and any value is accepted."""

from troubleshoot.testing import Bench

WRONG = {
    "json_schema_extra, as the warning advises": [
        ("minLength=1, maxLength=20", 'json_schema_extra={"minLength": 1, "maxLength": 20}'),
        ("minimum=1, maximum=100", 'json_schema_extra={"minimum": 1, "maximum": 100}'),
    ],
    "a description and examples": [
        (
            "minLength=1, maxLength=20",
            'description="1 to 20 letters", json_schema_extra={"minLength": 1, "maxLength": 20}',
        ),
        ("minimum=1, maximum=100", 'examples=[1, 100], json_schema_extra={"minimum": 1, "maximum": 100}'),
        ('{"enum": ["asc", "desc"]}', '{"enum": ["asc", "desc"], "examples": ["asc", "desc"]}'),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

router = APIRouter()


class NewItem(BaseModel):
    name: Annotated[str, Field(minLength=1, maxLength=20)]
    size: Annotated[int, Field(minimum=1, maximum=100)]


@router.get("/items")
async def find(
    order: Annotated[str, Query(json_schema_extra={"enum": ["asc", "desc"]})] = "asc",
    limit: Annotated[int, Query(json_schema_extra={"minimum": 1, "maximum": 50})] = 10,
) -> dict[str, str | int]:
    return {"order": order, "limit": limit}


@router.post("/items")
async def create(item: NewItem) -> NewItem:
    return item


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        schema = requests.get(server.url("/openapi.json"), timeout=30).json()
        searches = [
            requests.get(server.url("/items"), params=params, timeout=30).status_code
            for params in ({"order": "desc", "limit": 50}, {"order": "random"}, {"limit": 51})
        ]
        items = [
            requests.post(server.url("/items"), json=item, timeout=30).status_code
            for item in ({"name": "lamp", "size": 100}, {"name": "", "size": 1}, {"name": "lamp", "size": 101})
        ]
    assert schema["paths"]["/items"]["get"]["parameters"][0]["schema"]["enum"] == ["asc", "desc"]
    assert schema["components"]["schemas"]["NewItem"]["properties"]["size"]["maximum"] == 100
    assert searches == [200, 422, 422]
    assert items == [200, 422, 422]
