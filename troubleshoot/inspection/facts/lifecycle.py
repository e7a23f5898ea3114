"""Facts about what runs at start and stop."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.inspection.described import Application, served
from troubleshoot.inspection.facts.interface import Fact

REMARKABLE = {
    "on-event-ignored": "on_event handlers never run, because a lifespan is given",
    "mounted-lifespan-never-runs": "a mounted application has start-up code, and nothing runs it",
}
ORDINARY = {
    "no-startup-code": "there is neither a lifespan nor an on_event handler",
}


def ignored(app: Application) -> Iterator[Fact]:
    """Tell of handlers beside a lifespan."""
    lifespan = app.lifespan
    handlers = (*lifespan.startup, *lifespan.shutdown)
    if not lifespan.runs_events:
        given = f" {lifespan.functions[0].short}" if lifespan.functions else ""
        for handler in handlers:
            yield Fact(
                id="on-event-ignored",
                what=f"{handler.short} is registered for startup or shutdown and never runs, because the lifespan"
                f"{given} is given",
                place=handler,
            )
    if not handlers and not lifespan.functions:
        yield Fact(id="no-startup-code", what="there is neither a lifespan nor an on_event handler")


def mounted(app: Application) -> Iterator[Fact]:
    """Tell of start-up code in mounted applications; a lifespan of the outer one might run it by hand."""
    if app.lifespan.functions:
        return
    for item in served(app):
        inner = item.route.app
        if inner is None:
            continue
        for place in (*inner.lifespan.functions, *inner.lifespan.startup):
            yield Fact(
                id="mounted-lifespan-never-runs",
                what=f"{place.short} belongs to the application mounted at {item.path or '/'}, and the lifespan of a "
                "mounted application is never run",
                place=place,
                path=item.path,
            )


RULES = (ignored, mounted)
