"""The server itself, with the official SDK: over standard input and output, or over HTTP on this machine alone."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from troubleshoot import __version__
from troubleshoot.errors import TroubleshootError, UsageError
from troubleshoot.serving.arguments import Arguments
from troubleshoot.serving.desk import Call, Desk
from troubleshoot.serving.roots import Roots, named_by, roots_of
from troubleshoot.serving.tools import INSTRUCTIONS, TOOLS, Tool, in_arguments

HOST = "127.0.0.1"
ROOTS = "roots"
PATIENCE = 10.0
"""Seconds that a client has to name its roots."""
AT_ONCE = 4
"""Calls that are worked on at once; more wait."""
GRACE = 2
"""Seconds that answers may still take when an HTTP server is ended."""
Result = types.CallToolResult | types.InputRequiredResult


@dataclass(slots=True)
class Service:
    """Answers calls. `roots` are the folders the server was started with, `is_told` says whether they were named.

    Over HTTP (`is_shared`) whoever calls can be anybody on this machine, so they choose only among these folders.
    """

    desk: Desk
    roots: Roots
    is_told: bool
    is_shared: bool
    limiter: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(AT_ONCE))

    async def list_tools(self, _context: Any, _params: Any) -> types.ListToolsResult:
        """Return what there is to call."""
        return types.ListToolsResult(tools=[_described(name, tool) for name, tool in TOOLS.items()])

    async def call_tool(self, context: Any, params: types.CallToolRequestParams) -> Result:
        """Do what a client asks; whatever is wrong is a sentence for it, and the server goes on."""
        tool = TOOLS.get(params.name)
        if tool is None:
            return _said(f"no tool of this name; there are {', '.join(TOOLS)}", is_error=True)
        roots = self.roots
        try:
            arguments = tool.read(params.arguments)
            found = await self.roots_for(context, params, tool, arguments)
            if isinstance(found, types.InputRequiredResult):
                return found
            roots = found
            return _said(await self.work(tool, roots, arguments))
        except TroubleshootError as error:
            return _said(in_arguments(roots.relative(str(error))), is_error=True)
        except Exception as error:
            logging.getLogger(__name__).debug("a call failed", exc_info=error)
            if os.environ.get("TROUBLESHOOT_DEBUG"):
                raise
            return _said(f"a bug in troubleshoot: {type(error).__name__} in {params.name}", is_error=True)

    async def work(self, tool: Tool, roots: Roots, arguments: Arguments) -> str:
        """Return the answer of a tool, worked out in a thread, which ends soon after nobody waits any more."""
        gone = threading.Event()
        try:
            work = partial(tool.work, self.desk, Call(roots, gone), arguments)
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self.limiter)
        finally:
            gone.set()

    async def roots_for(
        self, context: Any, params: types.CallToolRequestParams, tool: Tool, arguments: Arguments
    ) -> Roots | types.InputRequiredResult:
        """Return the folders that are open to this call, or the question for them. Raises `UsageError`."""
        capabilities = context.session.client_capabilities
        if self.is_told or capabilities is None or capabilities.roots is None or not tool.needs_roots(arguments):
            return self.roots
        if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            told = (params.input_responses or {}).get(ROOTS)
            if not isinstance(told, types.ListRootsResult):
                return types.InputRequiredResult(input_requests={ROOTS: types.ListRootsRequest()})
        else:
            told = await _asked(context)
        uris = [str(root.uri) for root in told.roots]
        return named_by(uris, self.roots if self.is_shared else None) if uris else self.roots


async def _asked(context: Any) -> types.ListRootsResult:
    metadata = ServerMessageMetadata(related_request_id=context.request_id)
    try:
        with anyio.fail_after(PATIENCE):
            return await context.session.send_request(  # type: ignore[no-any-return]
                types.ListRootsRequest(), types.ListRootsResult, metadata=metadata
            )
    except (TimeoutError, MCPError, ValueError):
        raise UsageError("the client says that it has roots, and does not name them") from None


def _described(name: str, tool: Tool) -> types.Tool:
    schema = tool.takes.model_json_schema()
    return types.Tool(
        name=name,
        description=tool.about,
        input_schema={key: value for key, value in schema.items() if key not in ("title", "description")},
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.changes, destructive_hint=tool.changes, open_world_hint=False
        ),
    )


def _said(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)


def serve(desk: Desk, folders: Sequence[Path], port: int | None) -> None:
    """Serve until the client leaves; with `port` over HTTP, until it is ended; 0 takes a free one.

    Raises `UsageError`.
    """
    service = Service(desk, roots_of(folders or [Path()]), bool(folders), port is not None)
    server: Server[Any] = Server(
        "troubleshoot",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=service.list_tools,
        on_call_tool=service.call_tool,
    )
    if port is None:
        anyio.run(_over_standard_streams, server)
    else:
        _over_http(server, port)


async def _over_standard_streams(server: Server[Any]) -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _over_http(server: Server[Any], port: int) -> None:
    import uvicorn

    try:
        listening = socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise UsageError(f"--port {port}: {why}") from error
    # The SDK guards against DNS rebinding where it is told that the host is this machine.
    app = server.streamable_http_app(host=HOST)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE)
    with listening, contextlib.suppress(KeyboardInterrupt):
        print(f"http://{HOST}:{listening.getsockname()[1]}/mcp", file=sys.stderr, flush=True)  # noqa: T201
        uvicorn.Server(config).run(sockets=[listening])
