"""What a client gets to read: the answers that a function makes, and whose text goes into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from troubleshoot.code.application.developing import is_for_developers
from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import (
    argument,
    is_name,
    last_name,
    mentions,
    nesting,
    nodes_in,
    tries,
    types_caught,
)
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.databases import asks_with_sql
from troubleshoot.code.topics.exceptions import code_of, http_catcher, is_broad, is_http, status_of
from troubleshoot.model import Role, Severity

RESPONSE = re.compile(r"(?!(?:aiohttp|flask|django|httpx|requests)\.).*Response\(\)")
"""What is made by a class of that name, but one of another framework's or of a client's."""
COMMANDS = frozenset(("command", "callback", "group", "tool", "function_tool", "task", "shared_task", "job"))
"""Decorators of functions that something else than a request calls."""
DUMPS = frozenset(("model_dump", "model_dump_json", "dict", "json"))
DATABASES = re.compile(
    r"(sqlalchemy|sqlmodel|psycopg2?|asyncpg|pymongo|aiosqlite|sqlite3|pymysql|redis|motor|tortoise)\."
    r"(?!.*\b(NoResultFound|MultipleResultsFound|DoesNotExist)$)"
)
"""Exceptions with statements and names of tables in their text; that there is no row gives nothing away."""
OK, REFUSED, FAILED = 200, 400, 500
MEANT = re.compile(
    r"\bso (?:that )?(?:the |an? )?(?:front[ -]?end|users?|clients?|callers?|ui|admins?)\b"
    r".*\b(?:see|show|display|know|get|read|learn)",
    re.IGNORECASE,
)
"""What a comment says of a text that is written for whoever reads the answer."""


def is_response(project: Project, node: ast.expr | None, function: Function) -> bool:
    """Return whether an expression makes a response."""
    return RESPONSE.fullmatch(project.path(node, function)) is not None


def is_answer(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether an expression makes a response, an HTTPException, or something that is not known."""
    value = project.value(node, function)
    return value is None or is_response(project, node, function) or is_http(project, value)


def answer_of(project: Project, function: Function, node: ast.AST) -> ast.Call | None:
    """Return the call that makes what the client gets, if `node` raises or returns one."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return node.exc if is_http(project, project.value(node.exc, function)) else None
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
        return node.value if is_response(project, node.value, function) else None
    return None


def telling_answers(
    project: Project, function: Function, is_endpoint: bool
) -> Iterator[tuple[ast.ExceptHandler, ast.Raise | ast.Return, ast.expr]]:
    """Yield the answers that hold the text of what an `except` has caught, with the statements that give them."""
    for handler in (handler for attempt in function.body.tries for handler in attempt.handlers):
        if handler.name is None:
            continue
        for node in nodes_in(handler.body):
            if not isinstance(node, (ast.Raise, ast.Return)):
                continue
            if _is_told_apart(node, handler) or is_for_developers(node):
                continue
            answer: ast.expr | None = answer_of(project, function, node)
            if is_endpoint and isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                answer = node.value
            if answer is not None and tells(answer, handler.name, function):
                yield handler, node, answer


def severity_of_telling(
    project: Project, function: Function, handler: ast.ExceptHandler, answer: ast.expr
) -> Severity | None:
    """Return how much an answer costs that holds the text of what was caught, or None if the text is for the client.

    A refusal is to say what is wrong with the request, but never what the database says: statements, with the values in
    them. Whoever uses an application may know what else went wrong in it; many applications say so on purpose.
    """
    paths = [project.path(item, function) for item in types_caught(handler)]
    code = code_of(answer)
    of_database = any(DATABASES.match(path) for path in paths)
    foreign = any(path and path != "builtins.ValueError" and "HTTPException" not in path for path in paths)
    if not (is_broad(project, handler, function) or of_database or (code >= FAILED and foreign)):
        return None
    lines = range(handler.lineno, answer.lineno)
    is_meant = any(MEANT.search(function.module.line(number).partition("#")[2]) for number in lines)
    is_refusal = (REFUSED <= code < FAILED and not of_database) or is_meant
    if is_refusal or not isinstance(answer, ast.Call):
        return "info"
    if of_database:
        return "warning"
    tried = [call for call in function.body.calls if any(handler in item.handlers for item in tries(call))]
    return "warning" if asks_with_sql(project, _unguarded(project, tried, handler, function), function) else "info"


def _unguarded(
    project: Project, calls: Sequence[ast.Call], handler: ast.ExceptHandler, function: Function
) -> Iterator[ast.Call]:
    """Yield the calls whose database's exceptions no handler above `handler` has caught."""
    for call in calls:
        around = next(item for item in tries(call) if handler in item.handlers)
        before = around.handlers[: around.handlers.index(handler)]
        types = (item for earlier in before for item in types_caught(earlier))
        if not any(DATABASES.match(project.path(item, function)) for item in types):
            yield call


def severity_of_replacing(
    project: Project, function: Function, made: ast.expr | None, instead: ast.expr, *, is_below: bool
) -> Severity:
    """Return how much it costs that a client gets something else.

    Below the endpoints an exception that is no answer is the language of a layer; with the same status, or of the same
    class, the text differs only; a value that is returned may mean something, and so may a status that is not that of
    what nobody has thought of; whoever is sent elsewhere, as to log in, is told so by that.
    """
    if project.path(instead, function).endswith(".RedirectResponse()"):
        return "info"
    if made is not None and _have_same_status(made, instead):
        return "info"
    if is_below and isinstance(instead, ast.Call) and not is_answer(project, instead, function):
        return "info"
    return "error" if _is_unforeseen(project, function, instead) else "warning"


