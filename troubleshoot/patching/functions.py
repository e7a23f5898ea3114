"""Changes of functions and calls that several patches make."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, is_name, last_name, nodes_in, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import LONGEST_LINE
from troubleshoot.patching.signatures import give_plain_iterator
from troubleshoot.patching.texts import LINE_END, SourceText, WithheldError

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
    start, end = source.span(last)
    if end == source.span(call)[1]:
        raise WithheldError("the only argument is a generator without parentheses")
    line = source.text[source.line_start(last.lineno) : start]
    if behind is None and call.lineno == call.end_lineno:
        spread = call_text(source, call, source.of(call.func), [*map(source.of, given), *texts])
        if "\n" in spread:
            draft.put(module, *source.span(call), spread)
            return
    if line.strip():
        draft.put(module, end, end, "".join(f", {text}" for text in texts))
        return
    comma = "" if source.text[end:].lstrip().startswith(",") else ","
    draft.put(module, end, end, "".join(f",{source.newline}{line}{text}" for text in texts) + comma)


def call_text(source: SourceText, place: ast.AST, called: str, texts: Sequence[str], behind: str = "") -> str:
    """Return a call for the place of a node: on one line if it fits there, else with a line for each argument."""
    start, end = source.span(place)
    before = source.text[:start].rpartition("\n")[2]
    rest = LINE_END.split(source.text[end:], maxsplit=1)[0].partition("#")[0].rstrip()
    flat = f"{called}({', '.join(texts)}){behind}"
    if "\n" not in flat and len(before + flat + rest) <= LONGEST_LINE:
        return flat
    indent = before[: len(before) - len(before.lstrip())]
    inner = "".join(f"{source.newline}{indent}{source.unit}{text}," for text in texts)
    return f"{called}({inner}{source.newline}{indent}){behind}"


def remove_item(draft: Draft, module: Module, spans: Sequence[tuple[int, int]], index: int) -> None:
    """Take one of several items out of a list with commas, `spans` being where each starts and ends."""
    start = spans[index - 1][1] if index else spans[0][0]
    end = spans[index][1] if index else spans[1][0]
    if "#" in draft.source(module).text[start:end]:
        raise WithheldError("a comment stands beside what has to go")
    draft.put(module, start, end, "")


def await_blocking(draft: Draft, function: Function, call: ast.Call) -> None:
    """Wait for a call without keeping the event loop: `asyncio.sleep` for `time.sleep`, else in a thread.

    What a plain function calls waits in the thread in which the one asynchronous caller then runs that function.
    """
    if not function.is_async:
        calls = list(callers(draft.project, function))
        where, outer = calls[0] if len(calls) == 1 else (None, None)
        if outer is None or not isinstance(where, Function) or not where.is_async:
            raise WithheldError(f"{function.qualname} is a plain function, so whoever calls it has to use a thread")
        await_in_thread(draft, where.module, outer)
        return
    if draft.project.path(call.func, function) == "time.sleep":
        given = ", ".join(draft.text(function.module, item) for item in call.args)
        sleep = f"{draft.name(function.module, 'asyncio.sleep')}({given})"
        draft.replace(function.module, call, awaited(call, sleep))
    else:
        await_in_thread(draft, function.module, call)


def await_in_thread(draft: Draft, module: Module, call: ast.Call) -> None:
    """Move a call that blocks into the thread pool: `await run_in_threadpool(f, x)`."""
    for around in ancestors(call):
        if isinstance(around, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp)):
            raise WithheldError("await is not allowed where the call stands")
        if isinstance(around, ast.withitem) and _works_with(around):
            raise WithheldError("what is opened by `with` has to move into a function together with its block")
    source = draft.source(module)
    (start, end), (_, behind) = source.span(call), source.span(call.func)
    opening, closing = ("", "") if _is_bare(call) else ("(", ")")
    moved = f"{opening}await {draft.name(module, 'fastapi.concurrency.run_in_threadpool')}"
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    given.sort(key=lambda item: (item.lineno, item.col_offset))
    if call.lineno == call.end_lineno:
        texts = [source.of(item) for item in (call.func, *given)]
        draft.put(module, start, end, call_text(source, call, moved, texts, closing))
        return
    first = source.span(given[0])[0] if given else end - 1
    gap = source.text[behind:first].lstrip().removeprefix("(")
    gap = gap if "\n" in gap else ""
    if gap.strip() or isinstance(call.func, ast.Lambda):
        raise WithheldError("the call is laid out in a way of its own")
    between = f",{gap or ' '}" if given else ""
    draft.put(module, start, first, f"{moved}({gap}{source.text[start:behind]}{between}")
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


def _works_with(entered: ast.withitem) -> bool:
    """Return whether the block of a `with` does more with what it opens than to look at its attributes."""
    block = parent(entered)
    name = entered.optional_vars
    if not isinstance(block, ast.With) or not isinstance(name, ast.Name):
        return True
    looked_at = {id(item.value) for item in nodes_in(block.body) if isinstance(item, ast.Attribute)}
    called = {id(item.func.value) for item in nodes_in(block.body) if _is_method_call(item)}  # type: ignore[attr-defined]
    uses = [item for item in nodes_in(block.body) if is_name(item, name.id)]
    return any(id(item) not in looked_at or id(item) in called for item in uses)


def _is_method_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)


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


def function_with(project: Project, node: ast.AST) -> Function:
    """Return the function of the project that a node declares. Raises `WithheldError` if it is not known."""
    for path in project.files.paths:
        module = project.files.module(path)
        for function in module.all_functions if module is not None else ():
            if function.node is node:
                return function
    raise WithheldError("the function is not declared where it could be changed")


def is_commented(source: SourceText, node: ast.stmt | ast.expr) -> bool:
    """Return whether a comment stands in a node, or behind a statement."""
    start, end = source.span(node)
    text = source.text[start : end if isinstance(node, ast.expr) else source.line_end(node.end_lineno or 0)]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    try:
        return any(token.type == tokenize.COMMENT for token in tokens)
    except (tokenize.TokenError, IndentationError):
        return True
