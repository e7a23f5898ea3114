"""Edits of several files, made by node, that compose or are refused."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.edits import Edit, applied
from troubleshoot.patching.imports import Wanted, import_edits, is_bound, known_as
from troubleshoot.patching.leftovers import without_leftovers
from troubleshoot.patching.texts import LINE_END, SourceText, WithheldError, text_of


@dataclass(eq=False)
class Draft:
    """The edits of one change. Every method raises `WithheldError` where it would have to guess."""

    project: Project
    _sources: dict[str, SourceText] = field(default_factory=dict)
    _edits: dict[str, list[Edit]] = field(default_factory=dict)
    _imports: dict[str, list[Wanted]] = field(default_factory=dict)

    def source(self, module: Module) -> SourceText:
        """Return a module's text."""
        return self._sources.setdefault(module.path, text_of(module))

    def text(self, module: Module, node: ast.AST) -> str:
        """Return the source of a node as it is written."""
        return self.source(module).of(node)

    def replace(self, module: Module, node: ast.AST, text: str) -> None:
        """Put `text` in the place of a node; its further lines are indented like the node's first."""
        source = self.source(module)
        start, end = source.span(node)
        line = source.text[:start].rpartition("\n")[2].rpartition("\r")[2].lstrip("\ufeff")
        indent = line[: len(line) - len(line.lstrip(" \t\f"))]
        first, *rest = textwrap.dedent(text).strip("\n").split("\n")
        self._add(
            module, start, end, source.newline.join([first, *(f"{indent}{line}" if line else "" for line in rest)])
        )

    def replace_start(self, module: Module, node: ast.expr | ast.stmt, old: str, new: str) -> None:
        """Put `new` in the place of the words `old` that a node starts with, below its decorators."""
        source = self.source(module)
        start = source.position(node.lineno, node.col_offset)
        found = re.compile(r"\s+".join(map(re.escape, old.split()))).match(source.text, start)
        if found is None:
            raise WithheldError(f"line {node.lineno} of {module.path} does not start with {old}")
        self._add(module, start, found.end(), new)

    def put(self, module: Module, start: int, end: int, text: str) -> None:
        """Put `text` in the place of what stands from `start` to `end`, for parts of the source that are no node."""
        self._add(module, start, end, text)

    def around(self, module: Module, node: ast.AST, before: str, behind: str = "") -> None:
        """Put texts right before and behind a node, whose own lines stay as they are."""
        start, end = self.source(module).span(node)
        self._add(module, start, start, before)
        if behind:
            self._add(module, end, end, behind)

    def delete(self, module: Module, statement: ast.stmt) -> None:
        """Take out a statement with its lines; where it was alone in its block, `pass` stays."""
        source = self.source(module)
        self._must_be_alone(source, statement)
        block = _block_of(module, statement)
        if len(block) == 1:
            self.replace(module, statement, "pass")
            return
        self._clear(module, self._first_line(statement), statement.end_lineno or 0)

    def move_behind(self, module: Module, statement: ast.stmt, other: ast.stmt) -> None:
        """Put a statement, with the comments right above it, behind another one of its block."""
        source = self.source(module)
        for item in (statement, other):
            self._must_be_alone(source, item)
        first, last = self._first_line(statement), statement.end_lineno or 0
        while source.line(first - 1).startswith(source.indent(statement) + "#"):
            first -= 1
        lines = source.text[source.line_start(first) : source.line_start(last + 1)].rstrip("\r\n") + source.newline
        self._clear(module, first, last)
        is_long = isinstance(other, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        gap = (1 if source.indent(other) else 2) if is_long else 0
        self._behind(module, other.end_lineno or 0, source.newline * gap + lines)

    def undecorate(self, module: Module, decorator: ast.expr) -> None:
        """Take a decorator out with its lines."""
        source = self.source(module)
        first, last = decorator.lineno, decorator.end_lineno or 0
        if "#" in source.line(last)[decorator.end_col_offset or 0 :]:
            raise WithheldError(f"line {last} of {module.path} has a comment, which would go, too")
        self._add(module, source.line_start(first), source.line_start(last + 1), "")

    def drop_argument(self, module: Module, call: ast.Call, argument: ast.expr | ast.keyword) -> None:
        """Take an argument out of a call, with its comma."""
        source = self.source(module)
        items = sorted([*call.args, *call.keywords], key=source.span)
        index = next(number for number, item in enumerate(items) if item is argument)
        start, end = source.span(argument)
        if index:
            _, start = source.span(items[index - 1])
        elif len(items) > 1:
            end, _ = source.span(items[1])
        last = argument.end_lineno or 0
        behind = source.line(last)[argument.end_col_offset or 0 :] if last < (call.end_lineno or 0) else ""
        if "#" in source.text[start:end] + behind:
            raise WithheldError(f"line {argument.lineno} of {module.path} has a comment, which would go, too")
        self._add(module, start, end, "")

    def before(self, module: Module, statement: ast.stmt, text: str) -> None:
        """Insert lines in front of a statement, as deep as it is."""
        source = self.source(module)
        self._must_be_alone(source, statement)
        start, _ = source.span(statement)
        indent = source.indent(statement)
        self._add(module, start - len(indent), start - len(indent), self._lines(source, text, indent))

    def after(self, module: Module, statement: ast.stmt, text: str) -> None:
        """Insert lines behind a statement, as deep as it is."""
        source = self.source(module)
        self._must_be_alone(source, statement)
        self._behind(module, statement.end_lineno or 0, self._lines(source, text, source.indent(statement)))

    def first(self, module: Module, block: Sequence[ast.stmt], text: str) -> None:
        """Insert lines at the start of a block, behind its docstring."""
        is_docstring = isinstance(block[0], ast.Expr) and isinstance(block[0].value, ast.Constant)
        if is_docstring and isinstance(block[0].value.value, str):  # type: ignore[attr-defined]
            self.after(module, block[0], text)
        else:
            self.before(module, block[0], text)

    def last(self, module: Module, block: Sequence[ast.stmt], text: str) -> None:
        """Insert lines at the end of a block."""
        self.after(module, block[-1], text)

    def deepen(self, module: Module, statements: Sequence[ast.stmt], header: str, footer: str = "") -> None:
        """Put statements that follow each other one level deeper, below `header` and above `footer`."""
        source = self.source(module)
        for statement in statements:
            self._must_be_alone(source, statement)
        indent = source.indent(statements[0])
        first, last = self._first_line(statements[0]), statements[-1].end_lineno or 0
        start = source.line_start(first)
        self._add(module, start, start, self._lines(source, header, indent))
        inside = _lines_inside_strings(statements)
        for number in range(first, last + 1):
            start = source.line_start(number)
            if number not in inside and source.text[start : source.line_end(number)].strip():
                self._add(module, start, start, source.unit)
        if footer:
            self._behind(module, last, self._lines(source, footer, indent))

    def at_end(self, module: Module, text: str) -> None:
        """Insert lines at the end of a module, two empty lines below what is there."""
        source = self.source(module)
        end = len(source.text)
        stripped = len(source.text.rstrip())
        lines = source.newline * 3 + self._lines(source, text, "").rstrip("\r\n") + source.newline
        self._add(module, stripped, end, lines)

    def name(self, module: Module, qualified: str, alias: str = "") -> str:
        """Return what `qualified`, such as `fastapi.Depends`, is called in a module, importing it where it is not.

        Where its own name stands for something else, it is imported as `alias`, if there is one.
        """
        known = known_as(module, qualified)
        if known:
            return known
        wanted = self._imports.setdefault(module.path, [])
        asked = Wanted.of(qualified)
        if alias and is_bound(module, asked.bound):
            asked = Wanted.of(qualified, alias)
        if is_bound(module, asked.bound):
            raise WithheldError(f"{asked.bound} stands for something else in {module.path}")
        if asked not in wanted:
            wanted.append(asked)
        return asked.spelled

    def take_in(self, other: Draft) -> bool:
        """Add the edits of another draft of the same project; return whether they go together, else leave it as it is.

        What both replace in the same way is replaced once. Insertions at one place do not go together, for nobody knows
        in which order.
        """
        edits = {path: [*known] for path, known in self._edits.items()}
        for path, more in other._edits.items():
            mine = edits.setdefault(path, [])
            replaced = {(edit.start, edit.end, edit.text) for edit in mine if edit.end > edit.start}
            inserted = {edit.start for edit in mine if edit.end == edit.start}
            for edit in more:
                if edit.end > edit.start and (edit.start, edit.end, edit.text) in replaced:
                    continue
                if edit.end == edit.start and edit.start in inserted:
                    return False
                mine.append(Edit(edit.start, edit.end, len(mine), edit.text))
        imports = {path: [*known] for path, known in self._imports.items()}
        for path, wanted in other._imports.items():
            known = imports.setdefault(path, [])
            known += [item for item in wanted if item not in known]
        both = Draft(self.project, {**self._sources, **other._sources}, edits, imports)
        try:
            both.changes()
        except WithheldError:
            return False
        self._sources, self._edits, self._imports = both._sources, edits, imports
        return True

    def changes(self) -> dict[str, bytes]:
        """Return the new content of each file that changes, by path. Raises `WithheldError` if edits overlap."""
        found = {}
        for path in sorted({*self._edits, *(path for path, wanted in self._imports.items() if wanted)}):
            module = self._sources[path].module if path in self._sources else self.project.files.module(path)
            assert module is not None
            source = self.source(module)
            edits = [*self._edits.get(path, ())]
            imported = list(import_edits(source, self._imports.get(path, ())))
            for number, (start, end, text) in enumerate(imported, start=-len(imported)):
                edits.append(Edit(start, end, number, text))
            text = applied(source.text, edits, path)
            if text != source.text:
                text = without_leftovers(source, text, self.project.files)
                found[path] = source.encoded(text)
        return found

    def _add(self, module: Module, start: int, end: int, text: str) -> None:
        edits = self._edits.setdefault(module.path, [])
        edits.append(Edit(start, end, len(edits), text))

    def _clear(self, module: Module, first: int, last: int) -> None:
        """Take lines out, and of the empty ones above and below them those that are too many."""
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

    def _behind(self, module: Module, line: int, lines: str) -> None:
        """Insert whole lines behind a line, which may be the last and have no end."""
        source = self.source(module)
        position = source.line_start(line + 1)
        if position == len(source.text) and LINE_END.search(source.text[-1:]) is None:
            lines = source.newline + lines.removesuffix(source.newline)
        self._add(module, position, position, lines)

    def _lines(self, source: SourceText, text: str, indent: str) -> str:
        lines = textwrap.dedent(text).strip("\n").split("\n")
        unit = source.unit
        made = []
        for line in lines:
            depth = (len(line) - len(line.lstrip(" "))) // 4
            made.append(f"{indent}{unit * depth}{line.lstrip(' ')}{source.newline}" if line.strip() else source.newline)
        return "".join(made)

    def _first_line(self, statement: ast.stmt) -> int:
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        return min([statement.lineno, *(item.lineno for item in decorators)])

    def _must_be_alone(self, source: SourceText, statement: ast.stmt) -> None:
        if not source.is_alone(statement):
            raise WithheldError(f"line {statement.lineno} of {source.module.path} has several statements")


def block_around(statement: ast.stmt, within: ast.AST) -> list[ast.stmt]:
    """Return the block inside `within` that `statement` stands in. Raises `WithheldError` if there is none."""
    for node in ast.walk(within):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(item is statement for item in block):
                return block
    raise WithheldError("the statement stands in no block")


def _block_of(module: Module, statement: ast.stmt) -> list[ast.stmt]:
    return block_around(statement, module.tree)


def _lines_inside_strings(statements: Iterable[ast.stmt]) -> set[int]:
    """Return the lines that start inside a text, whose white space is part of it."""
    return {
        number
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))
        for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
