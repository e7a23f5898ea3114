"""Edits of several files, made by node, that compose or are refused."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.patching.imports import Wanted, import_edits, known_as
from troubleshoot.patching.leftovers import without_leftovers
from troubleshoot.patching.texts import LINE_END, SourceText, WithheldError, text_of


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """What stands from `start` to `end` becomes `text`; of several at one place the one made first comes first."""

    start: int
    end: int
    number: int
    text: str


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
        first, last = self._first_line(statement), statement.end_lineno or 0
        above, below = source.empty_lines(first - 1, -1), source.empty_lines(last + 1, 1)
        # Of the empty lines on both sides, those that are more stay.
        first, last = (first - above, last) if above < below else (first, last + min(above, below))
        self._add(module, source.line_start(first), source.line_start(last + 1), "")

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
        self._indent(module, first, last)
        if footer:
            self._behind(module, last, self._lines(source, footer, indent))

    def hold(self, module: Module, statement: ast.Assign, value: ast.expr, last: ast.stmt, word: str = "with") -> None:
        """Turn `name = value` into `with value as name:`, and put what follows, up to `last`, one level deeper.

        `value` may be a part of what is assigned; the rest of that goes.
        """
        source = self.source(module)
        block = _block_of(module, statement)
        for item in block[block.index(statement) : block.index(last) + 1]:
            self._must_be_alone(source, item)
        start, end = source.span(statement)
        first, behind = source.span(value)
        self.put(module, start, first, f"{word} ")
        self.put(module, behind, end, f" as {source.of(statement.targets[0])}:")
        self._indent(module, (statement.end_lineno or 0) + 1, last.end_lineno or 0)

    def at_end(self, module: Module, text: str) -> None:
        """Insert lines at the end of a module, two empty lines below what is there."""
        source = self.source(module)
        end = len(source.text)
        stripped = len(source.text.rstrip())
        lines = source.newline * 3 + self._lines(source, text, "").rstrip("\r\n") + source.newline
        self._add(module, stripped, end, lines)

    def wrap(self, module: Module, node: ast.expr, name: str) -> None:
        """Give an expression to the call of `name`; one that starts a line and has several is put on lines deeper."""
        source = self.source(module)
        start, end = source.span(node)
        line = source.text[source.line_start(node.lineno) : start]
        last = node.end_lineno or node.lineno
        if line.strip() or last == node.lineno or last in source.inside_strings:
            self.put(module, start, start, f"{name}(")
            self.put(module, end, end, ")")
            return
        self.put(module, start, start, f"{name}({source.newline}{line}{source.unit}")
        self._indent(module, node.lineno + 1, last)
        self.put(module, end, end, f"{source.newline}{line})")

    def name(self, module: Module, qualified: str, function: Function | None = None) -> str:
        """Return what `qualified`, such as `fastapi.Depends`, is called in a module, importing it where it is not.

        Raises `WithheldError` if the name stands for something else there, or in `function`.
        """
        known = known_as(module, qualified)
        spelled = known or Wanted.of(qualified).spelled
        if function is not None and spelled.partition(".")[0] in function.names:
            raise WithheldError(f"{spelled.partition('.')[0]} stands for something else in {function.qualname}")
        if known:
            return known
        wanted = self._imports.setdefault(module.path, [])
        asked = Wanted.of(qualified)
        if asked.bound in module.imports or asked.bound in _bound_at_top(module):
            raise WithheldError(f"{asked.bound} stands for something else in {module.path}")
        if asked not in wanted:
            wanted.append(asked)
        return asked.spelled

    def add_import(self, module: Module, wanted: Wanted) -> None:
        """Import an object by a name that nothing else has after the change."""
        self._imports.setdefault(module.path, []).append(wanted)

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
            text = _applied(source.text, edits, path)
            if text != source.text:
                text = without_leftovers(source, text, self.project.files)
                found[path] = source.encoded(text)
        return found

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


def _bound_at_top(module: Module) -> set[str]:
    return {*module.functions, *module.classes, *module.body.assigned}


def _applied(text: str, edits: Iterable[Edit], path: str) -> str:
    """Return `text` after `edits`. Raises `WithheldError` if one changes what another does."""
    pieces, position = [], 0
    for edit in sorted(set(edits)):
        if edit.start < position:
            raise WithheldError(f"two changes of {path} meet in one place")
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])
