"""A relative folder is missing when the server starts elsewhere; deep links of the frontend are not found."""

import sys

from troubleshoot.testing import Bench, eventually, free_port, get

FILES = {"dist/index.html": "<title>start</title>", "dist/app.js": "start()"}
MOUNT = 'app.mount("/", StaticFiles(directory="dist", html=True))'
WRONG = {
    "the folder made at the start": [(MOUNT, f'__import__("os").makedirs("dist", exist_ok=True)\n    {MOUNT}')],
    "the folder not looked for at the start": [(MOUNT, MOUNT.replace("html=True", "html=True, check_dir=False"))],
    "an endpoint for all paths that serves whatever file there is": """
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

FOLDER = Path(__file__).parent / "dist"


def serve_frontend(app: FastAPI) -> None:
    @app.get("/{path:path}")
    def page(path: str) -> FileResponse:
        file = FOLDER / path
        if file.is_file():
            return FileResponse(file)
        if path.startswith("api/") or "." in path:
            raise HTTPException(404)
        return FileResponse(FOLDER / "index.html")


""",
    "the folder named from the module, and nothing else": [
        (MOUNT, MOUNT.replace('"dist"', '__import__("pathlib").Path(__file__).parent / "dist"'))
    ],
}

# --- broken ---
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles


def serve_frontend(app: FastAPI) -> None:
    app.mount("/", StaticFiles(directory="dist", html=True))


# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.post("/api/orders")
def order() -> str:
    return "ordered"


serve_frontend(app)


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    elsewhere = bench.folder / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    serve = f"import os, uvicorn; os.chdir({str(elsewhere)!r}); uvicorn.run('main:app', port={port})"
    with bench.process([sys.executable, "-c", serve], port=port, wait=False) as server:
        assert eventually(lambda: "Uvicorn running" in server.log or server.process.poll() is not None, 20)
        assert "does not exist" not in server.log
        assert get(server.url("/app.js"))[2] == "start()"
        assert get(server.url("/api/orders"), method="POST")[2] == '"ordered"'
        assert get(server.url("/settings/profile"), headers={"accept": "text/html"})[2] == "<title>start</title>"
        assert get(server.url("/missing.js"))[0] == 404
        assert "FastAPI" not in get(server.url("/..%2Fmain.py"))[2], "a file beside the folder is handed out"
        assert get(server.url("/api/missing"))[0] == 404
