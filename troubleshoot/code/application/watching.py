"""Calls to watch, found in what the project calls, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from troubleshoot.code.application.costs import costs_nothing, is_left_to_task
from troubleshoot.code.application.lifetimes import (
    is_cached,
    is_entered,
    is_handed_out,
    is_kept,
    is_made_once,
    is_owned,
    runs_once,
    shares_connections,
)
from troubleshoot.code.application.mild import has_a_pool, is_plain_data, is_small_picture, writes_at_once, writes_bytes
from troubleshoot.code.application.reach import Reach, Reached, function_of, goes_on, is_lazy
from troubleshoot.code.application.watches import Use, Watches
from troubleshoot.code.application.without_loop import runs_without_loop
from troubleshoot.code.inference.branches import running
from troubleshoot.code.inference.libraries import TO_THREAD
from troubleshoot.code.inference.values import Value
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_awaited, is_iterated, last_name, short
from troubleshoot.model import SEVERITIES

MOST_STEPS = 8
"""How many calls lie between an async function and the call that blocks it, at most."""
CHOICES = 2
"""If as many steps each run one of several, nobody may ever have chosen just these together."""
STAND_IN = re.compile(r"^_*(?:Mock|Fake|Stub|Dummy)(?=[A-Z\d_])|(?:Mock|Fake|Stub|Dummy)$")
LOADING = re.compile(
    r"(?:^|_)(?:re)?(?:load|activate|switch|swap|promote)_(?:\w+_)?(?:model|checkpoint|weights|pipeline)s?$"
)
"""What an endpoint is called that puts another model in the place of the one that serves."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A watched call below a function: the list that it is on, the function it is in, and the steps that lead there.

    `choices` of these steps are into one of several classes that implement what is called.
    """

    found_in: str
    leaf: ast.Call
    within: Function
    steps: tuple[str, ...] = ()
    choices: int = 0

    @property
    def call(self) -> str:
        """What is called, as it is told."""
        return f"{short(self.leaf.func)}()"


class Watched(NamedTuple):
    """A watched call in the wrong place: the function that is reached, its own call that leads there, and the call."""

    use: Use
    reached: Reached
    node: ast.Call
    blocked: Blocked


@dataclass(eq=False)
class Watcher:
    """Finds watched calls in what is reached."""

    watches: Watches
    reach: Reach
    _below: dict[tuple[Function, frozenset[tuple[str, Value]]], tuple[Blocked, ...]] = field(default_factory=dict)

    @cached_property
    def _places(self) -> set[str]:
        return {use.watch.place for uses in self.watches.uses.values() for use in uses}

    def watched(self, reached: Reached) -> Iterator[Watched]:
        """Yield each watched call in a function that is reached, if it stands in the wrong place."""
        calls = running(reached.function.body.calls, reached.scope)
        for call in calls:
            yield from self._made(call, reached)
        # What a sync function does on the event loop is told of the async function that calls it.
        told_above = reached.place == "event loop" and not reached.function.is_async and reached.caller is not None
        if reached.place in self._places and not told_above:
            for call in calls:
                yield from self._at(call, reached)

    def _made(self, call: ast.Call, reached: Reached) -> Iterator[Watched]:
        """Yield the causes for which it matters that a call is made anew for each request."""
        # What the start runs, or starts to go on, runs once.
        if reached.place == "startup" or reached.role in ("lifespan", "background job"):
            return
        called = self.reach.application.inference.path(call.func, reached.scope)
        for name in self.watches.lists(called):
            for use in self.watches.uses.get(name, ()):
                fits = use.watch.place == "each request" and _has_role(use, reached)
                if (
                    fits
                    and not self._is_for_loading(reached)
                    and not self._is_kept(call, reached)
                    and not shares_connections(call, reached.function)
                ):
                    # A helper that closes what it has opened costs a handshake, seldom more.
                    minor = use.severity == "info" and reached.caller is not None and is_entered(call)
                    # What waits for a client's messages needs connections of its own, for as long as the client stays.
                    is_mild = reached.role == "websocket endpoint" or has_a_pool(reached.function)
                    is_mild = is_mild or is_plain_data(call, called, reached.function)
                    severity = "info" if is_mild else use.severity
                    made = Blocked(name, call, reached.function)
                    yield Watched(use._replace(minor=use.minor or minor, severity=severity), reached, call, made)

    def _is_for_loading(self, reached: Reached) -> bool:
        """Return whether a client that asks for another model is all that leads to a function."""
        served = [root.function for root in self.reach.roots_of([reached]) if root.role != "lifespan"]
        return bool(served) and all(LOADING.search(function.name) for function in served)

    def _is_kept(self, call: ast.Call, reached: Reached, steps: int = MOST_STEPS) -> bool:
        """Return whether what a call makes is kept for the next one, there or by everyone whom it is handed to."""
        function = reached.function
        if is_kept(call, function) or (
            function.owner is not None and is_owned(function, self.reach.application.inference.lineage(function.owner))
        ):
            return True
        callers = self.reach.callers_of(reached) if steps else []
        made = [(item, caller) for caller in callers for item in self.reach.calls_of(function, caller)]
        if not made or all(runs_once(item, function, caller.function) for item, caller in made):
            return bool(made)
        return is_handed_out(call, function) and all(self._is_kept(item, caller, steps - 1) for item, caller in made)

    def _at(self, call: ast.Call, reached: Reached) -> Iterator[Watched]:
        """Yield one watched call for each cause, the one that costs most."""
        # A task that the start starts and that ends does so before many requests are served.
        if reached.role == "background job" and not goes_on(call, reached):
            return
        found: dict[str, Watched] = {}
        for blocked in self._blocked(call, reached, 0):
            for use in self.watches.uses.get(blocked.found_in, ()):
                if use.watch.place == reached.place and _has_role(use, reached):
                    severity = "info" if self._is_mild(blocked, reached) else use.severity
                    worse = use._replace(minor=use.minor and not writes_bytes(blocked.leaf), severity=severity)
                    if use.cause not in found or weight(worse) > weight(found[use.cause].use):
                        found[use.cause] = Watched(worse, reached, call, blocked)
        yield from found.values()

    def _is_mild(self, blocked: Blocked, reached: Reached) -> bool:
        """Return whether few would change what a call runs into, or somebody may have chosen what does not run."""
        if _is_stand_in(reached.function) or blocked.choices >= CHOICES or writes_at_once(blocked.leaf):
            return True
        return is_small_picture(blocked.leaf, blocked.within, reached, self.reach.application.inference)

    def _blocked(self, call: ast.Call, reached: Reached, depth: int) -> Iterator[Blocked]:
        """Yield what a call runs into: itself, or what the project's functions that it calls do."""
        inference = self.reach.application.inference
        called = inference.value(call.func, reached.scope)
        if is_left_to_task(call, reached.scope):
            return
        if isinstance(called, str):
            lists = self.watches.lists(called) or self._iterated(call, reached)
            if lists and self._waits_here(call, called, reached):
                within = reached.function
                yield from (Blocked(key, call, within) for key in lists)
            return
        function = function_of(called, inference)
        # What is awaited is a coroutine: no function that blocks is run, but another class's method of that name.
        if called is None or function is None or depth > MOST_STEPS or is_awaited(call):
            return
        is_choice = len(inference.implementations(function)) > 1
        for runs, bound in inference.entered_by(called, function, call, reached.scope):
            for blocked in self._run(runs, bound, call, reached, depth):
                yield replace(blocked, choices=blocked.choices + 1) if is_choice else blocked

    def _run(
        self, function: Function, bound: Mapping[str, Value], call: ast.Call, reached: Reached, depth: int
    ) -> Iterator[Blocked]:
        """Yield what a call of a function of the project runs into."""
        if function.is_async or is_lazy(function, call):
            return
        if runs_once(call, function, reached.function) or self._is_for_thread(call, function, reached):
            return
        step = f"{function.module.path}:{function.node.lineno} {function.qualname}"
        cached = is_cached(function)
        inside = self._inside(function, bound, reached, depth)
        without_loop = inside and runs_without_loop(call, reached.scope, self.reach.application.inference)
        for blocked in () if without_loop else inside:
            # A cached function that waits itself does so for each argument; one that makes an object is a factory.
            if cached and len(blocked.steps) > 1:
                continue
            yield replace(blocked, steps=(step, *blocked.steps))

    def _is_for_thread(self, call: ast.Call, function: Function, reached: Reached) -> bool:
        """Return whether a function is made to be handed to a thread, and called only where there is none for it."""
        if function.outer is not reached.function or not any(isinstance(item, ast.If) for item in ancestors(call)):
            return False
        inference = self.reach.application.inference
        for item in reached.function.body.calls:
            index = TO_THREAD.get(inference.path(item.func, reached.scope))
            if index is not None and last_name(item.args[index] if index < len(item.args) else None) == function.name:
                return True
        return False

    def _waits_here(self, call: ast.Call, called: str, reached: Reached) -> bool:
        """Return whether a call waits as it is named: not awaited, for something, more than once, where a loop runs."""
        inference = self.reach.application.inference
        if (
            is_awaited(call)
            or is_made_once(call, reached.function)
            or costs_nothing(call, called, reached.scope, inference, self.watches.lists)
        ):
            return False
        return not runs_without_loop(call, reached.scope, inference)

    def _iterated(self, call: ast.Call, reached: Reached) -> tuple[str, ...]:
        """Return the lists that the iteration of what a call gives is on: a query may run when its rows are read."""
        if not is_iterated(call):
            return ()
        made = self.reach.application.inference.path(call, reached.scope)
        return self.watches.lists(f"{made}.__iter__") if made else ()

    def _inside(self, function: Function, bound: Mapping[str, Value], by: Reached, depth: int) -> tuple[Blocked, ...]:
        key = (function, frozenset(bound.items()))
        if key not in self._below:
            self._below[key] = ()
            here = Reached(function, by.role, by.place, by, None, bound)
            found: dict[str, Blocked] = {}
            for call in running(function.body.calls, here.scope):
                for blocked in self._blocked(call, here, depth + 1):
                    known = found.get(blocked.found_in)
                    at = blocked if blocked.steps else replace(blocked, steps=(_located(blocked),))
                    if known is None or (at.choices, len(at.steps)) < (known.choices, len(known.steps)):
                        found[blocked.found_in] = at
            self._below[key] = tuple(found.values())
        return self._below[key]


def weight(use: Use) -> tuple[bool, int]:
    """Return how much it matters that a call is made, to be compared."""
    return not use.minor, -SEVERITIES.index(use.severity)


def _is_stand_in(function: Function) -> bool:
    """Return whether a class says by its name that it stands in for what costs something, while others develop."""
    return function.owner is not None and STAND_IN.search(function.owner.name) is not None


def _has_role(use: Use, reached: Reached) -> bool:
    return not use.watch.roles or reached.role in use.watch.roles


def _located(blocked: Blocked) -> str:
    return f"{blocked.within.module.path}:{blocked.leaf.lineno} {blocked.call}"
