"""From bytes to a syntax tree, also where the source is newer than the running interpreter."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import warnings

TOO_DEEP = "is nested too deeply"
MOST_NESTED = 100
"""Levels of a syntax tree that can be looked into whatever the way."""


class UnreadableError(Exception):
    """A file that is no Python of any version; `line` counts from 1, 0 if there is none."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


def parse(data: bytes) -> ast.Module:
    """Return the tree of a file. Raises `UnreadableError`."""
    try:
        return ast.parse(data)
    except SyntaxError as error:
        problem = error
    except ValueError as error:
        raise UnreadableError(f"is not Python source: {error}") from None
    except (RecursionError, MemoryError):
        raise UnreadableError(TOO_DEEP) from None
    text = _decoded(data)
    from troubleshoot.code.syntax.lowering import lowered

    try:
        return ast.parse(lowered(text.encode()).decode())
    except ImportError:
        why = f"is not Python as {sys.version_info[0]}.{sys.version_info[1]} reads it: {problem.msg}"
        raise UnreadableError(f"{why}; newer syntax needs tree-sitter", problem.lineno or 0) from None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnreadableError(f"is not valid Python: {problem.msg}", problem.lineno or 0) from None


def is_sound(data: bytes) -> bool:
    """Return whether a file is surely Python that can be parsed; quicker than to make its tree, and smaller."""
    import symtable

    try:
        # It stops where the parser does, and where the compiler would.
        symtable.symtable(data, "", "exec")  # type: ignore[arg-type]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def compiles(source: bytes) -> bool:
    """Return whether Python takes a source; an `await` in a plain function can be parsed, and yet it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def encoding_of(data: bytes) -> str:
    """Return the encoding that a file declares, else UTF-8; also if what it declares does not exist."""
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        return "utf-8"


def _decoded(data: bytes) -> str:
    """Return the text of a file. Raises `UnreadableError` with the line that is not in the encoding of the file."""
    encoding = encoding_of(data)
    try:
        return data.decode(encoding)
    except (ValueError, LookupError) as error:
        line = data.count(b"\n", 0, error.start) + 1 if isinstance(error, UnicodeDecodeError) else 1
        why = "is neither UTF-8 nor declares another encoding" if encoding.startswith("utf-8") else f"is not {encoding}"
        raise UnreadableError(why, line) from None


def is_deep(tree: ast.Module) -> bool:
    """Return whether a tree has more than `MOST_NESTED` levels."""
    level: list[ast.AST] = [tree]
    for _ in range(MOST_NESTED):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)
