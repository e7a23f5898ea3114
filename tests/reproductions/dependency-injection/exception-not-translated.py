"""A dependency raises ValueError for a bad header; the client gets 500 and the log a traceback."""

from troubleshoot.testing import Bench, get

WRONG = {
    "except Exception around the body": [
        (
            "    tenant = UUID(x_tenant)\n    if tenant not in quotas:\n"
            '        raise HTTPException(404, "There is no such tenant.")\n    return int(quotas[tenant])\n',
            "    try:\n        tenant = UUID(x_tenant)\n        if tenant not in quotas:\n"
            '            raise HTTPException(404, "There is no such tenant.")\n        return int(quotas[tenant])\n'
            '    except HTTPException:\n        raise\n    except Exception:\n        raise HTTPException(400, "not a UUID")\n',
        )
    ],
    "a handler for every ValueError": [
        (
            "app = FastAPI()\n",
            "app = FastAPI()\n\n\n@app.exception_handler(ValueError)\nasync def answer_bad_request(request, error):\n"
            '    return JSONResponse({"detail": "not a UUID"}, 400)\n\n\n',
        ),
        ("from fastapi import FastAPI\n", "from fastapi import FastAPI\nfrom fastapi.responses import JSONResponse\n"),
    ],
    "a try in the endpoint": [
        (
            "    return quota\n",
            '    try:\n        return quota\n    except ValueError:\n        raise HTTPException(400, "not a UUID")\n',
        )
    ],
}

# --- broken ---
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException

router = APIRouter()
quotas = {UUID(int=1): "100", UUID(int=2): "a hundred"}


def get_quota(x_tenant: Annotated[str, Header()]) -> int:
    tenant = UUID(x_tenant)
    if tenant not in quotas:
        raise HTTPException(404, "There is no such tenant.")
    return int(quotas[tenant])


@router.get("/quota")
async def read_quota(quota: Annotated[int, Depends(get_quota)]) -> int:
    return quota


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
if "handle_errors" in globals():
    globals()["handle_errors"](app)


# --- check ---
def check(bench: Bench) -> None:
    from uuid import UUID

    with bench.server() as server:

        def ask(tenant: str) -> tuple[int, str]:
            status, _, body = get(server.url("/quota"), headers={"X-Tenant": tenant})
            return status, body

        assert ask(str(UUID(int=1))) == (200, "100")
        status, body = ask(str(UUID(int=3)))
        assert (status, "tenant" in body) == (404, True)
        status, body = ask("acme")
        assert status in (400, 422), body
        assert "uuid" in body.lower()
        assert "Exception in ASGI application" not in server.log
        assert ask(str(UUID(int=2))) == (500, "Internal Server Error"), "damaged data is not the client's fault"
        assert server.wait_for_log("ValueError: invalid literal for int() with base 10: 'a hundred'")
