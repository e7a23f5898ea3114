"""Two processes serve the same application; what a request has stored in one is not there in the other."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/jobs"}

WRONG = {
    "a dict of multiprocessing.Manager": [
        ("jobs = {}", 'jobs = multiprocessing.get_context("fork").Manager().dict()'),
        ("import uuid\n", "import multiprocessing\nimport uuid\n"),
        ('    jobs[job]["done"] += 1\n', '    jobs[job] = {"state": "running", "done": jobs[job]["done"] + 1}\n'),
    ],
    "a lock around the dict": [
        ("jobs = {}", "jobs = {}\nlock = asyncio.Lock()"),
        ("import uuid\n", "import asyncio\nimport uuid\n"),
        ('    jobs[job]["done"] += 1\n', '    async with lock:\n        jobs[job]["done"] += 1\n'),
    ],
}

# --- broken ---
import uuid

from fastapi import APIRouter, HTTPException

router = APIRouter(prefix="/jobs")
jobs = {}


@router.post("", status_code=201)
async def create():
    job = uuid.uuid4().hex
    jobs[job] = {"state": "running", "done": 0}
    return {"id": job}


@router.post("/{job}/step")
async def step(job: str):
    if job not in jobs:
        raise HTTPException(status_code=404, detail="no such job")
    jobs[job]["done"] += 1
    return {"done": jobs[job]["done"]}


@router.get("/{job}")
async def read(job: str):
    if job not in jobs:
        raise HTTPException(status_code=404, detail="no such job")
    return jobs[job]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    from redis import Redis

    from troubleshoot.testing import free_port, get

    port = free_port()
    redis = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    env = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with bench.process(redis, port=port), bench.server(env=env) as one, bench.server(env=env) as two:
        status, _, body = get(one.url("/jobs"), method="POST")
        assert status == 201
        job = json.loads(body)["id"]
        assert get(one.url(f"/jobs/{job}"))[0] == 200
        steps = [get(server.url(f"/jobs/{job}/step"), method="POST") for server in (one, two, one)]
        assert [status for status, _, _ in steps] == [200, 200, 200]
        assert [json.loads(body) for _, _, body in steps] == [{"done": 1}, {"done": 2}, {"done": 3}]
        assert json.loads(get(two.url(f"/jobs/{job}"))[2]) in (
            {"state": "running", "done": 3},
            {"state": "running", "done": "3"},
        )
        assert get(two.url("/jobs/unknown"))[0] == 404
        with Redis(port=port) as store:
            store.expire(f"job:{job}", 60)
            assert json.loads(get(one.url(f"/jobs/{job}/step"), method="POST")[2]) == {"done": 4}
            assert store.ttl(f"job:{job}") > 60, "a job that goes on is forgotten"
