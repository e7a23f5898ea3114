"""From bytes to a syntax tree, also where the source is newer than the running interpreter."""

from __future__ import annotations

import ast


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
        raise UnreadableError("is nested too deeply") from None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError("is neither UTF-8 nor declares another encoding", line) from None
    from troubleshoot.code.lowering import lowered

    try:
        return ast.parse(lowered(data))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnreadableError(f"is not valid Python: {problem.msg}", problem.lineno or 0) from None
