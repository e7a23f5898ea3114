"""A script that is started in a debugger serves in a child process, or not at all once the debugger has replaced asyncio.run.

No IDE is here. The first is seen by the process that answers; for the second, asyncio.run is replaced as PyCharm's
debugger and nest_asyncio do, and uvicorn takes that function on every Python, as it does from Python 3.12 on.
"""

from troubleshoot.testing import Bench, free_port

PORT = free_port()
PARAMETERS = {"port": str(PORT)}

BROKEN = f"""\
import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port={PORT}, reload=True)
"""

FILES = {
    "debugger.py": """\
import asyncio
import runpy
import sys

import uvicorn.server


def run(main, *, debug=False):
    loop = asyncio.new_event_loop()
    loop.set_debug(debug)
    return loop.run_until_complete(main)


asyncio.run = uvicorn.server.asyncio_run = run
runpy.run_path(sys.argv[1], run_name="__main__")
"""
}
WRONG = {
    "without reload": [(", reload=True", "")],
    "another event loop": [(", reload=True", ', loop="asyncio"')],
}

# --- application ---
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/process")
async def process() -> int:
    return os.getpid()


# --- check ---
def check(bench: Bench) -> None:
    import sys

    from troubleshoot.testing import eventually, get

    for started_with in ([], ["debugger.py"]):
        command = [sys.executable, *started_with, "debug_server.py"]
        with bench.process(command, port=PORT, wait=False) as server:
            assert eventually(lambda: "startup complete" in server.log or server.process.poll() is not None, 60)
            if not bench.fixed and started_with:
                assert "unexpected keyword argument 'loop_factory'" in server.log
            assert server.process.poll() is None, server.log
            assert eventually(lambda: "Uvicorn running on" in server.log)
            assert int(get(server.url("/process"))[2]) == server.process.pid
