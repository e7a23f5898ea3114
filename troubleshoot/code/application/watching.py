"""Calls to watch: the lists of the knowledge, matched against what the project calls, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from troubleshoot.code.application.lifetimes import is_cached, is_kept, runs_once, shares_connections
from troubleshoot.code.application.reach import Reach, Reached, function_of, goes_on, is_lazy
from troubleshoot.code.application.without_loop import runs_without_loop
from troubleshoot.code.inference.values import Value
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_awaited, last_name, short, text_of
from troubleshoot.model import Outline, Severity, Watch

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
MOST_STEPS = 8
"""How many calls lie between an async function and the call that blocks it, at most."""
LONGEST_UNNOTICED = 0.005
"""Seconds."""
KERNEL_FILES = ("/proc/", "/sys/", "/dev/null")
"""Paths below which nothing waits for a disk."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A watched call below a function: the list that it is on, and the steps that lead there."""

    found_in: str
    call: str
    steps: tuple[str, ...]


@dataclass(eq=False)
class Watches:
    """The watched calls of a catalog: `patterns` by the name of the list, `uses` the causes to which a list matters."""

    patterns: Mapping[str, re.Pattern[str]]
    uses: Mapping[str, list[tuple[str, Watch, Severity]]]
    _matched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, causes: Mapping[str, Outline], more: Mapping[str, Sequence[str]]) -> Watches:
        """Collect the lists of `causes`; `more` has calls that are added to the first list of some."""
        patterns: dict[str, re.Pattern[str]] = {}
        uses: dict[str, list[tuple[str, Watch, Severity]]] = {}
        for cause in causes.values():
            for index, watch in enumerate(cause.watches):
                if watch.calls:
                    name = _list_name(cause.id, index)
                    calls = [*watch.calls, *(() if index else more.get(cause.id, ()))]
                    harmless = "|".join(_pattern(call) for call in watch.harmless) or "(?!)"
                    watched = "|".join(_pattern(call) for call in calls)
                    patterns[name] = re.compile(f"(?!(?:{harmless})$)(?:{watched})")
                    uses.setdefault(name, []).append((cause.id, watch, watch.severity))
                if watch.same_as:
                    for other, theirs in enumerate(causes[watch.same_as].watches):
                        milder = max(watch.severity, theirs.severity, key=SEVERITIES.index)
                        uses.setdefault(_list_name(watch.same_as, other), []).append((cause.id, watch, milder))
        return cls(patterns, uses)

    def lists(self, called: str) -> tuple[str, ...]:
        """Return the names of the lists that a qualified name is on."""
        if called not in self._matched:
            self._matched[called] = tuple(name for name, pattern in self.patterns.items() if pattern.fullmatch(called))
        return self._matched[called]


def _list_name(cause: str, index: int) -> str:
    return f"{cause}#{index}"


def _pattern(call: str) -> str:
    """Return a qualified name as a pattern: a star in a word stays in that word, one on its own is any part of it."""
    return re.sub(r"(?<=\w)\\\*|\\\*(?=\w)", "[^.]*", re.escape(call)).replace(r"\*", ".*")


