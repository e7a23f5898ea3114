"""What runs where: from the functions that FastAPI calls, along the project's own calls."""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from troubleshoot.code.application.application import Application
from troubleshoot.code.application.developing import serving
from troubleshoot.code.application.parts import Root
from troubleshoot.code.inference.branches import running
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.libraries import TO_THREAD
from troubleshoot.code.inference.values import Bound, Constant, Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import ancestors, argument, keyword, last_name, mentions, parent
from troubleshoot.model import Place, Role

ROLES: tuple[Role, ...] = (
    "path operation",
    "dependency",
    "websocket endpoint",
    "middleware",
    "background task",
    "exception handler",
    "hook",
    "background job",
    "lifespan",
)
"""In the order in which a function that is reached as several is spoken of."""

ADD_TASK = {"fastapi.BackgroundTasks().add_task": 0, "starlette.background.BackgroundTask": 0}
STARTERS = (
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.run_coroutine_threadsafe",
    "asyncio.TaskGroup().create_task",
    "anyio.create_task_group().start_soon",
)
CONSUMES = re.compile(r"aio_pika\..*\.consume")
"""Calls that hand over what is called for each message."""
MOST_WAYS = 8
"""For as many literals a function is looked at each; for more of them, as if nothing were known of what it is given."""
LAZY = ("StreamingResponse", "EventSourceResponse")


Leading = frozenset[tuple[str, Value]]


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """A function that runs in a place on behalf of a role, the one that calls it, and the call.

    `bound` has what the caller passes for parameters that say nothing themselves, as has `scope`, which is inside.
    """

    function: Function
    role: Role
    place: Place
    caller: Reached | None = None
    call: ast.Call | None = None
    bound: Mapping[str, Value] = field(default_factory=dict)
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        """Make the scope, for which everybody asks."""
        object.__setattr__(self, "scope", Scope(self.function.module, self.function, self.bound))

    @property
    def leading(self) -> Leading:
        """What the caller passes that decides which calls are made: functions that are called, and literals."""
        kinds = (Function, Bound, Constant)
        return frozenset((name, value) for name, value in self.bound.items() if isinstance(value, kinds))

    @property
    def root(self) -> Function:
        """The function that FastAPI calls."""
        return self.caller.root if self.caller else self.function


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A function handed to a background task or started as one: with the call that does it, and who calls it."""

    function: Function | None
    call: ast.Call
    by: Reached


@dataclass(eq=False)
class Reach:
    """Every function that a request, a task, a middleware or the start reaches."""

    application: Application
    found: dict[tuple[Function, Place], Reached] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    ways: dict[tuple[Function, Place], dict[Leading, Reached]] = field(default_factory=dict)
    """Every function as it is reached, once for each thing that it is given and that leads elsewhere."""
    callers: dict[tuple[Function, Place, Leading], list[Reached]] = field(default_factory=dict)
    _queue: deque[Reached] = field(default_factory=deque)

    def explore(self) -> Reach:
        """Follow the calls from every root, roles in their order; returns itself."""
        roots: list[Root] = sorted(self.application.roots, key=lambda root: ROLES.index(root.role))
        for root in roots:
            self._add(Reached(root.function, root.role, root.place))
            self._drain()
        return self

    def on_loop(self) -> Iterator[Reached]:
        """Yield the async functions that run on the event loop while requests are served."""
        for (function, place), reached in self.found.items():
            if place == "event loop" and function.is_async:
                yield reached

    def roots_of(self, several: Iterable[Reached]) -> list[Root]:
        """Return the functions of FastAPI's that lead to one of `several`, in the order of files and lines."""
        queue = [(reached.function, reached.place, reached.leading) for reached in several]
        seen = set(queue)
        while queue:
            callers = self.callers.get(queue.pop(), ())
            above = {(caller.function, caller.place, caller.leading) for caller in callers} - seen
            seen |= above
            queue += above
        places = {(function, place) for function, place, _ in seen}
        roots = {root.function: root for root in self.application.roots if (root.function, root.place) in places}
        return sorted(roots.values(), key=lambda root: (root.function.module.path, root.function.node.lineno))

    def __iter__(self) -> Iterator[Reached]:
        """Yield everything that is reached, each function once for each place."""
        return iter(list(self.found.values()))

    def callers_of(self, reached: Reached) -> list[Reached]:
        """Return those who call a function as it is reached."""
        return self.callers.get((reached.function, reached.place, reached.leading), [])

    def calls_of(self, function: Function, by: Reached) -> list[ast.Call]:
        """Return the calls of `function` that another one makes."""
        inference = self.application.inference
        several = running(by.function.body.calls, by.scope)
        return [call for call in several if function_of(inference.value(call.func, by.scope), inference) is function]

    def all_ways(self) -> Iterator[Reached]:
        """Yield everything that is reached, each function for all that it is given and that leads elsewhere."""
        return (reached for several in self.ways.values() for reached in several.values())

    def _add(self, reached: Reached) -> None:
        key = (reached.function, reached.place)
        known = self.ways.setdefault(key, {})
        leading = reached.leading
        if leading not in known and len(known) >= MOST_WAYS:
            reached = replace(reached, bound=self._without_constants(reached.bound))
            leading = reached.leading
        if reached.caller is not None:
            self.callers.setdefault((*key, leading), []).append(reached.caller)
        if leading in known:
            return
        known[leading] = reached
        self._queue.append(reached)
        first = self.found.setdefault(key, reached)
        if first is not reached and first.scope.constants != reached.scope.constants:
            # Whoever looks at the function once sees all of it.
            self.found[key] = replace(first, bound=self._without_constants(first.bound))

    def _without_constants(self, bound: Mapping[str, Value]) -> Mapping[str, Value]:
        rest = {name: value for name, value in bound.items() if not isinstance(value, Constant)}
        return self.application.inference.shared(rest)

    def _drain(self) -> None:
        while self._queue:
            reached = self._queue.popleft()
            for call in serving(running(reached.function.body.calls, reached.scope), reached.function):
                self._follow(call, reached)

    def _follow(self, call: ast.Call, by: Reached) -> None:
        inference = self.application.inference
        called = inference.value(call.func, by.scope)
        if isinstance(called, str):
            self._library(called, call, by)
            return
        function = function_of(called, inference)
        if called is None and isinstance(call.func, ast.Attribute) and call.func.attr == "add_task":
            self._background(call, 0, by)
        if function is None or (is_lazy(function, call) and not function.is_async):
            return
        role, place = by.role, by.place
        if place == "startup" and _is_started(call, by.scope, inference):
            role, place = "background job", "event loop"
        if function.is_async and place == "thread pool":
            return
        for runs, bound in inference.entered_by(called, function, call, by.scope):
            self._add(Reached(runs, role, place, by, call, bound))

    def _library(self, called: str, call: ast.Call, by: Reached) -> None:
        if called in ADD_TASK:
            self._background(call, ADD_TASK[called], by)
        elif called in TO_THREAD or called.endswith(".run_in_executor"):
            index = TO_THREAD.get(called, 1)
            self._handed_over(call.args[index] if len(call.args) > index else None, call, by, "thread pool")
        elif called == "threading.Thread":
            self._handed_over(keyword(call, "target"), call, by, "thread pool")
        elif (called in STARTERS and called.endswith("start_soon")) or CONSUMES.fullmatch(called):
            self._handed_over(argument(call, 0, "callback"), call, by, "event loop")

    def _background(self, call: ast.Call, index: int, by: Reached) -> None:
        inference = self.application.inference
        given = call.args[index] if len(call.args) > index else keyword(call, "func")
        function = function_of(inference.value(given, by.scope), inference)
        self.tasks.append(Task(function, call, by))
        if function is not None:
            place: Place = "event loop" if function.is_async else "thread pool"
            self._add(Reached(function, "background task", place, by, call))

    def _handed_over(self, given: ast.expr | None, call: ast.Call, by: Reached, place: Place) -> None:
        inference = self.application.inference
        function = function_of(inference.value(given, by.scope), inference)
        if function is not None:
            is_job = by.place == "startup" and place == "event loop"
            self._add(Reached(function, "background job" if is_job else by.role, place, by, call))


