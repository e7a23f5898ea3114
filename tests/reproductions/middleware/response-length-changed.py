"""A middleware that wraps the body but keeps the headers promises the old length; the response is cut off."""

from troubleshoot.testing import Bench

RETURN = """        return Response(b'{"data":' + body + b"}", response.status_code, dict(response.headers))
"""
WRONG = {
    "setting response.body": [
        (
            """        body = b"".join([piece async for piece in response.body_iterator])
""",
            """        response.body = b'{"data":' + getattr(response, "body", b"") + b"}"
""",
        ),
        (RETURN, "        return response\n"),
    ],
    "the length of the old body": [
        (
            RETURN,
            f"""        response.headers["content-length"] = str(len(body))
{RETURN}""",
        )
    ],
    "a StreamingResponse with the old headers": [
        (
            RETURN,
            RETURN.replace(
                'Response(b\'{"data":\' + body + b"}",', 'StreamingResponse(iter([b\'{"data":\', body, b"}"]),'
            ),
        ),
        (
            "from fastapi import Request, Response",
            "from fastapi import Request, Response\nfrom fastapi.responses import StreamingResponse",
        ),
    ],
}

# --- broken ---
from fastapi import Request, Response
from starlette.middleware.base import BaseHTTPMiddleware


class EnvelopeMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        response = await call_next(request)
        if request.url.path == "/openapi.json":
            return response
        body = b"".join([piece async for piece in response.body_iterator])
        return Response(b'{"data":' + body + b"}", response.status_code, dict(response.headers))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.add_middleware(EnvelopeMiddleware)


@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


# --- check ---
def check(bench: Bench) -> None:
    import http.client

    from troubleshoot.testing import get

    with bench.server() as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        client.request("GET", "/items")
        response = client.getresponse()
        try:
            body = response.read()
        except http.client.IncompleteRead as error:
            body = error.partial
        except ConnectionError:
            body = b""
        client.close()
        assert (response.status, body) == (200, b'{"data":["one"]}')
        assert int(response.headers["content-length"]) == len(body)
        assert get(server.url("/openapi.json"))[2].startswith('{"openapi"'), "the docs page cannot read the schema"
    assert "Content-Length" not in server.log
