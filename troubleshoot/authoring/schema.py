"""The form of each kind of YAML file as JSON Schema, from the very classes that the files are read into."""

from __future__ import annotations

from typing import Any

from troubleshoot.catalog.loading import KINDS, WORDS, adapter
from troubleshoot.model import Cause

TYPES = {WORDS[kind]: type_ for kind, type_ in KINDS.items()} | {"cause": Cause}
"""The class of each kind, by its name in a sentence."""
SCALAR = ["string", "number", "boolean"]
"""What an editor may take for what is text to us: `3.10`, `yes`."""


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file, one of `TYPES`."""
    schema = _with_text(adapter(TYPES[kind]).json_schema())  # type: ignore[arg-type] # a class is hashable
    # The id is the file's place and name.
    schema["properties"].pop("id")
    schema["required"].remove("id")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _with_text(value: Any) -> Any:
    """Return a schema that takes any scalar where it wants text, as the strict reader does."""
    if isinstance(value, list):
        return [_with_text(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _with_text(item) for key, item in value.items()}
    if made.get("type") == "string" and "enum" not in made:
        made["type"] = SCALAR
    return made