def _is_unforeseen(project: Project, function: Function, answer: ast.expr) -> bool:
    """Return whether an answer is that of a failure which nobody has thought of, or of success."""
    if isinstance(answer, ast.Name):
        several = function.body.assigned.get(answer.id) or function.module.body.assigned.get(answer.id) or [answer]
        answer = several[-1]
    value = project.value(answer, function)
    if is_http(project, value):
        return code_of(answer) == FAILED
    if isinstance(answer, ast.Call) and is_response(project, answer, function):
        return argument(answer, 1, "status_code") is None or code_of(answer) in (OK, FAILED)
    return isinstance(value, (Class, Instance)) and not any(project.registrations("handler"))


def _have_same_status(made: ast.expr, instead: ast.expr) -> bool:
    theirs, ours = status_of(made), status_of(instead)
    if theirs or ours:
        return theirs == ours
    kinds = [item.func for item in (made, instead) if isinstance(item, ast.Call)]
    return len(kinds) == 2 and ast.dump(kinds[0]) == ast.dump(kinds[1])


def is_replaced_above(project: Project, function: Function) -> bool:
    """Return whether all who call a function catch the HTTPException that it raises, and tell nothing of its text."""
    calls = list(callers(project, function))
    return bool(calls) and all(isinstance(by, Function) and _replaces(project, by, call) for by, call in calls)


def _replaces(project: Project, function: Function, call: ast.Call) -> bool:
    """Return whether a function catches what a call raises, and answers without the text of it."""
    handler = http_catcher(project, function, call)
    if handler is None:
        return False
    answers = (item for item in nodes_in(handler.body) if isinstance(item, (ast.Raise, ast.Return)))
    given = (item.exc if isinstance(item, ast.Raise) else item.value for item in answers)
    return not any(mentions(item, (handler.name,)) for item in given if item is not None and handler.name)


def _is_told_apart(node: ast.AST, handler: ast.ExceptHandler) -> bool:
    """Return whether a statement of a handler is for exceptions of some type only."""
    return any(
        isinstance(around, ast.If)
        and inside in around.body
        and f"isinstance({handler.name}," in ast.unparse(around.test)
        for around, inside in nesting(node)
    )


def is_command(function: Function) -> bool:
    """Return whether a function answers no request, but a command line, a language model or a queue."""
    return any(last_name(getattr(item, "func", item)) in COMMANDS for item in function.node.decorator_list)


def unanswered(project: Project) -> set[Function]:
    """Return what only the start and background tasks run, whose exceptions are no answer to anybody."""
    roles: dict[Function, set[Role]] = {}
    for reached in project.reach:
        roles.setdefault(reached.function, set()).add(reached.role)
    return {function for function, found in roles.items() if found <= {"background task", "lifespan"}}


def answered_instead(
    project: Project, function: Function, handler: ast.ExceptHandler, *, is_direct: bool
) -> ast.expr | None:
    """Return what a handler raises or answers with; None if it only goes on, or makes do without what it called."""
    for node in nodes_in(handler.body):
        if isinstance(node, ast.Raise) and node.exc is not None:
            return node.exc
        if isinstance(node, ast.Return) and node.value is not None:
            is_answer = is_response(project, node.value, function)
            return node.value if is_answer or is_direct else None
    return None


def tells(answer: ast.expr, name: str, function: Function, depth: int = 0) -> bool:
    """Return whether the text of the exception called `name` goes into an expression."""
    queue: list[ast.AST] = [answer]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.Name):
            if node.id == name:
                return True
            assigned = function.body.assigned.get(node.id, []) if depth < 2 else []
            values = [value for value in assigned if not is_for_developers(value)]
            if any(tells(value, name, function, depth + 1) for value in values):
                return True
        elif isinstance(node, ast.Attribute):
            # Of `error.args` and `error.orig` the text is told, what else an exception has was put there on purpose.
            if node.attr in ("args", "orig"):
                queue.append(node.value)
        elif isinstance(node, ast.Call):
            queue += _printed(node, name)
        elif not isinstance(node, ast.IfExp):
            queue += ast.iter_child_nodes(node)
    return False


def _printed(call: ast.Call, exception: str) -> list[ast.AST]:
    """Return what of a call ends up in its result: all that is given, except to functions that know what to tell."""
    name = last_name(call.func)
    given: list[ast.AST] = [*call.args, *(item.value for item in call.keywords)]
    if isinstance(call.func, ast.Attribute) and name in DUMPS:
        return [call.func.value]
    if name[:1].islower() and "response" in name:
        # A function of the project that gets the exception itself knows what to tell.
        return [item for item in given if not is_name(item, exception)]
    if name[:1].isupper() or name in ("str", "repr", "format", "join", "dict", "format_exc"):
        return [*given, *([call.func] if name == "format" else [])]
    return [call.func.value] if isinstance(call.func, ast.Attribute) and name in ("strip", "replace", "title") else []
