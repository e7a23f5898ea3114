"""Six requests wait for a job, and the pool has three connections; the server itself would take a few more only."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, eventually, free_port, get

PARAMETERS = {"connections": "3", "seconds": "30"}
WRONG = {
    "a client for each request, closed at its end": [
        (
            "def get_redis() -> Redis:\n    return redis\n",
            """async def get_redis() -> AsyncIterator[Redis]:
    async with Redis.from_url(os.environ["REDIS_URL"], max_connections=3) as redis:
        yield redis
""",
        ),
        ("import os\n", "import os\nfrom collections.abc import AsyncIterator\n"),
    ],
    "a larger max_connections": [("max_connections=3", "max_connections=100")],
    "the command once more": [
        (
            "max_connections=3",
            "max_connections=3, retry=Retry(ConstantBackoff(0.1), 5), retry_on_error=[ConnectionError]",
        ),
        (
            "from redis.asyncio import Redis\n",
            """from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError
""",
        ),
    ],
}

# --- broken ---
import os
from typing import Annotated

from fastapi import Depends, FastAPI
from redis.asyncio import Redis

redis = Redis.from_url(os.environ["REDIS_URL"], max_connections=3)


def get_redis() -> Redis:
    return redis


RedisDependency = Annotated[Redis, Depends(get_redis)]
app = FastAPI()


# --- application ---
entered = []


@app.get("/entered")
async def count_entered() -> int:
    return len(entered)


@app.get("/job")
async def next_job(redis: RedisDependency) -> str:
    entered.append("job")
    _, job = await redis.blpop(["jobs"], timeout=30)
    return job.decode()


# --- check ---
def check(bench: Bench) -> None:
    import redis

    requests, port = 6, free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--maxclients", "5"]
    with bench.process(command, port=port), redis.Redis(port=port) as broker:
        broker.ping()
        environment = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        with bench.server(env=environment) as server, ThreadPoolExecutor(requests) as clients:
            answers = [clients.submit(get, server.url("/job"), seconds=60) for _ in range(requests)]
            assert eventually(lambda: get(server.url("/entered"))[2] == str(requests), seconds=20)
            assert eventually(lambda: broker.info("clients")["blocked_clients"] >= 3, seconds=8)
            broker.rpush("jobs", *range(requests))
            statuses = [answer.result()[0] for answer in answers]
    if not bench.fixed:
        assert "redis.exceptions.MaxConnectionsError: Too many connections" in server.log
    assert statuses == [200] * requests, server.log[-1500:]
