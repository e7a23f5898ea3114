"""Whether what a function makes outlives the call."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable

from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import ancestors, is_name, last_name, nesting, nodes_in, parent, preceding

CACHES = frozenset(
    ("cache", "lru_cache", "cached", "alru_cache", "singleton", "cached_property", "on_event", "fixture")
)

ENDING = frozenset(("dispose", "close", "aclose", "disconnect"))
"""Methods that end what somebody holds."""

POOLS = frozenset(("connection_pool", "connector", "transport", "http_client", "pool_manager"))
"""Arguments by which a client is given connections."""


def is_kept(call: ast.Call, function: Function) -> bool:
    """Return whether what `call` makes is made once: cached, or put where the next call finds it."""
    if any(_name(item) in CACHES for item in function.node.decorator_list):
        return True
    if function.owner is not None and function.name in ("__init__", "__new__", "__post_init__"):
        return True
    if _is_for_want_of_entry(call, function) or _stands_once(call, function):
        return True
    around: ast.AST | None = call
    while around is not None and not isinstance(around, ast.stmt):
        around = parent(around)
    if isinstance(around, ast.Assign):
        if any(isinstance(target, ast.Name) and _is_for_one_purpose(target.id, function) for target in around.targets):
            return True
        names = {target.id for target in around.targets if isinstance(target, ast.Name)}
        return any(_outlives(target, function) for target in around.targets) or (
            _is_guarded(around) or _is_stored(names, function)
        )
    if isinstance(around, ast.AnnAssign):
        return _outlives(around.target, function)
    holder = parent(call)
    return isinstance(holder, ast.Call) and last_name(holder.func) == "setdefault" and call in holder.args


def _is_for_want_of_entry(call: ast.Call, function: Function) -> bool:
    """Return whether a call is made only where a mapping has nothing yet, in which the function then puts something."""
    for around, inside in nesting(call):
        if isinstance(around, ast.If) and inside in around.orelse:
            tests = around.test.values if isinstance(around.test, ast.BoolOp) else [around.test]
            asked = [item for item in tests if isinstance(item, ast.Compare) and isinstance(item.ops[0], ast.In)]
            if any(_sets(ast.unparse(item.comparators[0]), function.node.body) for item in asked):
                return True
    return False


def is_owned(function: Function, lineage: Iterable[Class]) -> bool:
    """Return whether an object makes something by a method when it has none yet, keeps it, and closes it at its end."""
    methods = [method for cls in lineage for method in cls.methods.values()]
    kept = {
        target.attr
        for method in methods
        for target, value in method.body.stored_attributes
        if isinstance(value, ast.Call) and last_name(value.func) == function.name and _is_made_once(target)
    }
    closed = (item for method in methods for item in method.body.attributes if item.attr in ENDING)
    return any(isinstance(item.value, ast.Attribute) and item.value.attr in kept for item in closed)


def _is_made_once(target: ast.Attribute) -> bool:
    """Return whether an attribute is set only where it is missing."""
    tests = [around.test for around in ancestors(target) if isinstance(around, ast.If)]
    missing = (_missing(test) for test in tests)
    return any(item is not None and ast.unparse(item) == ast.unparse(target) for item in missing)


def shares_connections(call: ast.Call, function: Function) -> bool:
    """Return whether a client is given the connections that it uses: a pool from elsewhere, or the application."""
    return any(
        item.arg in POOLS and (not _is_made_in(item.value, function) or _is_in_process(item.value))
        for item in call.keywords
    )


def _is_made_in(node: ast.expr, function: Function) -> bool:
    values = function.body.assigned.get(node.id, []) if isinstance(node, ast.Name) else [node]
    return any(isinstance(value, ast.Constant) or _makes_object(value) for value in values)


def _makes_object(node: ast.expr) -> bool:
    """Return whether a call makes something: a class by its name, or the constructor of one; no getter."""
    name = last_name(node.func) if isinstance(node, ast.Call) else ""
    return name[:1].isupper() or name == "from_url"


def _is_in_process(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in ("ASGITransport", "WSGITransport", "MockTransport")


def _is_for_one_purpose(name: str, function: Function) -> bool:
    """Return whether a function gets rid of an engine that it makes, or subscribes, which takes a connection."""
    return any(
        item.attr in ("dispose", "pubsub") and getattr(item.value, "id", "") == name
        for item in function.body.attributes
    )


def is_entered(call: ast.Call) -> bool:
    """Return whether what `call` makes is closed at the end of a `with`."""
    around = parent(call)
    return isinstance(around, ast.withitem) and around.context_expr is call


def is_cached(function: Function) -> bool:
    """Return whether what a function returns is kept for the next call with the same arguments."""
    names = (_name(item) for item in function.node.decorator_list)
    return any(name in ("cache", "cached", "singleton") or name.endswith("lru_cache") for name in names)


def runs_once(call: ast.Call, called: Function, function: Function) -> bool:
    """Return whether `function` makes a call to `called` once in a process, not each time it runs itself.

    What is called is cached and has no arguments, or the call makes what belongs to the module, the class or the only
    object of it: it stands below `if x is None:` or `if key not in x:`, or behind `if x: return x`, where x may be
    what a mapping has for a key.
    """
    return (is_cached(called) and not called.params) or _stands_once(call, function)


def is_made_once(call: ast.Call, function: Function) -> bool:
    """Return whether a call is made only where what it belongs to is missing, and that does not expire."""
    expires = any(
        isinstance(item, ast.Compare) and isinstance(item.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE))
        for test in function.body.tests
        for item in ast.walk(test)
    )
    return not expires and _stands_once(call, function)


def _stands_once(call: ast.Call, function: Function) -> bool:
    """Return whether a call is made only where what it belongs to is missing."""
    for around, inside in nesting(call):
        if isinstance(around, ast.If) and inside in around.body and _makes(around, function):
            return True
    return any(_is_made_already(item, function) for item in preceding(call, function.node.body))


def _makes(block: ast.If, function: Function) -> bool:
    """Return whether an `if` sets the shared variable that it finds missing."""
    missing = _missing(block.test)
    if missing is None or not (_is_shared(missing, function) or _is_shared_mapping(block.test, function)):
        return False
    return _sets(ast.unparse(missing), block.body)


def _is_shared(node: ast.expr, function: Function) -> bool:
    """Return whether something is a variable of the module, the class or the only object of the class."""
    if isinstance(node, ast.Name):
        return node.id in function.body.globals
    owner = function.owner
    if owner is None or not isinstance(node, ast.Attribute):
        return False
    made = (value for values in owner.module.body.assigned.values() for value in values)
    is_only = any(isinstance(value, ast.Call) and is_name(value.func, owner.name) for value in made)
    return last_name(node.value) in ("cls", owner.name, *(["self"] if is_only else []))


def _is_shared_mapping(test: ast.expr, function: Function) -> bool:
    mapping = test.comparators[0] if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn) else None
    return _belongs_to_module(mapping, function)


def _belongs_to_module(node: ast.expr | None, function: Function) -> bool:
    return (
        isinstance(node, ast.Name)
        and node.id not in function.body.assigned
        and all(param.name != node.id for param in function.params)
    )


def _sets(name: str, statements: list[ast.stmt]) -> bool:
    """Return whether some of `statements` assign to `name`, or to an element of it."""
    return any(
        ast.unparse(target.value if isinstance(target, ast.Subscript) else target) == name
        for statement in statements
        for item in ast.walk(statement)
        if isinstance(item, ast.Assign)
        for target in item.targets
    )


def _is_made_already(statement: ast.stmt, function: Function) -> bool:
    """Return whether a statement is `if x: return …` or `if x is not None: return …`, x what the function keeps."""
    if not isinstance(statement, ast.If) or not isinstance(statement.body[-1], ast.Return):
        return False
    tests = statement.test.values if isinstance(statement.test, ast.BoolOp) else [statement.test]
    return any(_is_kept_by(test, function) for test in tests)


def _is_kept_by(test: ast.expr, function: Function) -> bool:
    """Return whether a test asks for a shared variable, or what a shared mapping has, that the function sets."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot):
        test = test.left
    if isinstance(test, ast.Name) and test.id in function.body.globals:
        return True
    if isinstance(test, ast.Attribute):
        return _is_shared(test, function) and _sets(ast.unparse(test), function.node.body)
    found = function.body.assigned.get(test.id, []) if isinstance(test, ast.Name) else []
    asked = [call.func for call in found if isinstance(call, ast.Call)]
    kept = [item.value for item in asked if isinstance(item, ast.Attribute) and item.attr == "get"]
    return any(
        (_is_shared(item, function) or _belongs_to_module(item, function))
        and _sets(ast.unparse(item), function.node.body)
        for item in kept
    )


