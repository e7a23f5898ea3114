"""The middleware of an application, as the layers of an onion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from troubleshoot.formats.outline.nodes import Marks, Node, place_parts
from troubleshoot.inspection.described import Application, Layer
from troubleshoot.redaction import shown

LONGEST_OPTION = 120
FRAMEWORK_ERRORS = ("Exception", "500")
"""What ServerErrorMiddleware handles; everything else is handled in ExceptionMiddleware."""


@dataclass(frozen=True, slots=True)
class Shell:
    """One layer of the onion: its label, and the lines that stand in it beside the next layer."""

    label: Node
    notes: tuple[Node, ...]
    is_own: bool


def shells(app: Application, marks: Marks) -> Iterator[Shell]:
    """Yield the layers from the outside in, and the router in the end."""
    for layer in app.layers:
        is_own = layer.layer != "built-in"
        parts = place_parts(layer.shown) if is_own else ((layer.short, "dim"),)
        parts += (("  @app.middleware", "dim"),) if layer.shown.name != layer.name else ()
        parts += (("  around the application", "dim"),) if layer.layer == "wrapper" else ()
        yield Shell(Node((*parts, *marks.of(layer.shown))), tuple(_notes(app, layer)), is_own)
    if app.unbuildable is not None:
        yield Shell(Node(((f"cannot be built: {shown(app.unbuildable.error)}", "mark"),)), (), True)
    yield Shell(Node((("router", "name"), (f"  {_counted(app)}", "text"))), (), False)


def _notes(app: Application, layer: Layer) -> Iterator[Node]:
    for name, value in layer.options.items():
        yield Node(((f"{name} = ", "dim"), (shown(_written(value), LONGEST_OPTION), "text")))
    if layer.layer == "built-in" and layer.short in ("ServerErrorMiddleware", "ExceptionMiddleware"):
        for handler in app.exception_handlers:
            is_outer = layer.short == "ServerErrorMiddleware"
            if (handler.of in FRAMEWORK_ERRORS) == is_outer and not handler.name.startswith("fastapi."):
                yield Node(((f"{handler.of} → ", "dim"), *place_parts(handler)))


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(item)}' for key, item in value.items())}}}"
    return str(value)


def _counted(app: Application) -> str:
    kinds = [route.kind for route in app.routes if route.is_own]
    words = {"http": "route", "websocket": "WebSocket", "mount": "mount", "static": "static mount", "host": "host"}
    found = [
        f"{kinds.count(kind)} {word}{'s' if kinds.count(kind) > 1 else ''}"
        for kind, word in words.items()
        if kind in kinds
    ]
    return ", ".join(found) or "no routes"
