"""Changes of functions and calls that several patches make."""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Iterator, Sequence

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, last_name, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import LONGEST_LINE
from troubleshoot.patching.signatures import give_plain_iterator
from troubleshoot.patching.texts import SourceText, WithheldError

ON_ITS_LINE = re.compile(r"\s*\n[ \t]*(?=\.)")
"""The line end and the white space in front of a method that is called on a line of its own."""


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


def callers(project: Project, function: Function) -> Iterator[tuple[Function | Module, ast.Call]]:
    """Yield each call of a function, or of something of its name that nobody knows, with where it stands."""
    for path in project.files.paths:
        module = project.files.module(path)
        if module is None or not module.mentions(function.name.encode()):
            continue
        places: list[Function | Module] = [module, *module.all_functions]
        for where in places:
            for call in where.body.calls:
                if last_name(call.func) == function.name:
                    value = project.value(call.func, where)
                    if value is None or getattr(value, "function", value) is function:
                        yield where, call


def add_call(draft: Draft, module: Module, node: ast.expr, text: str) -> None:
    """Call methods, such as `.limit(10)`, on what an expression gives, each on its line in a chain of such lines."""
    source = draft.source(module)
    _, end = source.span(node)
    start = (
        source.span(node.func.value)[1] if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else end
    )
    chained = ON_ITS_LINE.match(source.text, end) or ON_ITS_LINE.match(source.text, start)
    draft.put(module, end, end, f"{chained[0]}{text}" if chained else text)


def await_in_thread(draft: Draft, module: Module, call: ast.Call) -> None:
    """Move a call that blocks into the thread pool: `await run_in_threadpool(f, x)`."""
    for around in ancestors(call):
        if isinstance(around, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp)):
            raise WithheldError("await is not allowed where the call stands")
        if isinstance(around, ast.withitem):
            raise WithheldError("what is opened by `with` has to move into a function together with its block")
    source = draft.source(module)
    (start, end), (_, behind) = source.span(call), source.span(call.func)
    opening, closing = ("", "") if _is_bare(call) else ("(", ")")
    moved = f"{opening}await {draft.name(module, 'fastapi.concurrency.run_in_threadpool')}("
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    first = min((source.span(item)[0] for item in given), default=end - 1)
    gap = source.text[behind:first].lstrip().removeprefix("(")
    gap = gap if "\n" in gap else ""
    if gap.strip() or isinstance(call.func, ast.Lambda):
        raise WithheldError("the call is laid out in a way of its own")
    between = f",{gap or ' '}" if given else ""
    draft.put(module, start, first, f"{moved}{gap}{source.text[start:behind]}{between}")
    if closing:
        draft.put(module, end, end, closing)


def await_here(draft: Draft, module: Module, call: ast.Call) -> None:
    """Put `await` in front of a call, which stays as it is. Raises `WithheldError` where it is not allowed."""
    awaited_as(draft, module, call, call)


def awaited_as(draft: Draft, module: Module, node: ast.expr, coroutine: ast.expr) -> None:
    """Put `await` and what makes a coroutine, a part of `node` or the whole, in the place of `node`."""
    if any(isinstance(around, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp)) for around in ancestors(node)):
        raise WithheldError("await is not allowed where the call stands")
    source = draft.source(module)
    (start, end), (first, last) = source.span(node), source.span(coroutine)
    opening, closing = ("", "") if _is_bare(node) else ("(", ")")
    if start == first and end == last:
        draft.around(module, node, f"{opening}await ", closing)
    else:
        draft.put(module, start, end, f"{opening}await {source.text[first:last]}{closing}")


def awaited(node: ast.expr, text: str) -> str:
    """Return `text`, which takes the place of `node`, with `await` before it, in parentheses where they are needed."""
    return f"await {text}" if _is_bare(node) else f"(await {text})"


def _is_bare(node: ast.expr) -> bool:
    """Return whether `await` stands in the place of `node` without parentheses."""
    around = parent(node)
    if isinstance(around, ast.Call):
        return node is not around.func
    if isinstance(around, ast.Subscript):
        return node is not around.value
    return not isinstance(around, (ast.Attribute, ast.Await))


