"""The dictionary says that loggers which are there already stay."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import last_line

NAME = "disable_existing_loggers"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Set the entry to False, or put it behind `version`."""
    dictionary, module = sighting.nodes["dictionary"], sighting.module
    assert isinstance(dictionary, ast.Dict)
    entries = {text_of(key): value for key, value in zip(dictionary.keys, dictionary.values, strict=True)}
    if NAME in entries:
        draft.replace(module, entries[NAME], "False")
        return
    source = draft.source(module)
    above = dictionary.keys[[*entries].index("version")] if "version" in entries else dictionary.keys[-1]
    assert above is not None
    line = source.text[source.line_start(above.lineno) : source.span(above)[0]]
    quote = source.of(above)[0]
    entry = f"{quote}{NAME}{quote}: False"
    value = entries[text_of(above)]
    if line.strip():
        draft.around(module, value, "", f", {entry}")
    elif "#" in source.line(last_line(value))[value.end_col_offset or 0 :]:
        # The comment belongs to the entry that is there.
        draft.around(module, above, f"{entry},{source.newline}{line}")
    else:
        draft.around(module, value, "", f",{source.newline}{line}{entry}")
