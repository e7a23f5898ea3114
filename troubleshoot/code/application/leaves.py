"""Watched calls as they are told: one that many functions lead to is told once, where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from troubleshoot.code.application.parts import Root
from troubleshoot.code.application.reach import Reach
from troubleshoot.code.application.watching import Watched
from troubleshoot.code.sighting import Sighting
from troubleshoot.model import SEVERITIES

FEW = 15
"""As many functions that lead to one call are told each, as each of them may become a plain one; more nobody reads."""
ENDPOINTS = ("path operation", "websocket endpoint")


def told(found: Iterable[Watched], reach: Reach, *, each: bool = False) -> Iterator[tuple[str, Sighting]]:
    """Yield the causes that watched calls show: at the call that leads there, or once at the one that many lead to.

    With `each`, every call is told, so that what is told of one function does not depend on the others.
    """
    groups: dict[tuple[str, ast.Call], list[Watched]] = {}
    for item in found:
        groups.setdefault((item.use.cause, item.blocked.leaf), []).append(item)
    for (cause, _), several in groups.items():
        functions = {item.reached.function for item in several}
        minor = all(item.use.minor for item in several)
        if not each and len(functions) > (1 if minor else FEW):
            yield cause, _at_the_leaf(several, reach)
        else:
            yield from ((cause, _where_called(item)) for item in several)


def _where_called(item: Watched) -> Sighting:
    function = item.reached.function
    use, blocked = item.use, item.blocked
    return Sighting(
        module=function.module,
        function=function,
        node=item.node,
        severity=use.severity,
        message=use.watch.message.format(call=blocked.call, function=function.qualname, role=item.reached.role),
        chain=blocked.steps,
        minor=use.minor,
    )


def _at_the_leaf(several: Sequence[Watched], reach: Reach) -> Sighting:
    first = several[0]
    function = first.blocked.within
    roots = reach.roots_of(item.reached for item in several)
    endpoints = [root for root in roots if root.role in ENDPOINTS]
    by = first.reached.function
    example = reach.roots_of([first.reached])[0].function
    way = f" by {by.qualname}" if by is not example else ""
    return Sighting(
        module=function.module,
        function=function,
        node=first.blocked.leaf,
        severity=min((item.use.severity for item in several), key=SEVERITIES.index),
        message=f"{first.blocked.call} here is reached from {_counted(roots, endpoints)} on the event loop, "
        f"for example {example.qualname}{way}",
        chain=(f"{by.module.path}:{first.node.lineno} {by.qualname}", *first.blocked.steps),
        endpoints=tuple(_step(root) for root in roots),
        minor=all(item.use.minor for item in several),
    )


def _counted(roots: Sequence[Root], endpoints: Sequence[Root]) -> str:
    if len(endpoints) == len(roots):
        return f"{len(roots)} endpoint{'s' if len(roots) != 1 else ''}"
    return f"{len(roots)} functions that FastAPI calls"


def _step(root: Root) -> str:
    return f"{root.function.module.path}:{root.function.node.lineno} {root.function.qualname}"
