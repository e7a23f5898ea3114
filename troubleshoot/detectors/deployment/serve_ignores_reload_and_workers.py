"""uvicorn.Server with a Config that asks for reload or workers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, keyword
from troubleshoot.code.topics.servers import workers

SERVERS = ("uvicorn.Server", "uvicorn.server.Server")

BROKEN = {
    "main.py": """
import asyncio
import os

import uvicorn
from fastapi import FastAPI

app = FastAPI()


async def main():
    config = uvicorn.Config("main:app", reload=True)
    server = uvicorn.Server(config)
    await server.serve()


async def serve():
    # Reload only where somebody works on it.
    config = uvicorn.Config(
        "main:app",
        reload=os.environ.get("DEBUG") == "1",
    )
    await uvicorn.Server(config).serve()


def start():
    uvicorn.Server(uvicorn.Config("main:app", workers=4)).run()


if __name__ == "__main__":
    asyncio.run(serve())
""",
}
FIXED = {
    "main.py": """
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

app = FastAPI()


async def main():
    config = uvicorn.Config(app, port=9000, reload=False, workers=1)
    await uvicorn.Server(config).serve()


def start():
    uvicorn.run("main:app", workers=4)
""",
    "supervised.py": """
import uvicorn
from uvicorn.supervisors import Multiprocess

config = uvicorn.Config("main:app", workers=4)
server = uvicorn.Server(config)
Multiprocess(config, sockets=[config.bind_socket()]).run()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield servers that are given a config with either."""
    for module in project.modules:
        if not module.mentions(b"uvicorn") or module.mentions(b"supervisors"):
            continue
        for function in (None, *module.all_functions):
            body, scope = (function.body, Scope.of(function)) if function else (module.body, Scope(module))
            for call in body.calls:
                config = argument(call, 0, "config")
                if isinstance(config, ast.Name):
                    config = next(iter(body.assigned.get(config.id, ())), None)
                if not isinstance(config, ast.Call) or project.path(call.func, scope) not in SERVERS:
                    continue
                options = (
                    "reload" if _may_reload(config) else f"{workers(config)} workers" if workers(config) > 1 else ""
                )
                if options:
                    yield Sighting(
                        module=module,
                        function=function,
                        node=call,
                        severity="warning",
                        message=f"the config asks for {options}, which only uvicorn.run or the command line can do",
                        nodes={"config": config},
                    )


def _may_reload(config: ast.Call) -> bool:
    """Return whether a config asks for reload, be it under a condition."""
    value = keyword(config, "reload")
    return value is not None and not (isinstance(value, ast.Constant) and not value.value)
