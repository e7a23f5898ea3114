"""A dependency raises ValueError for a bad header; the client gets 500 and the log a traceback."""

from troubleshoot.testing import Bench, get

# --- broken ---
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header

router = APIRouter()
tenants: dict[UUID, str] = {UUID(int=1): "Acme"}


def get_tenant_id(x_tenant: Annotated[str, Header()]) -> UUID:
    return UUID(x_tenant)


def get_tenant(tenant_id: Annotated[UUID, Depends(get_tenant_id)]) -> str:
    return tenants.get(tenant_id, "somebody")


@router.get("/tenant")
async def read_tenant(tenant: Annotated[str, Depends(get_tenant)]) -> dict[str, str]:
    return {"tenant": tenant}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
if "handle_errors" in globals():
    globals()["handle_errors"](app)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        good = {"X-Tenant": "00000000-0000-0000-0000-000000000001"}
        unknown = {"X-Tenant": "00000000-0000-0000-0000-000000000002"}
        assert get(server.url("/tenant"), headers=good)[0] == 200
        # One fix checks the spelling of the header, the other whether the tenant exists.
        assert get(server.url("/tenant"), headers=unknown)[0] in (200, 404)
        status, _, body = get(server.url("/tenant"), headers={"X-Tenant": "acme"})
        assert status in (400, 422), body
        assert "detail" in body
    assert "Exception in ASGI application" not in server.log
