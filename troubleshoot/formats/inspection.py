"""An inspected application as one JSON object, schema 1; the topic `json` has its keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from troubleshoot.formats.objects import indented, skipped_as_json
from troubleshoot.inspection.described import Application
from troubleshoot.inspection.facts import ORDINARY
from troubleshoot.inspection.report import Report
from troubleshoot.investigation.answer import Answer
from troubleshoot.model import Skipped

OWN_KEYS = ("layers", "routes")
"""What has a key of its own beside `app`."""


def write_json(report: Report) -> str:
    """Return `report` as indented JSON."""
    return _written(
        app={"target": report.target, **_application(report.app)},
        middleware=[asdict(layer) for layer in report.app.layers],
        routes=[_lean(asdict(route)) for route in report.app.routes],
        facts=[
            {
                "id": fact.id,
                "location": fact.place.location if fact.place else "",
                "path": fact.path,
                "what": fact.what,
                "remarkable": fact.id not in ORDINARY,
            }
            for fact in report.facts
        ],
        causes=[
            {"cause": item.cause, "title": item.title, "weight": item.weight, "facts": list(item.facts)}
            for item in report.causes
        ],
    )


def write_failed_json(answer: Answer, target: str, failed: str) -> str:
    """Return what became of an application that could not be imported, with the causes of that if there are any."""
    why = [Skipped(source="app", location=target, why=f"it cannot be imported: {failed}")] if failed else []
    return _written(
        causes=[
            {
                "cause": ranked.cause.id,
                "title": ranked.cause.title,
                "probability": round(ranked.probability, 4),
            }
            for ranked in answer.ranked
        ],
        skipped=[*why, *answer.skipped],
    )


def _written(
    *,
    app: dict[str, Any] | None = None,
    middleware: Sequence[Any] = (),
    routes: Sequence[Any] = (),
    facts: Sequence[Any] = (),
    causes: Sequence[Any] = (),
    skipped: Sequence[Skipped] = (),
) -> str:
    value = {
        "schema": 1,
        "app": app,
        "middleware": middleware,
        "routes": routes,
        "facts": facts,
        "causes": causes,
        "skipped": skipped_as_json(skipped),
    }
    return indented(value)


def _application(app: Application) -> dict[str, Any]:
    return {key: value for key, value in asdict(app).items() if key not in OWN_KEYS}


def _lean(value: Any) -> Any:
    """Return a route without what says nothing: empty texts, lists and mappings, and None."""
    if isinstance(value, dict):
        return {key: _lean(item) for key, item in value.items() if item not in ("", None, (), [], {})}
    return [_lean(item) for item in value] if isinstance(value, (list, tuple)) else value