def put_arguments(draft: Draft, module: Module, argument: ast.expr | ast.keyword, texts: Sequence[str]) -> None:
    """Put several arguments in the place of the only one of a call, each on a line of its own if one is too short."""
    source = draft.source(module)
    start, end = source.span(argument)
    line = source.text[source.line_start(argument.lineno) : start]
    rest = source.text[end : source.line_end(argument.end_lineno or 0)].partition("#")[0].rstrip()
    joined = ", ".join(texts)
    indent = line[: len(line) - len(line.lstrip())]
    if len(texts) == 1 or (line.strip() and "\n" not in joined and len(line + joined + rest) <= LONGEST_LINE):
        draft.put(module, start, end, joined)
    elif not line.strip():
        comma = "" if rest.startswith(",") else ","
        draft.put(module, start, end, f",{source.newline}{indent}".join(texts) + comma)
    else:
        inner = f"{source.newline}{indent}{source.unit}"
        draft.put(module, start, end, f"{inner}{f',{inner}'.join(texts)},{source.newline}{indent}")


def add_argument(draft: Draft, module: Module, call: ast.Call, text: str) -> None:
    """Add an argument by name at the end of a call."""
    source = draft.source(module)
    _, end = source.span(call)
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    if not given:
        draft.put(module, end - 1, end - 1, text)
        return
    last = max(given, key=lambda item: (item.lineno, item.col_offset))
    start, behind = source.span(last)
    # The generator of `f(x for x in y)` ends behind the parenthesis of the call.
    if behind >= end:
        raise WithheldError("the only argument is a generator without parentheses")
    indent = source.text[source.line_start(last.lineno) : start]
    between = f",{source.newline}{indent}" if not indent.strip() and call.lineno != call.end_lineno else ", "
    draft.put(module, behind, behind, f"{between}{text}")


def take_out_argument(draft: Draft, module: Module, call: ast.Call, argument: ast.keyword) -> None:
    """Take an argument by name out of a call, with the comma in front of it."""
    source = draft.source(module)
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    given.sort(key=lambda item: (item.lineno, item.col_offset))
    index = given.index(argument)
    start, end = source.span(argument)
    if index:
        start = source.span(given[index - 1])[1]
    elif len(given) > 1:
        end = source.span(given[1])[0]
    if "#" in source.text[start : source.span(argument)[0]]:
        raise WithheldError("comments stand among the arguments")
    draft.put(module, start, end, "")


def function_with(project: Project, node: ast.AST) -> Function:
    """Return the function of the project that a node declares. Raises `WithheldError` if it is not known."""
    for path in project.files.paths:
        module = project.files.module(path)
        for function in module.all_functions if module is not None else ():
            if function.node is node:
                return function
    raise WithheldError("the function is not declared where it could be changed")


def module_with(project: Project, node: ast.AST) -> Module:
    """Return the module of the project that a node stands in."""
    for path in project.files.paths:
        module = project.files.module(path)
        if module is not None and any(item is node for item in ast.walk(module.tree)):
            return module
    raise WithheldError("it stands where it could not be changed")


def statements_above(module: Module) -> list[ast.stmt]:
    """Return the statements of a module in front of its first function or class."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return list(itertools.takewhile(lambda item: not isinstance(item, kinds), module.tree.body))


def above_definitions(draft: Draft, module: Module, text: str) -> None:
    """Insert a statement at the top level of a module: behind what stands above its first function or class."""
    statements = statements_above(module)
    if not statements:
        raise WithheldError(f"nothing stands above the first function of {module.path}")
    above = statements[-1]
    source = draft.source(module)
    is_apart = isinstance(above, (ast.Assign, ast.AnnAssign)) and above.lineno == above.end_lineno
    if not source.is_alone(above):
        raise WithheldError(f"line {above.lineno} of {module.path} has several statements")
    position = source.line_start((above.end_lineno or 0) + 1)
    draft.put(module, position, position, f"{'' if is_apart else source.newline}{text}{source.newline}")


def first_line(source: SourceText, statement: ast.stmt) -> int:
    """Return the line in which a statement starts, with its decorators and the comments right above it."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(item.lineno for item in decorators)])
    while first > 1 and source.text[source.line_start(first - 1) :].lstrip(" \t").startswith("#"):
        first -= 1
    return first


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


def is_commented(source: SourceText, node: ast.stmt | ast.expr) -> bool:
    """Return whether a comment stands in a node, or behind a statement."""
    start, end = source.span(node)
    text = source.text[start : end if isinstance(node, ast.expr) else source.line_end(node.end_lineno or 0)]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    try:
        return any(token.type == tokenize.COMMENT for token in tokens)
    except (tokenize.TokenError, IndentationError):
        return True