@dataclass(eq=False)
class Watcher:
    """Finds watched calls in what is reached."""

    watches: Watches
    reach: Reach
    _below: dict[tuple[Function, frozenset[tuple[str, Value]]], tuple[Blocked, ...]] = field(default_factory=dict)

    @cached_property
    def _places(self) -> set[str]:
        return {watch.place for uses in self.watches.uses.values() for _, watch, _ in uses}

    def sightings(self, reached: Reached) -> Iterator[tuple[str, Sighting]]:
        """Yield each watched call in a function that is reached, if it stands in the wrong place, with its cause."""
        for call in reached.function.body.calls:
            yield from self._made(call, reached)
        # What a sync function does on the event loop is told of the async function that calls it.
        told_above = reached.place == "event loop" and not reached.function.is_async and reached.caller is not None
        if reached.place in self._places and not told_above:
            for call in reached.function.body.calls:
                yield from self._at(call, reached)

    def _made(self, call: ast.Call, reached: Reached) -> Iterator[tuple[str, Sighting]]:
        """Yield the causes for which it matters that a call is made anew for each request."""
        # What the start runs, or starts to go on, runs once.
        if reached.place == "startup" or reached.role in ("lifespan", "background job"):
            return
        for name in self.watches.lists(self.reach.application.inference.path(call.func, reached.scope)):
            for cause, watch, severity in self.watches.uses.get(name, ()):
                fits = watch.place == "each request" and (not watch.roles or reached.role in watch.roles)
                if fits and not is_kept(call, reached.function) and not shares_connections(call, reached.function):
                    yield cause, _sighting(call, reached, Blocked(name, _shown(call), ()), watch, severity)

    def _at(self, call: ast.Call, reached: Reached) -> Iterator[tuple[str, Sighting]]:
        # A task that the start starts and that ends does so before many requests are served.
        if reached.role == "background job" and not goes_on(call, reached):
            return
        told: set[str] = set()
        for blocked in self._blocked(call, reached, 0):
            for cause, watch, severity in self.watches.uses.get(blocked.found_in, ()):
                matters = watch.place == reached.place and (not watch.roles or reached.role in watch.roles)
                if matters and cause not in told:
                    told.add(cause)
                    yield cause, _sighting(call, reached, blocked, watch, severity)

    def _blocked(self, call: ast.Call, reached: Reached, depth: int) -> Iterator[Blocked]:
        """Yield what a call runs into: itself, or what the project's functions that it calls do."""
        inference = self.reach.application.inference
        called = inference.value(call.func, reached.scope)
        if isinstance(called, str):
            lists = self.watches.lists(called)
            if lists and self._waits_here(call, reached):
                name = _shown(call)
                yield from (Blocked(key, name, ()) for key in lists)
            return
        function = function_of(called, inference)
        if function is None or function.is_async or is_lazy(function, call) or depth > MOST_STEPS:
            return
        # What is awaited is a coroutine: another class's method of that name is called.
        if is_awaited(call) or runs_once(call, function, reached.function):
            return
        bound = inference.bindings(called, call, reached.scope) if called is not None else {}
        step = f"{function.module.path}:{function.node.lineno} {function.qualname}"
        cached = is_cached(function)
        inside = self._inside(function, bound, reached, depth)
        for blocked in inside if inside and not runs_without_loop(call, reached.scope, inference) else ():
            # A cached function that waits itself does so for each argument; one that makes an object is a factory.
            if cached and len(blocked.steps) > 1:
                continue
            yield Blocked(blocked.found_in, blocked.call, (step, *blocked.steps))

    def _waits_here(self, call: ast.Call, reached: Reached) -> bool:
        """Return whether a watched call is made as it is named: not awaited, on files, where a loop may run."""
        if is_awaited(call) or (call.args and text_of(call.args[0]).startswith(KERNEL_FILES)) or _is_short(call):
            return False
        return not runs_without_loop(call, reached.scope, self.reach.application.inference)

    def _inside(self, function: Function, bound: Mapping[str, Value], by: Reached, depth: int) -> tuple[Blocked, ...]:
        key = (function, frozenset(bound.items()))
        if key not in self._below:
            self._below[key] = ()
            here = Reached(function, by.role, by.place, by, None, bound)
            found: dict[str, Blocked] = {}
            for call in function.body.calls:
                for blocked in self._blocked(call, here, depth + 1):
                    known = found.get(blocked.found_in)
                    at = blocked if blocked.steps else _located(blocked, function, call)
                    if known is None or len(at.steps) < len(known.steps):
                        found[blocked.found_in] = at
            self._below[key] = tuple(found.values())
        return self._below[key]


def _is_short(call: ast.Call) -> bool:
    """Return whether a call sleeps for so short a time that nobody notices."""
    given = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    return last_name(call.func) == "sleep" and isinstance(given, (int, float)) and given <= LONGEST_UNNOTICED


def _sighting(call: ast.Call, reached: Reached, blocked: Blocked, watch: Watch, severity: Severity) -> Sighting:
    function = reached.function
    message = watch.message.format(call=blocked.call, function=function.qualname, role=reached.role)
    return Sighting(
        module=function.module, function=function, node=call, severity=severity, message=message, chain=blocked.steps
    )


def _located(blocked: Blocked, function: Function, call: ast.Call) -> Blocked:
    return Blocked(blocked.found_in, blocked.call, (f"{function.module.path}:{call.lineno} {blocked.call}",))


def _shown(call: ast.Call) -> str:
    return f"{short(call.func)}()"
