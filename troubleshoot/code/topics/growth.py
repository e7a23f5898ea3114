"""What something that lives as long as the process holds, and whether anything is taken out of it."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import LEAVING, is_name, nesting, preceding

FEW = re.compile(r"(bool|type|typing\.Type|Type|Literal|typing\.Literal)\b")
"""Annotations of values of which there are few."""
REMOVES = rb"\b%(name)b\.(?:pop|popitem|popleft|remove|discard|clear)\b|\bdel (?:\w+\.)*%(name)b\[|\b%(name)b\[:\]"


def is_filled_once(name: str, node: ast.expr, function: Function) -> bool:
    """Return whether a function adds to something only as long as that is empty."""
    tests = [around.test for around, inside in nesting(node) if isinstance(around, ast.If) and inside in around.body]
    if any(isinstance(test, ast.UnaryOp) and is_name(test.operand, name) for test in tests):
        return True
    return any(
        isinstance(item, ast.If) and is_name(item.test, name) and isinstance(item.body[-1], LEAVING)
        for item in preceding(node, function.node.body)
    )


def has_few_keys(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether what is added has a key of which there are few: a type, a truth value, a member of an Enum."""
    key = (
        node.slice
        if isinstance(node, ast.Subscript)
        else node.args[0]
        if isinstance(node, ast.Call) and node.args
        else None
    )
    if isinstance(key, ast.Tuple):
        return all(_is_one_of_few(project, item, function) for item in key.elts)
    return key is not None and _is_one_of_few(project, key, function)


def _is_one_of_few(project: Project, key: ast.expr, function: Function) -> bool:
    if isinstance(key, ast.Call) and is_name(key.func, "type"):
        return True
    if isinstance(key, ast.Attribute) and key.attr in ("name", "value", "__class__", "__name__"):
        return key.attr.startswith("__") or _is_one_of_few(project, key.value, function)
    if isinstance(key, ast.Name) and key.id in function.body.looped:
        over = project.value(function.body.looped[key.id], function)
        return isinstance(over, Class) and _is_enum(project, over)
    param = next((item for item in function.params if is_name(key, item.name)), None)
    if param is None or param.annotation is None:
        value = project.value(key, function)
        return isinstance(value, Instance) and _is_enum(project, value.of)
    declared = project.inference.annotation(param.annotation, Scope(function.module, function.outer))
    if isinstance(declared, Instance):
        return _is_enum(project, declared.of)
    return FEW.match(ast.unparse(param.annotation)) is not None


def _is_enum(project: Project, cls: Class) -> bool:
    return any(
        project.inference.is_a(cls, f"enum.{name}") for name in ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag")
    )


def is_container(node: ast.expr) -> bool:
    """Return whether an expression makes an empty list, dictionary or set."""
    if isinstance(node, (ast.List, ast.Dict, ast.Set)):
        return not getattr(node, "elts", getattr(node, "keys", ()))
    called = node.func if isinstance(node, ast.Call) else None
    return getattr(called, "id", "") in ("list", "dict", "set", "defaultdict", "OrderedDict")


def shrinks(project: Project, name: str, module: Module) -> bool:
    """Return whether something is taken out of a variable of a module, there or where it is imported."""
    if takes_out(name, module, whole=True):
        return True
    others = (item for item in project.files.modules(name) if item is not module and name in item.imports)
    return any(takes_out(name, item, whole=False) for item in others)


def takes_out(name: str, module: Module, *, whole: bool) -> bool:
    """Return whether a module takes something out of what it calls `name`, or, if `whole`, makes it anew."""
    word = {b"name": re.escape(name.encode())}
    if re.search(REMOVES % word, module.data):
        return True
    anew = re.findall(rb"\b%(name)b = " % word, module.data)
    return whole and len(anew) > len(re.findall(rb"^%(name)b = " % word, module.data, re.MULTILINE))
