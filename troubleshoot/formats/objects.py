"""Results as JSON: how all of them are laid out, and the parts that several of them have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from troubleshoot.model import Ask, Skipped


def indented(value: Any) -> str:
    """Return a value as JSON that people can read, too, ending in a line end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def skipped_as_json(skipped: Iterable[Skipped]) -> list[dict[str, Any]]:
    """Return what was not examined: `source`, `location` and `why` of each."""
    return [asdict(item) for item in skipped]


def question_as_json(ask: Ask) -> dict[str, Any]:
    """Return a question with its options, in the order in which they are offered."""
    options = [{"id": option, "text": text} for option, text in ask.options.items()]
    return {"id": ask.question, "text": ask.text, "options": options}
