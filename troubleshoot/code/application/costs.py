"""Watched calls that nobody waits for as they are made: of nothing, of a part, or left to a background task."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from troubleshoot.code.application.lifetimes import is_entered
from troubleshoot.code.application.queues import QUEUES, waits_for_nobody
from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.branches import ends_at_once, is_ruled_out
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword, last_name, nesting, nodes_in, parent, preceding, text_of

BRIEF = 0.005
"""Seconds of a sleep that nobody notices."""
KERNEL_FILES = ("/proc/", "/sys/", "/dev/null")
"""Paths below which nothing waits for a disk."""
ASKING = frozenset(("builtins.hasattr", "builtins.getattr", "builtins.isinstance", "builtins.type", "builtins.print"))
"""Functions that do nothing with what is in an object."""
DESKTOP = frozenset(("open", "xdg-open", "explorer"))
"""Commands that leave to the desktop what they are given, and end."""
TEXT = re.compile(r"(?:^|_)(?:body|bytes|content|data|raw|response|text|xml)$")
"""What something is called that has been fetched already."""
NOT_WAITING = {"acquire": (0, "blocking"), "get": (0, "block"), "put": (1, "block"), "wait": (0, "timeout")}
"""Where the argument stands, and what it is called, that is false or zero if a call does not wait."""


def costs_nothing(
    call: ast.Call, called: str, scope: Scope, inference: Inference, is_watched: Callable[[str], object]
) -> bool:
    """Return whether a watched call of a library neither waits nor computes for long, as it is made."""
    if called.startswith(("threading.", "queue.", "multiprocessing.")) and _is_only_tried(call):
        return True
    match called:
        case "os.walk":
            return _is_one_folder(call, scope)
        case _ if called in QUEUES:
            return waits_for_nobody(call, called, scope, inference)
        case "subprocess.Popen().communicate" | "subprocess.Popen().wait":
            return _has_ended(call, scope)
        case "threading.Thread().join":
            return _is_told_to_end(call, scope)
        case "subprocess.run" | "subprocess.call" | "subprocess.check_call":
            command = call.args[0] if call.args else None
            return isinstance(command, ast.List) and text_of(next(iter(command.elts), None)) in DESKTOP
        case "PIL.Image.open":
            return _is_told_later(call, scope, inference, is_watched)
        case "feedparser.parse":
            return bool(call.args) and TEXT.search(last_name(call.args[0])) is not None
        case _ if called.startswith("pandas.DataFrame()."):
            return _is_of_no_rows(call)
        case "ldap3.Connection":
            return _is_opened_later(call)
        case _:
            return bool(call.args) and _is_nothing(call.args[0], called)


def _is_nothing(given: ast.expr, called: str) -> bool:
    """Return whether a call waits for no disk, as files of the kernel, or for a few milliseconds only."""
    seconds = given.value if isinstance(given, ast.Constant) else None
    is_brief = called.endswith("sleep") and isinstance(seconds, (int, float)) and seconds <= BRIEF
    return is_brief or text_of(given).startswith(KERNEL_FILES)


def _is_of_no_rows(call: ast.Call) -> bool:
    """Return whether the table that a call works on is made in front of it, of columns only."""
    match call.func:
        case ast.Attribute(value=ast.Call(args=[], keywords=given)):
            return {item.arg for item in given} <= {"columns", "dtype"}
        case _:
            return False


def _is_only_tried(call: ast.Call) -> bool:
    """Return whether a lock, an event or a queue is asked not to wait."""
    place = NOT_WAITING.get(last_name(call.func))
    given = [keyword(call, "timeout"), argument(call, *place) if place else None]
    return any(isinstance(item, ast.Constant) and item.value is not None and not item.value for item in given)


def _is_opened_later(call: ast.Call) -> bool:
    """Return whether a call makes a connection of ldap3's that waits only where it is opened, entered or bound."""
    bound = keyword(call, "auto_bind")
    return not is_entered(call) and (bound is None or ast.unparse(bound) == "False")


