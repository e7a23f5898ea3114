"""Functions of the project: what kind they are, and how they become another."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import give_plain_iterator
from troubleshoot.patching.texts import WithheldError, last_line


def needs_async(function: Function) -> bool:
    """Return whether a function uses what only `async def` allows."""
    return any(
        isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))
        or (isinstance(node, ast.comprehension) and node.is_async)
        for node in ast.walk(function.node)
    )


def make_sync(draft: Draft, function: Function) -> None:
    """Turn `async def` into `def`. Raises `WithheldError` where the function needs it, or somebody awaits it."""
    if needs_async(function):
        raise WithheldError(f"{function.qualname} awaits something")
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    draft.replace_start(function.module, function.node, "async def", "def")
    give_plain_iterator(draft, function)


def make_async(draft: Draft, function: Function, *, all_awaited: bool = False) -> None:
    """Turn `def` into `async def`. Raises `WithheldError` where somebody calls it who will not await it."""
    if function.is_generator:
        raise WithheldError(f"{function.qualname} is a generator")
    if not all_awaited and any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    draft.replace_start(function.module, function.node, "def", "async def")


def decorate(draft: Draft, function: Function, name: str) -> None:
    """Put a decorator in front of the others of a function, below its comments."""
    source = draft.source(function.module)
    source.must_be_alone(function.node)
    start = source.line_start(source.first_line(function.node))
    draft.put(function.module, start, start, f"{source.indent(function.node)}@{name}{source.newline}")


def undecorate(draft: Draft, module: Module, decorator: ast.expr) -> None:
    """Take a decorator out with its lines."""
    source = draft.source(module)
    draft.put(module, source.line_start(decorator.lineno), source.line_start(last_line(decorator) + 1), "")


def body_of(function: Function) -> list[ast.stmt]:
    """Return the statements of a function behind its docstring. Raises `WithheldError` if there are none."""
    has_docstring = ast.get_docstring(function.node, clean=False) is not None
    statements = function.node.body[has_docstring:]
    if not statements:
        raise WithheldError(f"{function.qualname} has no statements of its own")
    return statements


def function_with(project: Project, node: ast.AST) -> Function:
    """Return the function of the project that a node declares. Raises `WithheldError` if it is not known."""
    for module in project.files.modules():
        for function in module.all_functions:
            if function.node is node:
                return function
    raise WithheldError("the function is not declared where it could be changed")


def module_with(project: Project, node: ast.AST) -> Module:
    """Return the module of the project that a node stands in."""
    for module in project.files.modules():
        if any(item is node for item in ast.walk(module.tree)):
            return module
    raise WithheldError("it stands where it could not be changed")
