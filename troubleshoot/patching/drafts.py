"""Edits of several files, made by node, that compose or are refused."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.patching.edits import Edit, applied, loses_comment
from troubleshoot.patching.imports import Wanted, import_edits, is_bound, known_as, known_otherwise
from troubleshoot.patching.leftovers import without_leftovers
from troubleshoot.patching.texts import LINE_END, SourceText, WithheldError, last_line, text_of


class Edits(NamedTuple):
    """What a draft does to each file, by path, apart from the project that it is for."""

    edits: Mapping[str, Sequence[Edit]]
    imports: Mapping[str, Sequence[Wanted]]

    def paths(self) -> set[str]:
        """Return the files that are changed."""
        return {*self.edits, *(path for path, wanted in self.imports.items() if wanted)}


@dataclass(eq=False)
class Draft:
    """The edits of one change. Every method raises `WithheldError` where it would have to guess."""

    project: Project
    _sources: dict[str, SourceText] = field(default_factory=dict)
    _edits: dict[str, list[Edit]] = field(default_factory=dict)
    _imports: dict[str, list[Wanted]] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project, edits: Edits) -> Draft:
        """Return the draft with these edits."""
        copied = {path: [*several] for path, several in edits.edits.items()}
        return cls(project, {}, copied, {path: [*several] for path, several in edits.imports.items()})

    def edits(self) -> Edits:
        """Return what it does, which another process can be told."""
        return Edits(self._edits, self._imports)

    def source(self, module: Module) -> SourceText:
        """Return a module's text."""
        return self._sources.setdefault(module.path, text_of(module))

    def text(self, module: Module, node: ast.AST) -> str:
        """Return the source of a node as it is written."""
        return self.source(module).of(node)

    def replace(self, module: Module, node: ast.AST, text: str, *, until: ast.AST | None = None) -> None:
        """Put `text` in the place of a node, or all up to another; its lines are indented like the node's first."""
        source = self.source(module)
        (start, _), (_, end) = source.span(node), source.span(until or node)
        indent = source.indent_at(start)
        text = textwrap.dedent(text).strip("\n")
        if source.unit == "\t":
            text = re.sub(r"(?m)^(?: {4})+", lambda deep: "\t" * (len(deep[0]) // 4), text)
        first, *rest = text.split("\n")
        lines = [first, *(f"{indent}{line}" if line else "" for line in rest)]
        self.put(module, start, end, source.newline.join(lines))

    def replace_start(self, module: Module, node: ast.expr | ast.stmt | ast.excepthandler, old: str, new: str) -> None:
        """Put `new` in the place of the words `old` that a node starts with, below its decorators."""
        source = self.source(module)
        start = source.position(node.lineno, node.col_offset)
        found = re.compile(r"\s+".join(map(re.escape, old.split()))).match(source.text, start)
        if found is None:
            raise WithheldError(f"line {node.lineno} of {module.path} does not start with {old}")
        self.put(module, start, found.end(), new)

    def put(self, module: Module, start: int, end: int, text: str) -> None:
        """Put `text` in the place of what stands from `start` to `end`, for parts of the source that are no node."""
        edits = self._edits.setdefault(module.path, [])
        edits.append(Edit(start, end, len(edits), text))

    def around(self, module: Module, node: ast.AST, before: str, behind: str = "") -> None:
        """Put texts right before and behind a node, whose own lines stay as they are."""
        start, end = self.source(module).span(node)
        for position, text in ((start, before), (end, behind)):
            if text:
                self.put(module, position, position, text)

    def delete(self, module: Module, statement: ast.stmt) -> None:
        """Take out a statement with its lines; where it was alone in its block, `pass` stays."""
        source = self.source(module)
        source.must_be_alone(statement)
        block = block_around(statement, module.tree)
        first, last = source.first_line(statement), last_line(statement)
        if len(block) == 1:
            self.replace(module, statement, "pass")
        elif statement is block[0]:
            # A block starts with no empty line.
            last += source.empty_lines(last + 1, 1)
            self.put(module, source.line_start(first), source.line_start(last + 1), "")
        else:
            self.clear(module, first, last)

    def before(self, module: Module, statement: ast.stmt | ast.excepthandler, text: str) -> None:
        """Insert lines in front of a statement or an `except`, and the comments right above it, as deep as it is."""
        source = self.source(module)
        source.must_be_alone(statement)
        start = source.line_start(source.commented_line(statement))
        self.put(module, start, start, self._lines(source, text, source.indent(statement)))

    def after(self, module: Module, statement: ast.stmt, text: str) -> None:
        """Insert lines behind a statement, as deep as it is."""
        source = self.source(module)
        source.must_be_alone(statement)
        lines = self._lines(source, text, source.indent(statement))
        self.behind(module, last_line(statement), source.gap_behind(statement, text) + lines)

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
        """Put statements that follow each other below `header`, in the block that its last line opens or stands in.

        `footer` comes below them.
        """
        source = self.source(module)
        source.must_be_alone(*statements)
        indent = source.indent(statements[0])
        first, last = source.first_line(statements[0]), last_line(statements[-1])
        start = source.line_start(first)
        self.put(module, start, start, self._lines(source, header, indent))
        opening = textwrap.dedent(header).rstrip().rpartition("\n")[2]
        levels = (len(opening) - len(opening.lstrip(" "))) // 4
        self.indent(module, first, last, levels + opening.partition("#")[0].rstrip().endswith(":"))
        if footer:
            self.behind(module, last, self._lines(source, footer, indent))

    def indent(self, module: Module, first: int, last: int, levels: int = 1) -> None:
        """Put lines deeper, but for those that start inside a text, whose white space is part of it."""
        source = self.source(module)
        for number in range(first, last + 1):
            if number not in source.inside_strings and source.line(number).strip():
                start = source.line_start(number)
                self.put(module, start, start, source.unit * levels)

    def clear(self, module: Module, first: int, last: int) -> None:
        """Take out the lines `first` to `last`, and of the empty ones above and below those that are too many."""
        source = self.source(module)
        above, below = source.empty_lines(first - 1, -1), source.empty_lines(last + 1, 1)
        if source.line_start(last + below + 1) == len(source.text) or above < below:
            first -= above
        else:
            last += below
        self.put(module, source.line_start(first), source.line_start(last + 1), "")

    def behind(self, module: Module, line: int, lines: str) -> None:
        """Insert whole lines, which are as they will be, behind a line, which may be the last and have no end."""
        source = self.source(module)
        position = source.line_start(line + 1)
        if position == len(source.text) and LINE_END.search(source.text[-1:]) is None:
            lines = source.newline + lines.removesuffix(source.newline)
        self.put(module, position, position, lines)

    def at_end(self, module: Module, text: str) -> None:
        """Insert lines at the end of a module, two empty lines below what is there."""
        source = self.source(module)
        end = len(source.text)
        stripped = len(source.text.rstrip())
        lines = source.newline * 3 + self._lines(source, text, "").rstrip("\r\n") + source.newline
        self.put(module, stripped, end, lines)

    def name(self, module: Module, qualified: str, function: Function | None = None, *, alias: str = "") -> str:
        """Return what `qualified`, such as `fastapi.Depends`, is called in a module, importing it where it is not.

        Where its own name stands for something else there, it is imported as `alias`, if there is one; then no like
        object is taken for it. Raises `WithheldError` if the name stands for something else in `function`.
        """
        known = known_as(module, qualified)
        if not known and not alias:
            known = known_otherwise(module, qualified, self.project.inference)
        asked = Wanted.of(qualified)
        if not known and alias and is_bound(module, asked.bound):
            asked = Wanted.of(qualified, alias)
        spelled = known or asked.spelled
        if function is not None and spelled.partition(".")[0] in function.names:
            raise WithheldError(f"{spelled.partition('.')[0]} stands for something else in {function.qualname}")
        if not known and is_bound(module, asked.bound):
            raise WithheldError(f"{asked.bound} stands for something else in {module.path}")
        if not known and asked.module != "builtins":
            self.add_import(module, asked)
        return spelled

    def add_import(self, module: Module, wanted: Wanted) -> None:
        """Import an object by a name that nothing else has after the change."""
        known = self._imports.setdefault(module.path, [])
        if wanted not in known:
            known.append(wanted)

    def changes(self) -> dict[str, bytes]:
        """Return the new content of each file that changes, by path. Raises `WithheldError` if edits overlap."""
        found = {}
        for path in self._paths():
            source, text = self._composed(path)
            if text != source.text:
                found[path] = source.encoded(without_leftovers(source, text, self.project.files))
        return found

    def alters(self) -> bool:
        """Return whether anything changes. Raises `WithheldError` as `changes` does, which is slower."""
        composed = map(self._composed, self._paths())
        altered = [source.encoded(text) != source.module.data for source, text in composed]
        return any(altered)

    def composes(self, paths: Iterable[str]) -> bool:
        """Return whether each of `paths` is Python with all its edits: they may not overlap, and still not fit."""
        try:
            for path in paths:
                source, text = self._composed(path)
                ast.parse(source.encoded(text))
        except (WithheldError, SyntaxError):
            return False
        return True

    def _paths(self) -> list[str]:
        return sorted(self.edits().paths())

    def _composed(self, path: str) -> tuple[SourceText, str]:
        """Return a file, and its text after all edits. Raises `WithheldError` if they overlap, or lose a comment."""
        module = self._sources[path].module if path in self._sources else self.project.files.module(path)
        assert module is not None
        source = self.source(module)
        edits = [*self._edits.get(path, ())]
        imported = list(import_edits(source, self._imports.get(path, ())))
        for number, (start, end, text) in enumerate(imported, start=-len(imported)):
            edits.append(Edit(start, end, number, text))
        text = applied(source.text, edits, path)
        if loses_comment(source.text, text):
            raise WithheldError(f"a comment of {path} would go, too")
        return source, text

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


def block_around(statement: ast.stmt, within: ast.AST) -> list[ast.stmt]:
    """Return the block inside `within` that `statement` stands in. Raises `WithheldError` if there is none."""
    for node in ast.walk(within):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(item is statement for item in block):
                return block
    raise WithheldError("the statement stands in no block")
