"""The server is killed while a job is running; after the restart nobody remembers the job."""

from troubleshoot.testing import Bench, get

# --- broken ---
import asyncio
import logging

from fastapi import BackgroundTasks, FastAPI

logger = logging.getLogger(__name__)
app = FastAPI()


async def export(name: str) -> None:
    await asyncio.sleep(1.5)
    logger.warning("job %s done", name)


@app.post("/jobs", status_code=202)
async def create_job(name: str, tasks: BackgroundTasks) -> None:
    tasks.add_task(export, name)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/jobs?name=first"), method="POST")[0] == 202
        assert server.wait_for_log("job first done", seconds=5)
        assert get(server.url("/jobs?name=second"), method="POST")[0] == 202
        server.process.kill()
        server.process.wait()
    with bench.server() as server:
        assert server.wait_for_log("job second done", seconds=4), server.log
