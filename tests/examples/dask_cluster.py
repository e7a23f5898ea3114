"""Maps a diagnosis over logs on a cluster: `python tests/examples/dask_cluster.py LOG ...` starts one on this machine."""

import json
import sys
from functools import partial
from pathlib import Path

from distributed import Client, LocalCluster

from troubleshoot import diagnose, load
from troubleshoot.api import Knowledge


def cause_of(log: str, knowledge: Knowledge) -> str:
    answer = diagnose(knowledge, log=log)
    return answer.ranked[0].cause.id if answer.named else answer.status


def causes_of(client: Client, logs: list[str]) -> list[str]:
    return client.gather(client.map(partial(cause_of, knowledge=load()), logs, batch_size=100))


def main() -> None:
    """Print the cause of each log, as JSON."""
    logs = [Path(name).read_text(encoding="utf-8", errors="replace") for name in sys.argv[1:]]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        json.dump(causes_of(client, logs), sys.stdout)


if __name__ == "__main__":
    main()
