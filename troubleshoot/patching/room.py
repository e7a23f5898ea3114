"""Where a module has room for something new, and names that are free for it."""

from __future__ import annotations

import ast
import itertools

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError, last_line


def _statements_above(module: Module) -> list[ast.stmt]:
    """Return the statements of a module in front of its first function or class."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return list(itertools.takewhile(lambda item: not isinstance(item, kinds), module.tree.body))


def above_definitions(draft: Draft, module: Module, text: str) -> None:
    """Insert a statement at the top level of a module: behind what stands above its first function or class."""
    statements = _statements_above(module)
    if not statements:
        raise WithheldError(f"nothing stands above the first function of {module.path}")
    above = statements[-1]
    source = draft.source(module)
    is_apart = isinstance(above, (ast.Assign, ast.AnnAssign)) and above.lineno == above.end_lineno
    source.must_be_alone(above)
    position = source.line_start(last_line(above) + 1)
    draft.put(module, position, position, f"{'' if is_apart else source.newline}{text}{source.newline}")


def free_name(module: Module, *wanted: str) -> str:
    """Return the first of some names that nothing in a module has. Raises `WithheldError` if there is none."""
    bound = {*module.imports, *module.functions, *module.classes}
    return unused_name(module.tree, *(name for name in wanted if name not in bound))


def unused_name(within: ast.AST, *wanted: str) -> str:
    """Return the first of some names that no variable or parameter has. Raises `WithheldError` if there is none."""
    names = {getattr(node, "id", None) or getattr(node, "arg", None) for node in ast.walk(within)}
    found = next((name for name in wanted if name not in names), None)
    if found is None:
        raise WithheldError("the names that a new variable could have stand for something else")
    return found
