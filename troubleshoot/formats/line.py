"""An answer as one line of JSON among many, schema 1: the keys of `json` that say what it is and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from troubleshoot.formats.objects import skipped_as_json
from troubleshoot.investigation.answer import Answer

SCHEMA = 1


def write(number: int, name: str | int | None, value: Mapping[str, Any]) -> str:
    """Return what became of a line: its number and its name, and `value`."""
    return json.dumps({"schema": SCHEMA, "line": number, "id": name, **value}, ensure_ascii=False) + "\n"


def values(answer: Answer) -> dict[str, Any]:
    """Return what is said of an answer."""
    return {
        "status": answer.status,
        "named": answer.named,
        "diagnosis": [
            {
                "cause": ranked.cause.id,
                "title": ranked.cause.title,
                "probability": round(ranked.probability, 4),
                "line": asdict(ranked.line) if ranked.line else None,
                "do_this": asdict(ranked.do_this),
            }
            for ranked in answer.ranked
        ],
        "skipped": skipped_as_json(answer.skipped),
    }
