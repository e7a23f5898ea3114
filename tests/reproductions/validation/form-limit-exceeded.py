"""A text field of two megabytes is refused, though nothing in the application limits it."""

from troubleshoot.testing import Bench

WRONG = {
    "the attribute of the parser": [
        ("router = APIRouter()\n", "router = APIRouter()\nMultiPartParser.max_part_size = 10 * 1024 * 1024\n"),
        (
            "from fastapi import APIRouter, Form\n",
            "from fastapi import APIRouter, Form\nfrom starlette.formparsers import MultiPartParser\n",
        ),
    ],
    "File instead of Form": [
        ("text: Annotated[str, Form()]", "text: Annotated[bytes, File()]"),
        ("import APIRouter, Form", "import APIRouter, File"),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Form

router = APIRouter()


@router.post("/notes")
async def save_note(text: Annotated[str, Form()]) -> int:
    return len(text)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    mebibyte = 1024 * 1024
    with bench.server() as server:
        multipart = [
            requests.post(server.url("/notes"), files={"text": (None, "x" * size)}, timeout=30)
            for size in (3, 2 * mebibyte, 11 * mebibyte)
        ]
        encoded = requests.post(server.url("/notes"), data={"text": "x" * 2 * mebibyte}, timeout=30)
        missing = requests.post(server.url("/notes"), data={"other": "x"}, timeout=30)
    assert [(answer.status_code, answer.text) for answer in multipart[:2]] == [(200, "3"), (200, str(2 * mebibyte))]
    assert multipart[2].status_code == 400, "there is still a limit"
    assert (encoded.status_code, encoded.text) == (200, str(2 * mebibyte))
    assert missing.status_code == 422