def _has_ended(call: ast.Call, scope: Scope) -> bool:
    """Return whether a process is waited for only after it has said that it ended: `poll()` gave something."""
    asked = f"{ast.unparse(call.func).rpartition('.')[0]}.poll()"
    if any(
        isinstance(around, ast.If) and inside in around.body and _says(around.test, ast.IsNot, asked)
        for around, inside in nesting(call)
    ):
        return True
    before = preceding(call, scope.function.node.body) if scope.function is not None else ()
    return any(
        isinstance(item, ast.While) and not item.orelse and _says(item.test, ast.Is, asked) and not _may_break(item)
        for item in before
    )


def _is_told_to_end(call: ast.Call, scope: Scope) -> bool:
    """Return whether a thread is waited for a second at most, and only after an event was set that ends it."""
    seconds = argument(call, 0, "timeout")
    is_brief = isinstance(seconds, ast.Constant) and isinstance(seconds.value, (int, float)) and seconds.value <= 1
    before = preceding(call, scope.function.node.body) if is_brief and scope.function is not None else ()
    return any(
        isinstance(item, ast.Expr) and isinstance(item.value, ast.Call) and last_name(item.value.func) == "set"
        for item in before
    )


def _says(test: ast.expr, how: type[ast.cmpop], asked: str) -> bool:
    """Return whether a condition is that what `asked` gives is None, or that it is not."""
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[ast.Constant(value=None)]):
            return isinstance(operator, how) and ast.unparse(left) == asked
        case _:
            return False


def _may_break(loop: ast.While) -> bool:
    return any(isinstance(item, ast.Break) for item in nodes_in(loop.body))


def _is_one_folder(call: ast.Call, scope: Scope) -> bool:
    """Return whether a walk ends with the names in its first folder."""
    around = parent(call)
    if isinstance(around, ast.Call):
        return last_name(around.func) == "next"
    return isinstance(around, ast.For) and around.iter is call and ends_at_once(around, scope)


def _is_told_later(call: ast.Call, scope: Scope, inference: Inference, is_watched: Callable[[str], object]) -> bool:
    """Return whether all that is done with a picture is told where it is done: opened, only its header is read."""
    around = parent(call)
    match around:
        case ast.Attribute():
            return True
        case ast.withitem(optional_vars=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return scope.function is not None and _is_told(name, scope.function, inference, is_watched)
        case _:
            return False


def _is_told(
    name: str, function: Function, inference: Inference, is_watched: Callable[[str], object], *, further: bool = True
) -> bool:
    """Return whether a function, and what it gives a picture to, does nothing with it but call methods of it."""
    uses = [
        item
        for item in ast.walk(function.node)
        if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)
    ]
    for use in uses:
        around = parent(use)
        if isinstance(around, ast.Attribute):
            continue
        called = inference.value(around.func, Scope.of(function)) if isinstance(around, ast.Call) else None
        if isinstance(called, str) and (called in ASKING or is_watched(called)):
            continue
        receiver = inference.receiver(called) if called is not None and further else None
        if called is None or receiver is None or not isinstance(around, ast.Call):
            return False
        given = [theirs for theirs, value in arguments(called, receiver, around).items() if value is use]
        if not given or not _is_told(given[0], receiver, inference, is_watched, further=False):
            return False
    return bool(uses)


def is_left_to_task(call: ast.Call, scope: Scope) -> bool:
    """Return whether a call stands where there are no background tasks, in the other half of what gives it to them."""
    for around, inside in nesting(call):
        if not isinstance(around, ast.If) or inside is around.test:
            continue
        test = around.test.left if isinstance(around.test, ast.Compare) else around.test
        tasks = test.operand if isinstance(test, ast.UnaryOp) else test
        other = around.orelse if inside in around.body else around.body
        for item in (node for statement in other for node in ast.walk(statement)):
            if (
                isinstance(item, ast.Call)
                and ast.unparse(item.func) == f"{ast.unparse(tasks)}.add_task"
                and [ast.unparse(given) for given in item.args[:1]] == [ast.unparse(call.func)]
            ):
                return not is_ruled_out(item, scope)
    return False
