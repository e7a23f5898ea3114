"""Calls as `ruff format` would leave them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft

LONGEST_LINE = 88


def made_call(draft: Draft, module: Module, start: ast.stmt, head: str, arguments: Sequence[str]) -> str:
    """Return `head(arguments)` for the place where `start` starts: on one line, else one line for each argument."""
    line = f"{head}({', '.join(arguments)})"
    indent = draft.source(module).indent(start).expandtabs(4)
    if "\n" not in line and len(indent) + len(line) <= LONGEST_LINE:
        return line
    lines = "".join(f"\n{draft.source(module).unit}{item}," for item in arguments)
    return f"{head}({lines}\n)"
