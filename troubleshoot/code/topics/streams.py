"""Generators that a streaming response is made with."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import LAZY
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument


def generators_of_streams(project: Project) -> Iterator[Function]:
    """Yield the async generators that a streaming response is made with, each once."""
    found: dict[Function, None] = {}
    for function in project.functions:
        for call in function.body.calls:
            if project.path(call.func, function).rpartition(".")[2] in LAZY:
                content = argument(call, 0, "content")
                made = project.value(content.func, function) if isinstance(content, ast.Call) else None
                if isinstance(made, Function) and made.is_generator and made.is_async:
                    found[made] = None
    yield from found
