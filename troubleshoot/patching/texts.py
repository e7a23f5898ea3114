"""A source file as it is, character by character, and where the nodes of its tree stand in it."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from collections import Counter
from functools import cached_property, lru_cache

from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import ancestors
from troubleshoot.code.syntax.parsing import encoding_of

LINE_END = re.compile(r"\r\n|\r|\n")
GENERATED = re.compile(r"(?im)^#.*(?:@generated|\bgenerated (?:by|from|file|code)\b|\bdo not edit\b|^# generated$)")
DEFINITION = re.compile(r"\s*(@|(async\s+)?def\b|class\b)")
HEAD = 1_000
"""Characters at the top of a file in which it would say that it is generated."""
LONGEST_LINE = 88
WIDEST = 120
"""Characters in a line beyond which it is no sign of how long lines may be in a file."""


class WithheldError(Exception):
    """A change that is not made; the text says why, as the rest of a sentence."""


class SourceText:
    """The text of a module, with its own line ends. Raises `WithheldError` if nothing may be changed in it."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.encoding = encoding_of(module.data)
        try:
            self.text = module.data.decode(self.encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise WithheldError(f"{module.path} cannot be read as {self.encoding}") from error
        if self.encoded(self.text) != module.data:
            raise WithheldError(f"{module.path} would not be the same after reading and writing it")
        if GENERATED.search(self.text[:HEAD]):
            raise WithheldError(f"{module.path} is generated, so the change belongs in what it is made from")
        try:
            ast.parse(module.data)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise WithheldError(f"{module.path} has syntax that is newer than the Python that runs this") from error

    def encoded(self, text: str) -> bytes:
        """Return `text` as bytes of this file. Raises `WithheldError` for letters that its encoding does not have."""
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise WithheldError(
                f"{self.module.path} is in {self.encoding}, which lacks a letter of the change"
            ) from error

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses most."""
        ends = Counter(LINE_END.findall(self.text))
        return ends.most_common(1)[0][0] if ends else "\n"

    @cached_property
    def unit(self) -> str:
        """What one level of indentation is."""
        blocks = (node for node in ast.walk(self.module.tree) if isinstance(node, ast.stmt))
        for node in blocks:
            for inner in getattr(node, "body", ()):
                if isinstance(inner, ast.stmt) and self.is_alone(inner):
                    outer, inside = self.indent(node), self.indent(inner)
                    if inside.startswith(outer) and inside != outer:
                        return inside[len(outer) :]
        return "    "

    @cached_property
    def width(self) -> int:
        """How long lines may be: as long as the longest that is not odd, and as `ruff format` makes them."""
        return max(LONGEST_LINE, *(len(line) for line in LINE_END.split(self.text) if len(line) <= WIDEST))

    @cached_property
    def inside_strings(self) -> frozenset[int]:
        """The lines that start inside a text, whose white space is part of it."""
        found: set[int] = set()
        opened: list[int] = []
        lines = io.StringIO("\n".join(LINE_END.split(self.text.removeprefix("\ufeff"))))
        for token in tokenize.generate_tokens(lines.readline):
            kind = tokenize.tok_name[token.type]
            if kind.endswith("STRING_START"):
                opened.append(token.start[0])
            elif kind == "STRING" or kind.endswith("STRING_END"):
                first = token.start[0] if kind == "STRING" else opened.pop()
                found.update(range(first + 1, token.end[0] + 1))
        return frozenset(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in LINE_END.finditer(self.text))]

    def line_start(self, number: int) -> int:
        """Return where line `number`, counted from 1, starts; the end of the text for lines behind it."""
        return self._starts[number - 1] if number <= len(self._starts) else len(self.text)

    def line_end(self, number: int) -> int:
        """Return where line `number` ends, in front of its line end."""
        start = self.line_start(number)
        return start + len(self.text[start : self.line_start(number + 1)].rstrip("\r\n"))

    def line(self, number: int) -> str:
        """Return the text of a line; nothing for lines that are not there."""
        return self.text[self.line_start(number) : self.line_end(number)] if number > 0 else ""

    def empty_lines(self, number: int, step: int) -> int:
        """Return how many lines are empty from line `number` on, downwards or, with a `step` of -1, upwards."""
        count = 0
        while 0 < number < len(self._starts) and not self.line(number).strip():
            count, number = count + 1, number + step
        return count

    def first_line(self, node: ast.expr | ast.stmt | ast.excepthandler) -> int:
        """Return the line on which a node starts, its decorators included."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        return min([node.lineno, *(item.lineno for item in decorators)])

    def commented_line(self, statement: ast.stmt | ast.excepthandler) -> int:
        """Return the line of a statement, or that of the first of the comments right above it."""
        first = self.first_line(statement)
        while self.line(first - 1).startswith(self.indent(statement) + "#"):
            first -= 1
        return first

    def position(self, line: int, column: int) -> int:
        """Return the index of a place that the tree gives as a line and a column in bytes of UTF-8."""
        start = self.line_start(line)
        if line == 1 and self.text.startswith(codecs.BOM_UTF8.decode()):
            start += 1
        text = self.text[start : self.line_start(line + 1)]
        return start + len(text.encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node starts and ends, its decorators included."""
        first = min((item for item in getattr(node, "decorator_list", ())), key=lambda item: item.lineno, default=None)
        assert isinstance(node, (ast.expr, ast.stmt, ast.excepthandler, ast.arg, ast.keyword, ast.alias))
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.position(node.lineno, node.col_offset)
        if first is not None:
            start = self.text.rindex("@", 0, self.position(first.lineno, first.col_offset))
        end = self.position(node.end_lineno, node.end_col_offset)
        is_formatted = any(isinstance(around, ast.JoinedStr) for around in ancestors(node))
        if is_formatted and not _is_written(node, self.text[start:end]):
            # Before Python 3.12 the tree does not always say where the parts of a formatted text stand.
            raise WithheldError("the place is inside a formatted text")
        return start, end

    def of(self, node: ast.AST) -> str:
        """Return the source of a node as it is written."""
        start, end = self.span(node)
        return self.text[start:end]

    def flush(self, node: ast.AST) -> str:
        """Return the source of a node as it would be at the left margin.

        Raises `WithheldError` if that would change a text of several lines in it.
        """
        start, end = self.span(node)
        indent = self.indent_at(start)
        first, *rest = LINE_END.split(self.text[start:end])
        if any(item.strip() and not item.startswith(indent) for item in rest):
            raise WithheldError(f"the lines of {self.module.path} are indented in a way of their own")
        return "\n".join([first, *(item.removeprefix(indent) for item in rest)])

    def in_front(self, position: int) -> str:
        """Return what stands in front of a place on its line."""
        line = self.text.rfind("\n", 0, position) + 1
        start = self.text.rfind("\r", line, position) + 1 or line
        return self.text[start:position].lstrip("\ufeff")

    def indent_at(self, position: int) -> str:
        """Return the white space at the start of the line of a place."""
        line = self.in_front(position)
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def indent(self, statement: ast.stmt | ast.excepthandler) -> str:
        """Return the white space in front of a statement."""
        return self.indent_at(self.span(statement)[0])

    def starts_line(self, node: ast.AST) -> bool:
        """Return whether nothing but white space stands in front of a node on its line."""
        return not self.in_front(self.span(node)[0]).strip()

    def gap_behind(self, statement: ast.stmt, text: str = "") -> str:
        """Return the empty lines between a statement and `text`: some if one of them is a function or a class."""
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or DEFINITION.match(text):
            return self.newline * (1 if self.indent(statement) else 2)
        return ""

    def is_alone(self, statement: ast.stmt | ast.excepthandler) -> bool:
        """Return whether a statement has its lines to itself: nothing but white space before, or a comment behind."""
        _, end = self.span(statement)
        line = LINE_END.search(self.text, end)
        behind = self.text[end : line.start() if line is not None else len(self.text)].strip()
        return self.starts_line(statement) and (not behind or behind.startswith("#"))

    def must_be_alone(self, *statements: ast.stmt | ast.excepthandler) -> None:
        """Raise `WithheldError` for the first of `statements` that shares its lines with another."""
        for statement in statements:
            if not self.is_alone(statement):
                raise WithheldError(f"line {statement.lineno} of {self.module.path} has several statements")

    def is_commented(self, node: ast.stmt | ast.expr) -> bool:
        """Return whether a comment stands in a node, or behind a statement."""
        start, end = self.span(node)
        text = self.text[start : end if isinstance(node, ast.expr) else self.line_end(last_line(node))]
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        try:
            return any(token.type == tokenize.COMMENT for token in tokens)
        except (tokenize.TokenError, IndentationError):
            return True


def last_line(node: ast.expr | ast.stmt | ast.excepthandler | ast.keyword) -> int:
    """Return the number of the line on which a node ends."""
    return node.end_lineno or node.lineno


def _is_written(node: ast.AST, text: str) -> bool:
    """Return whether a text is the source of an expression."""
    try:
        return ast.dump(ast.parse(f"({text})", mode="eval").body) == ast.dump(node)
    except (SyntaxError, ValueError):
        return False


@lru_cache(maxsize=256)
def text_of(module: Module) -> SourceText:
    """Return the text of a module. Raises `WithheldError` as `SourceText` does."""
    return SourceText(module)