def function_of(value: Value | None, inference: Inference) -> Function | None:
    """Return the function of the project that runs when `value` is called."""
    match value:
        case Function():
            return value
        case Bound(function=function):
            return function
        case Class():
            method = inference.method(value, "__init__")
        case Instance(of=cls):
            method = inference.method(cls, "__call__")
        case _:
            return None
    return method if isinstance(method, Function) else None


def is_lazy(function: Function, call: ast.Call) -> bool:
    """Return whether a call only makes a generator, which somebody else may iterate somewhere else."""
    if not function.is_generator:
        return False
    around = parent(call)
    return not (isinstance(around, (ast.For, ast.comprehension)) and around.iter is call) and not (
        isinstance(around, ast.Call) and isinstance(around.func, ast.Name) and around.func.id in ("list", "next", "sum")
    )


def goes_on(call: ast.Call, reached: Reached) -> bool:
    """Return whether a job makes a call again and again: in a loop without end, at each run, for each message."""
    node: ast.Call | None = call
    here: Reached | None = reached
    while node is not None and here is not None and here.role == "background job":
        if any(isinstance(around, (ast.While, ast.AsyncFor)) for around in ancestors(node)):
            return True
        node, here = here.call, here.caller
    return here is None or (node is not None and last_name(node.func) == "consume")


def _is_started(call: ast.Call, scope: Scope, inference: Inference) -> bool:
    """Return whether a call makes the coroutine of a task, which its own function does not wait for."""
    inside: ast.AST = call
    around = parent(call)
    while isinstance(around, (ast.Starred, ast.List, ast.Tuple)) or _is_gathered(around, scope, inference):
        inside, around = around, parent(around)
    if not isinstance(around, ast.Call) or inside not in around.args:
        return False
    called = inference.value(around.func, scope)
    if isinstance(called, str) or called is None:
        return called in STARTERS or last_name(around.func) == "create_task"
    # A function of the project that makes a task of what it is given.
    function = function_of(called, inference)
    params = function.params[0 if function is called else 1 :] if function is not None else []
    names = {param.name for param in params[around.args.index(inside) :][:1]}
    return function is not None and any(
        item.args and mentions(item.args[0], names) and inference.path(item.func, Scope.of(function)) in STARTERS
        for item in function.body.calls
    )


def _is_gathered(node: ast.AST | None, scope: Scope, inference: Inference) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and inference.path(node.func, scope) == "asyncio.gather"
