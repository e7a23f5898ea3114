"""Changes of functions and calls that several patches make."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, last_name, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import LONGEST_LINE
from troubleshoot.patching.signatures import give_plain_iterator
from troubleshoot.patching.texts import WithheldError

BARE = (ast.Assign, ast.AnnAssign, ast.Expr, ast.Return, ast.keyword, ast.NamedExpr)
"""What `await` may stand in without parentheses."""

PARENTHESES = re.compile(r"(?:\s*\))*")
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


def add_call(draft: Draft, module: Module, node: ast.expr, *texts: str) -> None:
    """Call methods, such as `.limit(10)`, on what an expression gives, each on its line in a chain of such lines."""
    source = draft.source(module)
    _, end = source.span(node)
    if isinstance(parent(node), ast.Attribute):
        end += len(PARENTHESES.match(source.text, end)[0])  # type: ignore[index]
    chained = ON_ITS_LINE.match(source.text, end)
    if chained is None and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        chained = ON_ITS_LINE.match(source.text, source.span(node.func.value)[1])
    draft.put(module, end, end, "".join(f"{chained[0]}{text}" if chained else text for text in texts))


def add_arguments(
    draft: Draft, module: Module, call: ast.Call, texts: Sequence[str], behind: ast.expr | ast.keyword | None = None
) -> None:
    """Give a call more arguments, behind another or the last, on lines of their own if that has one.

    A call that is on one line, and becomes too long, gets a line for each argument unless they go behind another.
    """
    source = draft.source(module)
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    if not given:
        _, end = source.span(call)
        draft.put(module, end - 1, end - 1, ", ".join(texts))
        return
    given.sort(key=lambda item: (item.lineno, item.col_offset))
    last = behind or given[-1]
    whole = source.text[source.line_start(call.lineno) : source.line_end(call.lineno)]
    is_long = len(whole) + len(", ".join(texts)) + 2 > LONGEST_LINE
    if behind is None and call.lineno == call.end_lineno and is_long and "#" not in whole:
        laid_out = [*map(source.of, given), *texts]
        indent = whole[: len(whole) - len(whole.lstrip())]
        _, opening = source.span(call.func)
        _, end = source.span(call)
        lines = "".join(f"{indent}{source.unit}{text},{source.newline}" for text in laid_out)
        draft.put(module, opening, end, f"({source.newline}{lines}{indent})")
        return
    start, end = source.span(last)
    line = source.text[source.line_start(last.lineno) : start]
    if line.strip():
        draft.put(module, end, end, "".join(f", {text}" for text in texts))
        return
    comma = "" if source.text[end:].lstrip().startswith(",") else ","
    draft.put(module, end, end, "".join(f",{source.newline}{line}{text}" for text in texts) + comma)


def remove_item(draft: Draft, module: Module, spans: Sequence[tuple[int, int]], index: int) -> None:
    """Take one of several items out of a list with commas, `spans` being where each starts and ends."""
    start = spans[index - 1][1] if index else spans[0][0]
    end = spans[index][1] if index else spans[1][0]
    if "#" in draft.source(module).text[start:end]:
        raise WithheldError("a comment stands beside what has to go")
    draft.put(module, start, end, "")


def await_in_thread(draft: Draft, module: Module, call: ast.Call) -> None:
    """Move a call that blocks into the thread pool: `await run_in_threadpool(f, x)`."""
    for around in ancestors(call):
        if isinstance(around, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp)):
            raise WithheldError("await is not allowed where the call stands")
        if isinstance(around, ast.withitem):
            raise WithheldError("what is opened by `with` has to move into a function together with its block")
    source = draft.source(module)
    _, behind = source.span(call.func)
    start, end = source.span(call)
    given = source.text[behind:end].strip()[1:-1].strip()
    moved = f"{draft.name(module, 'fastapi.concurrency.run_in_threadpool')}({source.text[start:behind]}"
    draft.replace(module, call, awaited(call, f"{moved}, {given})" if given else f"{moved})"))


def awaited(node: ast.expr, text: str) -> str:
    """Return `text`, which takes the place of `node`, with `await` before it, in parentheses where they are needed."""
    return f"await {text}" if isinstance(parent(node), BARE) else f"(await {text})"
