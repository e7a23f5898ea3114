"""Imports that a change has left without use: they go with what used them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import lru_cache

from troubleshoot.code.files import Files
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import walk
from troubleshoot.patching.texts import SourceText, last_line

WORD = re.compile(r"[^\W\d]\w*")
FROM_BESIDE = re.compile(rb"\bfrom[\s\\]*\.[\s.\\]*import\b")
"""An import from a package itself, as in `from . import name`."""
Import = ast.Import | ast.ImportFrom


def without_leftovers(source: SourceText, text: str, files: Files) -> str:
    """Return the new text of a module without the imports at its top that it used before, and does not use now."""
    lines, now = Counter(source.text.splitlines()), Counter(text.splitlines())
    gone, come = _words(lines - now), _words(now - lines)
    if not any(gone[name] > come[name] for name in source.module.imports):
        return text
    before, data = source.module, source.encoded(text)
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return text
    used, then = _used(tree), _used_before(before)
    after = SourceText(Module(before.path, data, tree))
    for statement in reversed(tree.body):
        if isinstance(statement, Import):
            idle = [item for item in statement.names if _bound(item) in then - used]
            if idle and not any(_is_taken_from(before, _bound(item), files) for item in idle):
                text = _without(after, text, statement, idle)
    return text


def _words(lines: Counter[str]) -> Counter[str]:
    return Counter(word for line in lines.elements() for word in WORD.findall(line))


def _used(tree: ast.Module) -> set[str]:
    """Return the names that a module uses, also those in texts, which may be annotations or `__all__`."""
    nodes = list(walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    described = {_docstring(node) for node in nodes}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in described:
            names.update(WORD.findall(node.value))
    return names


@lru_cache(maxsize=256)
def _used_before(module: Module) -> set[str]:
    return _used(module.tree)


def _docstring(node: ast.AST) -> ast.AST | None:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
        first = node.body[0]
        return first.value if isinstance(first, ast.Expr) else None
    return None


def _bound(item: ast.alias) -> str:
    return item.asname or item.name


def _is_taken_from(module: Module, name: str, files: Files) -> bool:
    """Return whether another module imports a name from this one."""
    stem = module.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
    for other in files.modules(name):
        if other.path == module.path or not (other.mentions(stem.encode()) or FROM_BESIDE.search(other.data)):
            continue
        for node in ast.walk(other.tree):
            if not isinstance(node, ast.ImportFrom) or (node.module or "").rpartition(".")[2] not in (stem, ""):
                continue
            if any(item.name in (name, "*") for item in node.names):
                return True
    return False


def _without(source: SourceText, text: str, statement: Import, idle: list[ast.alias]) -> str:
    """Return `text` without some names of an import, or without the import. One with a comment stays as it is."""
    start, end = source.span(statement)
    behind = source.line_end(last_line(statement))
    if "#" in source.text[start:behind] or not source.is_alone(statement):
        return text
    if len(idle) == len(statement.names):
        first, last = source.line_start(statement.lineno), source.line_start(last_line(statement) + 1)
        above = source.text[:first].rstrip(" \t")
        # With the last import of a group goes the empty line behind it.
        at_top = not above.strip("\ufeff\r\n")
        for _ in range(2 if at_top else 1 if above.endswith(source.newline * 2) else 0):
            last += len(source.newline) if source.text[last:].startswith(source.newline) else 0
        return text[:first] + text[last:]
    names = statement.names
    for item in reversed(idle):
        index = names.index(item)
        start, end = source.span(item)
        if index + 1 < len(names):
            end = source.span(names[index + 1])[0]
        else:
            kept = [other for other in names[:index] if other not in idle]
            start = source.span(kept[-1])[1]
        text = text[:start] + text[end:]
    return text
