"""What a callable is, where it stands, and what its source shows beyond doubt."""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import re
import sys
import textwrap
from typing import Any

LONGEST = 200
"""Characters of a value's `repr` that are kept."""
MOST = 50
"""Entries of a collection that are kept."""
SECRET = re.compile(r"secret|password|passwd|token|api_?key|private_?key|credential", re.IGNORECASE)
"""Names of options whose text nobody else must see."""
DECORATORS = 40
"""Lines below the first decorator in which the `def` is looked for."""


def impartial(call: Any) -> Any:
    """Return what `functools.partial` was put around."""
    while isinstance(call, functools.partial):
        call = call.func
    return call


def unwrapped(call: Any) -> Any:
    """Return the innermost function behind partials and decorators that use `functools.wraps`."""
    try:
        return inspect.unwrap(impartial(call))
    except ValueError:
        return impartial(call)


def name_of(thing: Any) -> str:
    """Return the qualified name, with `(…)` behind the class of an instance."""
    base = impartial(thing)
    qualified = getattr(base, "__qualname__", None)
    if isinstance(qualified, str):
        module = getattr(base, "__module__", None)
        name = f"{module}.{qualified}" if isinstance(module, str) else qualified
        return f"partial({name})" if base is not thing else name
    kind = type(base)
    return f"{kind.__module__}.{kind.__qualname__}(…)"


def place_of(thing: Any) -> dict[str, Any]:
    """Return `name`, `file` and `line` (counted from 1; 0 and an empty file if unknown)."""
    base = unwrapped(thing)
    base = getattr(base, "__func__", base)
    code = getattr(base, "__code__", None)
    if code is not None:
        file, line = code.co_filename, _line_of_def(code.co_filename, code.co_firstlineno)
    else:
        file, line = _class_place(base if isinstance(base, type) else type(base))
    return {"name": name_of(thing), "file": file, "line": line}


def _line_of_def(file: str, first: int) -> int:
    """Return the line of the `def` below the decorators that start at line `first`."""
    for line in range(first, first + DECORATORS):
        text = linecache.getline(file, line).lstrip()
        if text.startswith(("def ", "async def ")):
            return line
        if not text or (line == first and not text.startswith("@")):
            break
    return first


@functools.lru_cache(maxsize=4096)
def _class_place(kind: type) -> tuple[str, int]:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    try:
        return file, inspect.getsourcelines(kind)[1]
    except (OSError, TypeError, IndexError, SyntaxError):
        return file, 0


def kind_of(call: Any) -> str:
    """Return `function`, `method`, `class`, `partial` or `instance`."""
    if isinstance(call, functools.partial):
        return "partial"
    if isinstance(call, type):
        return "class"
    if inspect.ismethod(call):
        return "method"
    return "function" if inspect.isroutine(call) else "instance"


def context_manager_of(call: Any) -> str:
    """Return `contextmanager` or `asynccontextmanager` if `call` is a function decorated with it, else nothing."""
    code = getattr(impartial(call), "__code__", None)
    inner = getattr(impartial(call), "__wrapped__", None)
    if inner is None or code is None or getattr(sys.modules.get("contextlib"), "__file__", "") != code.co_filename:
        return ""
    if inspect.isasyncgenfunction(inner):
        return "asynccontextmanager"
    return "contextmanager" if inspect.isgeneratorfunction(inner) else ""


def does_the_same(one: Any, other: Any) -> bool:
    """Return whether two different objects are certain to do the same work: the same code over equal values."""
    try:
        if isinstance(one, functools.partial) and isinstance(other, functools.partial):
            return bool((one.func, one.args, one.keywords) == (other.func, other.args, other.keywords))
        if inspect.isfunction(one) and inspect.isfunction(other):
            return one.__code__ is other.__code__ and _held(one) == _held(other)
        if inspect.isroutine(one) or isinstance(one, type) or type(one) is not type(other):
            return False
        return bool(vars(one) == vars(other))
    except Exception:
        return False


def _held(function: Any) -> tuple[Any, ...]:
    cells = function.__closure__ or ()
    return (function.__defaults__, function.__kwdefaults__, [cell.cell_contents for cell in cells])


@functools.lru_cache(maxsize=4096)
def source_of(function: Any) -> ast.AST | None:
    """Return the function's syntax tree with the line numbers of its file, or None if there is no source."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError, ValueError, IndexError):
        return None
    return ast.increment_lineno(tree, first - 1)


def attributes_used(call: Any, parameter: str | None) -> dict[str, int]:
    """Return the attributes that a function reads of its parameter, each with the first line it does so."""
    base = unwrapped(call)
    if parameter is None or not (inspect.isfunction(base) or inspect.ismethod(base)):
        return {}
    found: dict[str, int] = {}
    tree = source_of(base)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == parameter:
            found[node.attr] = min(node.lineno, found.get(node.attr, node.lineno))
    return found


def value_of(value: Any, depth: int = 3) -> Any:
    """Return `value` as JSON can hold it: plain values as they are, callables by name, others by their `repr`."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value[:LONGEST]
    if depth and isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
        return [value_of(item, depth - 1) for item in list(items)[:MOST]]
    if depth and isinstance(value, dict):
        return {str(key)[:LONGEST]: _option(str(key), item, depth - 1) for key, item in list(value.items())[:MOST]}
    if isinstance(value, type) or inspect.isroutine(value) or isinstance(value, functools.partial):
        return name_of(value)
    try:
        return repr(value)[:LONGEST]
    except Exception:
        return f"<{type(value).__qualname__}>"


def _option(name: str, value: Any, depth: int) -> Any:
    return "<secret>" if SECRET.search(name) and isinstance(value, (str, bytes)) else value_of(value, depth)
