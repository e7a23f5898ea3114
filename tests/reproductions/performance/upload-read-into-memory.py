"""An upload of 160 MB makes the process larger by 160 MB, because the endpoint reads it at once."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"folder": "uploads", "path": "/files", "endpoint": "upload_file"}
COPY = "    with target.open('wb') as copy:\n        shutil.copyfileobj(file.file, copy)\n"
READ = "    contents = await file.read()\n"
WRONG = {
    "file.file in a plain def": [
        ("async def upload_file", "def upload_file"),
        (READ, "    contents = file.file.read()\n"),
    ],
    "pieces that are joined": [
        (
            READ,
            '    pieces = []\n    while piece := await file.read(65536):\n        pieces.append(piece)\n    contents = b"".join(pieces)\n',
        )
    ],
    "the copying on the event loop": [
        (f"{READ}    target.write_bytes(contents)\n", COPY),
        ("from pathlib import Path\nfrom uuid", "import shutil\nfrom pathlib import Path\nfrom uuid"),
    ],
    "bytes instead of UploadFile": [
        ("file: UploadFile", "file: Annotated[bytes, File()]"),
        (READ, "    contents = file\n"),
        ("import APIRouter, UploadFile\n", "import APIRouter, File\n"),
        ("from pathlib import Path\nfrom uuid", "from pathlib import Path\nfrom typing import Annotated\nfrom uuid"),
    ],
}

# --- broken ---
from pathlib import Path
from uuid import uuid4

from fastapi import APIRouter, UploadFile

router = APIRouter()
FOLDER = Path("uploads")


@router.post("/files")
async def upload_file(file: UploadFile) -> dict[str, str | int]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / uuid4().hex
    contents = await file.read()
    target.write_bytes(contents)
    return {"id": target.name, "size": target.stat().st_size}


# --- application ---
import shutil
import threading

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


copyfileobj = shutil.copyfileobj


def copy_in_a_thread(*arguments) -> None:
    assert threading.current_thread() is not threading.main_thread(), "the copying blocks the event loop"
    copyfileobj(*arguments)


shutil.copyfileobj = copy_in_a_thread


@app.get("/peak")
def read_peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    import json
    import shutil

    size = 160 * 1024 * 1024
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'
    tail = b"\r\n--b--\r\n"

    def body():
        yield head
        for _ in range(160):
            yield bytes(1024 * 1024)
        yield tail

    with bench.server(env={"TMPDIR": str(bench.folder)}) as server:
        before = int(get(server.url("/peak"))[2])
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {
            "Content-Type": "multipart/form-data; boundary=b",
            "Content-Length": str(len(head) + size + len(tail)),
        }
        connection.request("POST", "/files", body=body(), headers=headers)
        response = connection.getresponse()
        status, answer = response.status, response.read()
        connection.close()
        assert status == 200, server.log
        after = int(get(server.url("/peak"))[2])
    shutil.rmtree(bench.folder / "uploads")
    assert json.loads(answer)["size"] == size
    assert after - before < 100, f"memory rose from {before} to {after} MB for a file of 160 MB"
