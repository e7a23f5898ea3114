"""The liveness probe ends a server that is still loading; it would have been ready after a minute.

There is no Kubernetes here: the check keeps the kubelet's rules, with a clock that it moves itself. Every second it asks
the probes that are due, by real requests. After 60 of its seconds the model has been loaded. After 70 the server is of no
use any more, which the liveness probe has to notice within the time that it took before.
"""

from troubleshoot.testing import Bench, eventually, free_port

PARAMETERS = {"port": "8000", "path": "/health"}

BROKEN = """\
livenessProbe:
  httpGet: {path: /health, port: 8000}
  initialDelaySeconds: 10
  periodSeconds: 10
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /health, port: 8000}
  periodSeconds: 5
"""

DELAY = "  initialDelaySeconds: 10\n"
WRONG = {
    "a longer initial delay": [(DELAY, "  initialDelaySeconds: 30\n")],
    "an initial delay for the slowest start": [(DELAY, "  initialDelaySeconds: 300\n")],
    "a liveness probe that may fail for that long": [("failureThreshold: 3", "failureThreshold: 30")],
    "a longer time for each probe": [(DELAY, f"{DELAY}  timeoutSeconds: 30\n")],
}

# --- application ---
import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    while not Path("loaded").exists():  # stands for a model or migrations
        await asyncio.sleep(0.02)
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import yaml

    from troubleshoot.testing import get

    probes = yaml.safe_load((bench.folder / "probes.yaml").read_text())
    port = free_port()

    def succeeds(probe: dict) -> bool:
        try:
            return get(f"http://127.0.0.1:{port}{probe['httpGet']['path']}", seconds=5)[0] < 400
        except OSError:
            return False

    with bench.server("--port", str(port), wait=False) as server:
        assert server.wait_for_log("Waiting for application startup", 20)
        failures = {"startupProbe": 0, "livenessProbe": 0}
        started = "startupProbe" not in probes
        ended_by = ""
        for second in range(1, 111):
            if second == 60:
                (bench.folder / "loaded").touch()
                assert server.wait_for_log("Application startup complete", 20)
                assert eventually(lambda: succeeds(probes["livenessProbe"]))
            if second == 70:
                assert started, "not seen to have started"
                assert succeeds(probes["readinessProbe"])
                server.process.kill()
                server.process.wait(20)
            name = "livenessProbe" if started else "startupProbe"
            probe = probes[name]
            since = second - probe.get("initialDelaySeconds", 0)
            if since >= 0 and since % probe.get("periodSeconds", 10) == 0:
                well = succeeds(probe)
                failures[name] = 0 if well else failures[name] + 1
                started = started or well
                if failures[name] >= probe.get("failureThreshold", 3):
                    ended_by = name
                    break
        assert (ended_by, second >= 70) == ("livenessProbe", True), (
            f"ended by {ended_by or 'nobody'} after {second} seconds"
        )
