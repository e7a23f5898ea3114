"""Whose code a frame of a traceback is: the user's own, a library's, or the interpreter's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from troubleshoot.lazy import pattern

FRAME = re.compile(
    r"""(?:File\ ["'] | ^(?=[\w.\-/\\]{1,300}\.py["'],\ line\ ))
        (?P<file>[^"']{1,1000})["'],\ line\ (?P<line>\d{1,9})(?:,\ in\ (?P<function>[\w.<>]+))?""",
    re.VERBOSE,
)
"""Or the end of one: who copies a part of a traceback may begin in the middle of a path."""
SEPARATOR = re.compile(r"[/\\]")
INTERACTIVE = pattern(r"^<(?:stdin|ipython-input-[^>]*)>$|[/\\](?:ipykernel_\d+|\.?ipython)[/\\]")
"""What is typed into a shell or a notebook is the user's own."""
LIBRARY = pattern(
    r"""^<
      | (?:^|[/\\]|\.{2}|…)(?:site|dist)-packages[/\\] | \.egg[/\\] | \.(?:pyx|pxd|pxi|so|pyd)$ | _ctypes
      | (?:^|[/\\])lib(?:32|64)?[/\\](?:python|pypy)[\d.]*t?[/\\]
      | [/\\]Lib[/\\] | [/\\](?:\w*conda\d?|miniforge\d?|Python\d+)[/\\](?:envs[/\\][^/\\]+[/\\])?lib[/\\]
      | [/\\](?:bin|Scripts)[/\\][\w.\-]+(?:[/\\]__main__\.py)?$
      | [/\\](?:debugpy|pydevd\w*|pydev)[/\\] | [/\\]plugins[/\\]python[\w\-]*[/\\]helpers
      | \.vscode(?:-server)?[/\\]extensions[/\\]
    """,
    re.VERBOSE,
)
"""Installed packages, the standard library on POSIX and on Windows, the command that starts it, debuggers."""
BESIDE = pattern(r"^(?:/var/task|/opt/python|/home/site/wwwroot/\.python_packages|.*[/\\]vendor)[/\\](?P<root>\w+)")
"""Folders in which functions of a cloud have libraries beside the user's own modules."""
EDITABLE = pattern(
    r"""[/\\](?:
        (?:fastapi|starlette)[/\\](?:applications|routing|concurrency|_exception_handler|encoders|testclient
          |(?:dependencies|security|openapi|middleware|_compat)[/\\]\w+)\.py
      | uvicorn[/\\](?:server|main|config|importer|_subprocess|(?:protocols|middleware|supervisors)[/\\].+)\.py
      | lib[/\\]sqlalchemy[/\\].+
      | anyio[/\\](?:_backends|_core|from_thread|to_thread).*
    )$""",
    re.VERBOSE,
)
"""Modules of libraries that somebody has checked out and installed from there."""
LIBRARY_ROOTS = frozenset(
    """aiohttp aiomysql aiosqlite alembic anyio asyncio asyncpg bson celery click concurrent contextlib.py fastapi
    greenlet gunicorn h11 httpcore httptools httpx httpx2 hypercorn importlib jinja2 json kombu logging mangum motor
    multiprocessing orjson pluggy psycopg psycopg2 pydantic pydantic_core pydantic_settings pymongo pymysql pytest
    redis requests runpy.py socketio sqlalchemy sqlmodel starlette threading.py typer typing.py unittest urllib3
    uvicorn uvloop watchfiles websockets wsproto""".split()  # noqa: SIM905 - a list of words reads better as words
)
MIGRATION = pattern(r"(?:^|[/\\])alembic[/\\](?:versions[/\\]\w+\.py|env\.py)$")
"""Files of the user's own in a folder that has the name of the library."""
HANDS_ON = pattern(r"(?:^|[/\\])(?:starlette|fastapi)[/\\](?:routing|applications|concurrency|middleware[/\\]\w+)\.py$")
"""Where a framework calls what is further in: an own frame above one of these only passed the request on."""

INSTALLED = pattern(r"[/\\](?:site|dist)-packages[/\\](?P<root>\w+)[/\\]")
PASSES_ON = pattern(
    r"[/\\](?:starlette[/\\]concurrency|anyio[/\\].{1,80}|concurrent[/\\]futures[/\\]\w+|asyncio[/\\]\w+|functools|contextlib)\.py$"
)
"""What stands between FastAPI and an endpoint of its application."""
EXTENSION = pattern(
    r"(?i)fastapi|starlette|asgi|gradio|nicegui|reflex|admin|graph|mcp|prometheus|instrument|socket|auth|login|sentry|crud"
)
"""What packages are called that bring endpoints into the applications of others."""

SERVES = pattern(r"(?:^|[/\\])(?:fastapi|starlette|uvicorn|gunicorn|hypercorn|mangum|celery|pytest)(?:[/\\]|$)")
"""What stands in a traceback that has to do with a web application."""


class Frame(NamedTuple):
    """One entry of a traceback; `statement` is the line of source below it, if it was printed.

    `is_installed` says that the file is of an application that was installed like a library.
    """

    file: str
    line: int
    function: str
    statement: str = ""
    is_installed: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the file is the user's own rather than a library's or the interpreter's."""
        if self.is_installed or INTERACTIVE.search(self.file):
            return True
        if LIBRARY.search(self.file) or EDITABLE.search(self.file):
            return False
        beside = BESIDE.match(self.file)
        root = beside["root"] if beside else SEPARATOR.split(self.file)[0]
        if MIGRATION.search(self.file):
            return True
        return not (root in LIBRARY_ROOTS and (beside or not self.file.startswith(("/", "."))))

    @property
    def module(self) -> str:
        """The name of the module, as far as the file shows it."""
        return SEPARATOR.split(self.file)[-1].removesuffix(".py")

    @property
    def is_of_server(self) -> bool:
        """Whether the file belongs to what serves, tests or starts an application."""
        return SERVES.search(self.file) is not None


def own_frame(frames: Sequence[Frame]) -> Frame | None:
    """Return the deepest of `frames` that is the user's own."""
    return next((frame for frame in reversed(frames) if frame.is_own), None)


def with_installed(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """Return `frames`; where none is the user's own, those of the package whose endpoint FastAPI called are.

    An application can be installed as well (`pip install .` in an image), and then lies beside the libraries.
    """
    names = [frame.function for frame in frames]
    if "run_endpoint_function" not in names or any(frame.is_own for frame in frames):
        return tuple(frames)
    inside = frames[names.index("run_endpoint_function") + 1 :]
    endpoint = next((frame for frame in inside if not PASSES_ON.search(frame.file)), None)
    package = INSTALLED.search(endpoint.file) if endpoint else None
    if package is None or package["root"] in LIBRARY_ROOTS or EXTENSION.search(package["root"]):
        return tuple(frames)
    return tuple(frame._replace(is_installed=package[0] in frame.file) for frame in frames)


def is_script(frames: Sequence[Frame]) -> bool:
    """Return whether `frames` start in a module of the user's own that runs by itself, and nothing in them serves."""
    return (
        bool(frames)
        and frames[0].is_own
        and frames[0].function == "<module>"
        and not any(frame.is_of_server for frame in frames)
    )


def raised(frames: Sequence[Frame]) -> str:
    """Return where an exception was raised that came through `frames`, the outermost first.

    `in own code`: the user's own statement raised it; `under own code`: a library that it called did; nothing if the
    framework raised it, or if there is no frame to tell by.
    """
    below: list[Frame] = []
    for frame in reversed(frames):
        if frame.is_own:
            if not below:
                return "in own code"
            return "" if any(HANDS_ON.search(passed.file) for passed in below) else "under own code"
        below.append(frame)
    return ""
