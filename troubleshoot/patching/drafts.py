"""Edits of several files, made by node, that compose or are refused."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.patching.edits import Edit, applied, loses_comment
from troubleshoot.patching.imports import Wanted, import_edits, is_bound, known_as
from troubleshoot.patching.layout import Layout, last_line
from troubleshoot.patching.leftovers import without_leftovers
from troubleshoot.patching.texts import WithheldError


@dataclass(eq=False)
class Draft(Layout):
    """The edits of one change. Every method raises `WithheldError` where it would have to guess."""

    _imports: dict[str, list[Wanted]] = field(default_factory=dict)

    def replace(self, module: Module, node: ast.AST, text: str, *, until: ast.AST | None = None) -> None:
        """Put `text` in the place of a node, or all up to another; its lines are indented like the node's first."""
        source = self.source(module)
        (start, _), (_, end) = source.span(node), source.span(until or node)
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

    def delete(self, module: Module, statement: ast.stmt) -> None:
        """Take out a statement with its lines; where it was alone in its block, `pass` stays."""
        source = self.source(module)
        self._must_be_alone(source, statement)
        block = block_around(statement, module.tree)
        if len(block) == 1:
            self.replace(module, statement, "pass")
            return
        first, last = self._first_line(statement), last_line(statement)
        if statement is block[0]:
            # A block starts with no empty line.
            while source.line_start(last + 1) < len(source.text) and not source.line(last + 1).strip():
                last += 1
        self.clear(module, first, last)

    def move_behind(
        self, module: Module, statement: ast.stmt, other: ast.stmt, renamed: tuple[ast.expr, str] | None = None
    ) -> None:
        """Put a statement with its comments, those right above it included, behind another; one node may be renamed."""
        source = self.source(module)
        for item in (statement, other):
            self._must_be_alone(source, item)
        first, last = self._commented_line(source, statement), last_line(statement)
        start, end = source.line_start(first), source.line_start(last + 1)
        lines = source.text[start:end]
        if renamed is not None:
            name_start, name_end = source.span(renamed[0])
            lines = source.text[start:name_start] + renamed[1] + source.text[name_end:end]
        old, new = source.indent(statement), source.indent(other)
        if old != new:
            if any(number in source.inside_strings for number in range(first, last + 1)):
                raise WithheldError(f"line {statement.lineno} of {module.path} has a text of several lines")
            lines = re.sub(f"(?m)^{old}", new, lines)
        if len(block_around(statement, module.tree)) == 1:
            self._add(module, start, end, f"{old}pass{source.newline}")
        else:
            self.clear(module, first, last)
        self._behind(module, last_line(other), source.gap_behind(other) + lines.rstrip("\r\n") + source.newline)

    def undecorate(self, module: Module, decorator: ast.expr) -> None:
        """Take a decorator out with its lines."""
        source = self.source(module)
        self._add(module, source.line_start(decorator.lineno), source.line_start(last_line(decorator) + 1), "")

    def drop(self, module: Module, items: Sequence[ast.expr | ast.keyword], item: ast.expr | ast.keyword) -> None:
        """Take one of the arguments of a call, or of the items of a list, out with its comma."""
        source = self.source(module)
        start, end = source.span(item)
        ordered = sorted(items, key=source.span)
        index = ordered.index(item)
        if index:
            _, start = source.span(ordered[index - 1])
        elif len(ordered) > 1:
            end, _ = source.span(ordered[1])
        self._add(module, start, end, "")

    def before(self, module: Module, statement: ast.stmt, text: str) -> None:
        """Insert lines in front of a statement and the comments right above it, as deep as it is."""
        source = self.source(module)
        self._must_be_alone(source, statement)
        start = source.line_start(self._commented_line(source, statement))
        self._add(module, start, start, self._lines(source, text, source.indent(statement)))

    def after(self, module: Module, statement: ast.stmt, text: str) -> None:
        """Insert lines behind a statement, as deep as it is."""
        source = self.source(module)
        self._must_be_alone(source, statement)
        lines = self._lines(source, text, source.indent(statement))
        self._behind(module, last_line(statement), source.gap_behind(statement, text) + lines)

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
        first, last = self._first_line(statements[0]), last_line(statements[-1])
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
        block = block_around(statement, module.tree)
        for item in block[block.index(statement) : block.index(last) + 1]:
            self._must_be_alone(source, item)
        start, end = source.span(statement)
        first, behind = source.span(value)
        self.put(module, start, first, f"{word} ")
        self.put(module, behind, end, f" as {source.of(statement.targets[0])}:")
        below = (statement.end_lineno or 0) + 1
        empty = below
        while source.line_start(empty) < len(source.text) and not source.line(empty).strip():
            empty += 1
        self.put(module, source.line_start(below), source.line_start(empty), "")
        self._indent(module, below, last.end_lineno or 0)

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

    def name(self, module: Module, qualified: str, function: Function | None = None, *, alias: str = "") -> str:
        """Return what `qualified`, such as `fastapi.Depends`, is called in a module, importing it where it is not.

        Where its own name stands for something else, it is imported as `alias`, if there is one. Raises `WithheldError`
        if the name stands for something else there, or in `function`.
        """
        known = known_as(module, qualified)
        spelled = known or Wanted.of(qualified).spelled
        if function is not None and spelled.partition(".")[0] in function.names:
            raise WithheldError(f"{spelled.partition('.')[0]} stands for something else in {function.qualname}")
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
            if loses_comment(source.text, text):
                raise WithheldError(f"a comment of {path} would go, too")
            if text != source.text:
                text = without_leftovers(source, text, self.project.files)
                found[path] = source.encoded(text)
        return found


def block_around(statement: ast.stmt, within: ast.AST) -> list[ast.stmt]:
    """Return the block inside `within` that `statement` stands in. Raises `WithheldError` if there is none."""
    for node in ast.walk(within):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(item is statement for item in block):
                return block
    raise WithheldError("the statement stands in no block")
