"""Sources of several files, and edits of their lines."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass, field

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.edits import Edit
from troubleshoot.patching.texts import LINE_END, SourceText, WithheldError, text_of


@dataclass(eq=False)
class Layout:
    """The edits of one change, as places in texts and as lines."""

    project: Project
    _sources: dict[str, SourceText] = field(default_factory=dict)
    _edits: dict[str, list[Edit]] = field(default_factory=dict)

    def source(self, module: Module) -> SourceText:
        """Return a module's text."""
        return self._sources.setdefault(module.path, text_of(module))

    def text(self, module: Module, node: ast.AST) -> str:
        """Return the source of a node as it is written."""
        return self.source(module).of(node)

    def put(self, module: Module, start: int, end: int, text: str) -> None:
        """Put `text` in the place of what stands from `start` to `end`, for parts of the source that are no node."""
        self._add(module, start, end, text)

    def around(self, module: Module, node: ast.AST, before: str, behind: str = "") -> None:
        """Put texts right before and behind a node, whose own lines stay as they are."""
        start, end = self.source(module).span(node)
        self._add(module, start, start, before)
        if behind:
            self._add(module, end, end, behind)

    def clear(self, module: Module, first: int, last: int) -> None:
        """Take out the lines `first` to `last`, and of the empty ones above and below those that are too many."""
        source = self.source(module)
        above, below = first - 1, last + 1
        while above > 0 and not source.line(above).strip():
            above -= 1
        while source.line_start(below) < len(source.text) and not source.line(below).strip():
            below += 1
        if source.line_start(below) == len(source.text) or first - above < below - last:
            first = above + 1
        else:
            last = below - 1
        self._add(module, source.line_start(first), source.line_start(last + 1), "")

    def _add(self, module: Module, start: int, end: int, text: str) -> None:
        edits = self._edits.setdefault(module.path, [])
        edits.append(Edit(start, end, len(edits), text))

    def _indent(self, module: Module, first: int, last: int) -> None:
        """Put lines one level deeper, but for those that start inside a text, whose white space is part of it."""
        source = self.source(module)
        for number in range(first, last + 1):
            start = source.line_start(number)
            if number not in source.inside_strings and source.text[start : source.line_end(number)].strip():
                self._add(module, start, start, source.unit)

    def _behind(self, module: Module, line: int, lines: str) -> None:
        """Insert whole lines behind a line, which may be the last and have no end."""
        source = self.source(module)
        position = source.line_start(line + 1)
        if position == len(source.text) and LINE_END.search(source.text[-1:]) is None:
            lines = source.newline + lines.removesuffix(source.newline)
        self._add(module, position, position, lines)

    def _lines(self, source: SourceText, text: str, indent: str) -> str:
        text = textwrap.dedent(text)
        # An empty line at the end is meant: it stands behind a function.
        lines = [*text.strip("\n").split("\n"), *([""] if text.endswith("\n\n") else [])]
        unit = source.unit
        made = []
        for line in lines:
            depth = (len(line) - len(line.lstrip(" "))) // 4
            made.append(f"{indent}{unit * depth}{line.lstrip(' ')}{source.newline}" if line.strip() else source.newline)
        return "".join(made)

    def _first_line(self, statement: ast.stmt) -> int:
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        return min([statement.lineno, *(item.lineno for item in decorators)])

    def _commented_line(self, source: SourceText, statement: ast.stmt) -> int:
        """Return the line of a statement, or that of the first of the comments right above it."""
        first = self._first_line(statement)
        while source.line(first - 1).startswith(source.indent(statement) + "#"):
            first -= 1
        return first

    def _must_be_alone(self, source: SourceText, statement: ast.stmt) -> None:
        if not source.is_alone(statement):
            raise WithheldError(f"line {statement.lineno} of {source.module.path} has several statements")


def last_line(node: ast.expr | ast.stmt) -> int:
    """Return the number of the line on which a node ends."""
    return node.end_lineno or node.lineno
