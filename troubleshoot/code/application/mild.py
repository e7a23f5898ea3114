"""Watched calls that are rightly told, but that few would change: data that is read anew, or a small picture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, keyword, last_name, nodes_in, parent, preceding, text_of

FROM_A_POOL = frozenset(("get_connection", "getconn", "acquire"))
"""Methods of a pool that give a connection."""
MODEL = re.compile(
    r"model|clf|classif|regress|scaler|vectori[sz]er|encoder|pipe|predict|weights|embed|index|forest|bayes|svm|tfidf",
    re.IGNORECASE,
)
"""What is named in a statement that loads what was learnt, and no file of some data."""
WRITES_BYTES = re.compile(r"[wax]\+?b\+?|b[wax]\+?")
PICTURES = re.compile(r"PIL\.Image\.|cv2\.im(?:read|decode)$")
SIZE = re.compile(r"size|len\(|length", re.IGNORECASE)
SMALL, SMALLEST = 2 * 1024 * 1024, 10 * 1024
"""Bytes: a picture of as many is decoded in milliseconds; a number below is no limit of a file's size."""


def is_plain_data(call: ast.Call, called: str, function: Function) -> bool:
    """Return whether a call reads a file of data, such as a cache, that may be another one each time: no model."""
    around = next((item for item in ancestors(call) if isinstance(item, ast.stmt)), call)
    named = f"{function.module.path} {function.qualname} {ast.unparse(around)}"
    return called == "pickle.load" and MODEL.search(named) is None


def has_a_pool(function: Function) -> bool:
    """Return whether a function takes what it gives out of a pool, and makes something itself only besides."""
    return any(isinstance(item.func, ast.Attribute) and item.func.attr in FROM_A_POOL for item in function.body.calls)


def is_small_picture(leaf: ast.Call, within: Function, reached: Reached, inference: Inference) -> bool:
    """Return whether a call works on a picture that has been made small, or of which no more bytes are taken."""
    if not PICTURES.match(inference.path(leaf.func, Scope.of(within))):
        return False
    return _is_a_thumbnail(leaf, within) or any(map(_refuses_much, _on_the_way(reached)))


def _is_a_thumbnail(leaf: ast.Call, within: Function) -> bool:
    name = last_name(leaf.func.value) if isinstance(leaf.func, ast.Attribute) else ""
    return bool(name) and any(
        isinstance(item, ast.Call)
        and isinstance(item.func, ast.Attribute)
        and item.func.attr == "thumbnail"
        and last_name(item.func.value) == name
        for statement in preceding(leaf, within.node.body)
        for item in ast.walk(statement)
    )


def _on_the_way(reached: Reached) -> Iterator[Function]:
    here: Reached | None = reached
    while here is not None:
        yield here.function
        here = here.caller


def _refuses_much(function: Function) -> bool:
    """Return whether a function takes nothing that is larger than a small number of bytes."""
    return any(
        isinstance(item, ast.Compare)
        and SIZE.search(ast.unparse(item.left)) is not None
        and SMALLEST <= _number(item.comparators[0], function) <= SMALL
        for test in function.body.tests
        if isinstance(around := parent(test), ast.If) and isinstance(around.body[-1], (ast.Raise, ast.Return))
        for item in ast.walk(test)
    )


def _number(node: ast.expr, function: Function) -> int:
    """Return a number that is written out, as a product or as a constant of the module; else 0."""
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _number(left, function) * _number(right, function)
        case ast.Name(id=name):
            given = function.body.assigned.get(name) or function.module.body.assigned.get(name, [])
            return _number(given[0], function) if len(given) == 1 and not isinstance(given[0], ast.Name) else 0
        case _:
            return 0


def writes_bytes(call: ast.Call) -> bool:
    """Return whether a file is written with bytes, as an upload or a download is, whose size others decide.

    A temporary file is opened for bytes whether its mode is written out or not.
    """
    if last_name(call.func) == "NamedTemporaryFile":
        return False
    modes = [text_of(item) for item in (*call.args[:2], keyword(call, "mode"))]
    return last_name(call.func) == "write_bytes" or any(WRITES_BYTES.fullmatch(mode) for mode in modes)


def writes_at_once(call: ast.Call) -> bool:
    """Return whether bytes are written that are all there, or parts between which the event loop gets its turn."""
    statement = next((item for item in ancestors(call) if isinstance(item, (ast.With, ast.AsyncWith))), None)
    return writes_bytes(call) and (
        last_name(call.func) == "write_bytes"
        or (
            statement is not None
            and not any(
                isinstance(item, (ast.For, ast.While)) and not _gives_way(item) for item in nodes_in(statement.body)
            )
        )
    )


def _gives_way(loop: ast.For | ast.While) -> bool:
    return any(isinstance(item, ast.Await) for item in ast.walk(loop))
