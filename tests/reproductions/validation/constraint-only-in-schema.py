"""Choices and limits stand in the schema, and any value is accepted."""

from troubleshoot.testing import Bench

WRONG = {
    "json_schema_extra, as the warning advises": [
        ("minLength=1, maxLength=20", 'json_schema_extra={"minLength": 1, "maxLength": 20}'),
        ("minimum=1, maximum=100", 'json_schema_extra={"minimum": 1, "maximum": 100}'),
    ],
    "half of each limit in its own words": [
        ("minLength=1, maxLength=20", "min_length=1, maxLength=20"),
        ("minimum=1, maximum=100", "minimum=1, le=100"),
        ('Query(json_schema_extra={"minimum": 1, "maximum": 50})', "Query(le=50)"),
        ('Annotated[str, Query(json_schema_extra={"enum": ["asc", "desc"]})]', 'Literal["asc", "desc"]'),
        ("from typing import Annotated", "from typing import Annotated, Literal"),
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
            for params in (
                {"order": "desc", "limit": 50},
                {"limit": 1},
                {"order": "random"},
                {"limit": 51},
                {"limit": 0},
            )
        ]
        items = [
            requests.post(server.url("/items"), json={"name": name, "size": size}, timeout=30).status_code
            for name, size in (("lamp", 100), ("l" * 20, 1), ("", 1), ("l" * 21, 1), ("lamp", 101), ("lamp", 0))
        ]
    assert schema["paths"]["/items"]["get"]["parameters"][0]["schema"]["enum"] == ["asc", "desc"]
    assert schema["components"]["schemas"]["NewItem"]["properties"]["size"]["maximum"] == 100
    assert searches == [200, 200, 422, 422, 422]
    assert items == [200, 200, 422, 422, 422, 422]
