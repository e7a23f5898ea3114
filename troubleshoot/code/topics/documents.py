"""Queries of document databases and their mappers: which documents are asked for, and how many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, is_iterated, is_within, last_name, parent, text_of

COLLECTIONS = (
    r"(?:motor\.motor_asyncio\.AsyncIOMotor(?:Client|Database|Collection)|pymongo\.(?:Async)?MongoClient"
    r"|pymongo\.(?:asynchronous\.)?(?:database|collection)\.\w+)\(\)"
)
FOUND = re.compile(
    rf"{COLLECTIONS}(?:\.\w+|\[\])*\.find(?:\(\)\.(?!limit\b)\w+)*"
    r"|beanie\.Document\(\)\.(?:find|find_all|find_many|all)(?:\(\)\.(?!limit\b|first_or_none\b)\w+)*"
    r"|tortoise\.models\.Model\(\)\.(?:all|filter)(?:\(\)\.(?!limit\b|first\b|count\b|get\w*\b|exists\b|delete\b|update\b)\w+)*"
)
COLLECTION = re.compile(r"\.(\w+)\.(?:find|aggregate)\b")
AGGREGATED = re.compile(rf"{COLLECTIONS}(?:\.\w+|\[\])*\.aggregate")
BOUNDING = frozenset(
    ("$limit", "$sample", "$group", "$count", "$facet", "$bucket", "$bucketAuto", "$sortByCount", "$out", "$merge")
)
"""Stages that keep few documents, or of which nobody knows how many they keep."""


@dataclass(frozen=True, slots=True, eq=False)
class DocumentQuery:
    """The call that fetches every document, the collection's name if it is known, and the condition as written."""

    call: ast.Call
    name: str
    condition: str


def boundless(inference: Inference, function: Function, scope: Scope) -> Iterator[DocumentQuery]:
    """Yield the calls that fetch every document that fits; of those with given keys there are as many as keys."""
    for query in _whole(inference, function, scope):
        if "$in" not in query.condition:
            yield query


def _whole(inference: Inference, function: Function, scope: Scope) -> Iterator[DocumentQuery]:
    for call in function.body.calls:
        path = inference.path(call.func, scope)
        if AGGREGATED.fullmatch(path) and _is_read_whole(call, function):
            stages = _stages(call, function)
            if stages and not stages.keys() & BOUNDING:
                yield DocumentQuery(call, _collection(path), stages.get("$match", ""))
            continue
        is_whole = path.endswith("to_list") or is_iterated(call) or _is_looped(call) or _is_awaited_all(call, path)
        if not is_whole:
            continue
        if FOUND.fullmatch(path) and not _has_length(call, path):
            yield DocumentQuery(call, _collection(path), _condition(call, function))


def _collection(path: str) -> str:
    named = COLLECTION.search(path)
    return named[1] if named is not None else ""


def _is_looped(call: ast.expr) -> bool:
    """Return whether an asynchronous loop goes through what a call gives, to its end."""
    loop = parent(call)
    if isinstance(loop, ast.comprehension):
        return loop.iter is call
    return (
        isinstance(loop, ast.AsyncFor)
        and loop.iter is call
        and not any(isinstance(item, (ast.Break, ast.Return, ast.Yield)) for item in ast.walk(loop))
    )


def _is_read_whole(call: ast.Call, function: Function) -> bool:
    """Return whether all that a pipeline gives is read, from a variable or at once."""
    node: ast.expr = call
    while isinstance(around := parent(node), (ast.Await, ast.Attribute, ast.Call)) and (
        not isinstance(around, ast.Call) or around.func is node
    ):
        node = around
    if node is not call and not isinstance(node, ast.Await):
        return isinstance(node, ast.Call) and last_name(node.func) == "to_list" and not _has_length(node, ".to_list")
    if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Name):
        name = around.targets[0].id
        lists = (item for item in function.body.calls if ast.unparse(item.func) == f"{name}.to_list")
        each = (item for made in function.body.comprehensions for item in made.generators)  # type: ignore[attr-defined]
        looped = (item.iter for item in (*function.body.loops, *each) if not isinstance(item, (ast.For, ast.While)))
        return any(not _has_length(item, ".to_list") for item in lists) or any(
            isinstance(item, ast.Name) and item.id == name and _is_looped(item) for item in looped
        )
    return _is_looped(node)


def _stages(call: ast.Call, function: Function) -> dict[str, str]:
    """Return the stages of a pipeline that is written out, here or in a variable that nobody adds to; else nothing."""
    pipeline = argument(call, 0, "pipeline")
    if isinstance(pipeline, ast.Name):
        values = function.body.assigned.get(pipeline.id, [])
        changed = any(ast.unparse(item.value) == pipeline.id for item in function.body.attributes)
        pipeline = values[0] if len(values) == 1 and not changed else None
    if not isinstance(pipeline, ast.List) or not all(isinstance(item, ast.Dict) for item in pipeline.elts):
        return {}
    stages = (
        stage
        for item in pipeline.elts
        if isinstance(item, ast.Dict)
        for stage in zip(item.keys, item.values, strict=True)
    )
    return {text_of(key): ast.unparse(value) for key, value in stages}


def _is_awaited_all(call: ast.Call, path: str) -> bool:
    return path.startswith("tortoise.") and isinstance(parent(call), ast.Await)


def _has_length(call: ast.Call, path: str) -> bool:
    """Return whether `to_list` is given how many it may fetch."""
    length = argument(call, 0, "length") if path.endswith(".to_list") else None
    return length is not None and not (isinstance(length, ast.Constant) and length.value is None)


def _condition(call: ast.Call, function: Function) -> str:
    """Return the condition that one of the calls in a chain has, also through a variable; nothing without one."""
    node: ast.expr = call
    while isinstance(node, (ast.Call, ast.Attribute, ast.Name)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            given = [item for item in node.args if not (isinstance(item, ast.Dict) and not item.keys)]
            if name in ("find", "find_many", "filter") and (given or node.keywords):
                named = (value for item in given if isinstance(item, ast.Name) for value in _values(item, function))
                return " ".join(ast.unparse(item) for item in (*given, *node.keywords, *named))
            node = node.func
        elif isinstance(node, ast.Name):
            values = _values(node, function)
            if len(values) != 1 or is_within(call, values[0]):
                return ""
            node = values[0]
        else:
            node = node.value
    return ""


def _values(name: ast.Name, function: Function) -> list[ast.expr]:
    return function.body.assigned.get(name.id, [])
