"""Files mounted on a router with a prefix are not served under the prefix, and links to them lack it."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"prefix": "/pages", "path": "/static", "name": "static"}
FILES = {"static/site.css": "body {}\n"}
MOUNT = 'pages.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")\n'
WRONG = {
    "the mount after include_router": [
        (MOUNT, ""),
        ("    app.include_router(pages)\n", f"    app.include_router(pages)\n    {MOUNT}"),
    ],
    "the absolute path of the folder": [("Path(__file__).parent /", "Path(__file__).resolve().parent /")],
    "the mount on the app, without the prefix": [
        (MOUNT, ""),
        ("    app.include_router(pages)\n", "    app.include_router(pages)\n    app." + MOUNT.removeprefix("pages.")),
    ],
}

# --- broken ---
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

pages = APIRouter(prefix="/pages")
pages.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


def add_pages(app: FastAPI) -> None:
    app.include_router(pages)


# --- application ---
from fastapi import Request


@pages.get("/link")
def link(request: Request) -> str:
    return request.url_for("static", path="site.css").path


app = FastAPI()
add_pages(app)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/pages/static/site.css"))[0] == 200
        assert get(server.url("/pages/static/main.py"))[0] == 404
        assert get(server.url("/pages/link"))[2] == '"/pages/static/site.css"'
