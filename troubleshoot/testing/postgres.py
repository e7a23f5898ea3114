"""A PostgreSQL server of one's own, for as long as a check takes."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from troubleshoot.testing.bench import START_LIMIT, Bench, NotProvenError, eventually, free_port


@contextlib.contextmanager
def postgresql(folder: Path, *options: str, port: int | None = None) -> Iterator[str]:
    """Run a new, empty PostgreSQL server that logs into `folder`, and yield its URL, which names no driver.

    `options` are the server's own, such as `-cmax_connections=10`. PostgreSQL refuses to run as root; root runs it as
    the user postgres.
    """
    places = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    search = os.pathsep.join([*places, os.environ.get("PATH", "")])
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    initdb, postgres = ([*as_user, shutil.which(name, path=search) or name] for name in ("initdb", "postgres"))
    cluster = tempfile.mkdtemp(prefix="postgresql-")
    try:
        if as_user:
            shutil.chown(cluster, "postgres")
        create = [*initdb, "--pgdata", cluster, "--username=postgres", "--auth=trust", "--no-sync", "--locale=C"]
        subprocess.run([*create, "--encoding=UTF8"], cwd=cluster, check=True, capture_output=True)
        port = port or free_port()
        command = [*postgres, "-D", cluster, "-p", str(port), "-k", cluster, "-cfsync=off", *options]
        with Bench(folder, fixed=False).process(command, port=port, wait=False) as server:
            ready = "ready to accept connections"
            if not eventually(lambda: ready in server.log or server.process.poll() is not None, START_LIMIT):
                raise NotProvenError(f"PostgreSQL was not ready within {START_LIMIT:.0f} s:\n{server.log}")
            if ready not in server.log:
                raise NotProvenError(f"PostgreSQL ended with {server.process.returncode}:\n{server.log}")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(cluster, ignore_errors=True)