def _missing(test: ast.expr) -> ast.expr | None:
    """Return x of `x is None`, `not x` or `key not in x`."""
    if isinstance(test, ast.Compare):
        kinds = (ast.Is, ast.NotIn)
        known = test.left if isinstance(test.ops[0], ast.Is) else test.comparators[0]
        return known if isinstance(test.ops[0], kinds) else None
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None


def _name(node: ast.expr) -> str:
    return last_name(node.func if isinstance(node, ast.Call) else node)


def _outlives(target: ast.expr, function: Function) -> bool:
    """Return whether a target belongs to the module, an object or a mapping that was there before."""
    if isinstance(target, ast.Name):
        return target.id in function.body.globals
    return isinstance(target, (ast.Attribute, ast.Subscript))


def _is_stored(names: Collection[str], function: Function) -> bool:
    """Return whether a variable's value is put where the next call finds it."""
    stored = (item for item in nodes_in(function.node.body) if isinstance(item, ast.Assign) and bool(names))
    return any(
        isinstance(item.value, ast.Name)
        and item.value.id in names
        and any(_outlives(target, function) and not _is_own(target, function) for target in item.targets)
        for item in stored
    )


def _is_own(target: ast.expr, function: Function) -> bool:
    """Return whether a target is part of something that the function itself has made."""
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    return (
        isinstance(target, ast.Name) and target.id in function.body.assigned and target.id not in function.body.globals
    )


def is_handed_out(call: ast.Call, function: Function) -> bool:
    """Return whether what `call` makes is what the function returns, so that its caller may keep it."""
    around = next((item for item in ancestors(call) if isinstance(item, ast.stmt)), None)
    if isinstance(around, ast.Return):
        return around.value is call
    names = {item.id for item in around.targets if isinstance(item, ast.Name)} if isinstance(around, ast.Assign) else ()
    return any(isinstance(item.value, ast.Name) and item.value.id in names for item in function.body.returns)


def _is_guarded(statement: ast.stmt) -> bool:
    """Return whether a statement runs only `if x is None` or `if x not in y`."""
    for around in ancestors(statement):
        if isinstance(around, ast.If) and isinstance(around.test, ast.Compare):
            return isinstance(around.test.ops[0], (ast.Is, ast.NotIn))
    return False
