"""Queries of document databases and their mappers: which documents are asked for, and how many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, is_iterated, is_within, parent

COLLECTIONS = (
    r"(?:motor\.motor_asyncio\.AsyncIOMotor(?:Client|Database|Collection)|pymongo\.(?:Async)?MongoClient"
    r"|pymongo\.(?:asynchronous\.)?(?:database|collection)\.\w+)\(\)"
)
FOUND = re.compile(
    rf"{COLLECTIONS}(?:\.\w+|\[\])*\.find(?:\(\)\.(?!limit\b)\w+)*"
    r"|beanie\.Document\(\)\.(?:find|find_all|find_many|all)(?:\(\)\.(?!limit\b|first_or_none\b)\w+)*"
    r"|tortoise\.models\.Model\(\)\.(?:all|filter)(?:\(\)\.(?!limit\b|first\b|count\b|get\w*\b|exists\b|delete\b|update\b)\w+)*"
)


@dataclass(frozen=True, slots=True, eq=False)
class DocumentQuery:
    """The call that fetches every document, and whether there is a condition."""

    call: ast.Call
    is_filtered: bool


def boundless(inference: Inference, function: Function, scope: Scope) -> Iterator[DocumentQuery]:
    """Yield the calls that fetch every document that fits."""
    for call in function.body.calls:
        path = inference.path(call.func, scope)
        if not path.endswith("to_list") and not is_iterated(call) and not _is_awaited_all(call, path):
            continue
        if FOUND.fullmatch(path) and not _has_length(call, path):
            yield DocumentQuery(call, _is_filtered(call, function))


def _is_awaited_all(call: ast.Call, path: str) -> bool:
    return path.startswith("tortoise.") and isinstance(parent(call), ast.Await)


def _has_length(call: ast.Call, path: str) -> bool:
    """Return whether `to_list` is given how many it may fetch."""
    length = argument(call, 0, "length") if path.endswith(".to_list") else None
    return length is not None and not (isinstance(length, ast.Constant) and length.value is None)


def _is_filtered(call: ast.Call, function: Function) -> bool:
    """Return whether one of the calls in a chain, also through a variable, has a condition."""
    node: ast.expr = call
    while isinstance(node, (ast.Call, ast.Attribute, ast.Name)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            given = [item for item in node.args if not (isinstance(item, ast.Dict) and not item.keys)]
            if name in ("find", "find_many", "filter") and (given or node.keywords):
                return True
            node = node.func
        elif isinstance(node, ast.Name):
            values = function.body.assigned.get(node.id, ())
            if len(values) != 1 or is_within(call, values[0]):
                return False
            node = values[0]
        else:
            node = node.value
    return False
