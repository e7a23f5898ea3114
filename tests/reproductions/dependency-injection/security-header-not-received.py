"""A client that follows the OpenAPI description, as Swagger UI does, never sends the Authorization header."""

from troubleshoot.testing import Bench, get

WRONG = {
    "reading it from the request": [
        ("authorization: Annotated[str | None, Header()] = None", "request: Request"),
        ('(authorization or "")', 'request.headers.get("Authorization", "")'),
        ("Header, HTTPException", "Header, HTTPException, Request"),
    ],
    "a header called token": [
        ("authorization: Annotated[str | None, Header()] = None", "token: Annotated[str | None, Header()] = None"),
        ('(authorization or "")', '(token or "")'),
    ],
    "another spelling of the header": [
        ("Annotated[str | None, Header()] = None", 'Annotated[str | None, Header(alias="Authorization")] = None'),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException

router = APIRouter()
users_by_token = {"ann-token": "ann"}


def get_current_user(authorization: Annotated[str | None, Header()] = None) -> str:
    user = users_by_token.get((authorization or "").removeprefix("Bearer "))
    if user is None:
        raise HTTPException(401)
    return user


@router.get("/me")
async def read_me(user: Annotated[str, Depends(get_current_user)]) -> dict[str, str]:
    return {"user": user}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    def described_headers(document: dict, path: str) -> dict[str, str]:
        """What a client sends that goes by OpenAPI: a header parameter named Authorization is to be ignored."""
        operation = document["paths"][path]["get"]
        headers = {
            parameter["name"]: "Bearer ann-token"
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "header" and parameter["name"].lower() != "authorization"
        }
        schemes = document.get("components", {}).get("securitySchemes", {})
        for requirement in operation.get("security", []):
            for name in requirement:
                kind = schemes[name]["type"]
                assert kind in ("http", "apiKey")
                headers["Authorization" if kind == "http" else schemes[name]["name"]] = "Bearer ann-token"
        return headers

    with bench.server() as server:
        by_hand = get(server.url("/me"), headers={"Authorization": "Bearer ann-token"})
        assert (by_hand[0], by_hand[2]) == (200, '{"user":"ann"}')
        assert get(server.url("/me"))[0] == 401
        document = json.loads(get(server.url("/openapi.json"))[2])
        assert get(server.url("/me"), headers=described_headers(document, "/me"))[0] == 200
