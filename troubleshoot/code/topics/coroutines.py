"""What is done with a coroutine: kept for whoever awaits it, or taken for the value that it would give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set

from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Bound, Instance
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, last_name, nodes_in, parent

OF_TASKS = frozenset(("send", "throw", "close", "cancel", "result", "exception", "done", "add_done_callback"))
"""What coroutines, tasks and futures themselves can do."""
ELEMENTS_READ = ("any", "all", "sum", "min", "max", "sorted", "str", "repr", "print", "json.dumps")
"""Functions that need the values in what they are given, not only the value itself."""
READS = (*ELEMENTS_READ, "len", "int", "float", "bool", "list", "set", "tuple", "dict", "enumerate", "zip", "reversed")
NEVER_WAITS = re.compile(
    r"(?:json|re|os|pathlib|datetime|hashlib|hmac|base64|uuid|math|decimal|time|urllib|shutil|csv|secrets|html|string)\."
    r"|sqlalchemy\.(?:orm\.Session|ext\.asyncio\.AsyncSession)\(\)\.(?:add|add_all|delete|merge|refresh|expunge)$"
    r"|sqlalchemy\.(?:select|text)$"
)
"""Libraries' functions that neither await what they are given nor hand it on to somebody who does."""
HANDED_ON = 3
"""How many calls further a coroutine is followed that is given to a function of the project."""
ANSWERS = ("JSONResponse", "HTMLResponse", "PlainTextResponse", "Response", "ORJSONResponse", "jsonable_encoder")
PLAIN = frozenset(
    (
        *("str", "int", "float", "bool", "bytes", "dict", "list", "set", "tuple", "Dict", "List", "Set", "Tuple"),
        *("Optional", "Union", "None", "Sequence", "Mapping", "UUID", "datetime", "date", "Decimal", "Path"),
    )
)
"""Names in the annotation of a parameter that takes no coroutine."""


def use_of(project: Project, node: ast.expr, where: Function | Module, endpoints: Set[Function]) -> str:
    """Return how what `node` gives is used: `forgotten`, `condition` or `value`; empty if it may still be awaited.

    `endpoints` are the functions whose result FastAPI takes as it is.
    """
    return _Uses(project, where, endpoints).of(node)


class _Uses:
    """The uses of expressions in one function, or at the top level of a module."""

    def __init__(
        self, project: Project, where: Function | Module, endpoints: Set[Function], steps: int = HANDED_ON
    ) -> None:
        self.project = project
        self.where = where
        self.endpoints = endpoints
        self.steps = steps

    def of(self, node: ast.expr) -> str:
        """Return how what an expression gives is used."""
        around = parent(node)
        match around:
            case ast.Expr():
                return "forgotten"
            case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test) if test is node:
                return "condition"
            case ast.IfExp(test=test):
                return "condition" if test is node else self.of(around)
            case ast.BoolOp(values=values):
                return self.of(around) if values[-1] is node else "condition"
            case ast.UnaryOp(op=ast.Not()):
                return "condition"
            case ast.NamedExpr():
                return self.of(around)
            case ast.ListComp() | ast.SetComp() if isinstance(parent(around), ast.Expr):
                return "forgotten"
            case _:
                return "value" if around is not None and self._is_read(node, around) else ""

    def _is_read(self, node: ast.expr, around: ast.AST) -> bool:
        """Return whether what stands around an expression needs its value."""
        match around:
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.FormattedValue() | ast.AugAssign() | ast.Subscript():
                return True
            case ast.For(iter=over) | ast.AsyncFor(iter=over):
                return over is node
            case ast.comprehension():
                return True
            case ast.withitem() | ast.Match():
                return True
            case ast.Attribute(attr=attr):
                return attr not in OF_TASKS and not attr.startswith(("cr_", "__"))
            case ast.Assign(targets=[target]):
                return isinstance(target, (ast.Tuple, ast.List)) or self._is_named_for_value(target)
            case ast.Return():
                return self.where in self.endpoints
            case ast.Call() | ast.keyword():
                return self._is_given_as_value(node, around, READS)
            case _:
                return self._is_collected(around)

    def _is_collected(self, around: ast.AST) -> bool:
        """Return whether something holds an expression whose elements are read, or sent to a client."""
        if not isinstance(around, (*COMPREHENSIONS, ast.Dict, ast.List, ast.Tuple, ast.Set)):
            return False
        further = parent(around)
        if isinstance(further, (ast.Call, ast.keyword)):
            return self._is_given_as_value(around, further, ELEMENTS_READ)
        if isinstance(further, ast.Return):
            return self.where in self.endpoints
        return further is not None and self._is_collected(further)

    def _is_given_as_value(self, node: ast.AST, around: ast.Call | ast.keyword, reads: tuple[str, ...]) -> bool:
        """Return whether an argument goes to a function that needs the value, or whose annotation says so."""
        call = parent(around) if isinstance(around, ast.keyword) else around
        if not isinstance(call, ast.Call):
            return False
        if node is call.func:
            return True
        called = self.project.value(call.func, self.where)
        if isinstance(called, str):
            name = called.removeprefix("builtins.")
            if reads is READS and NEVER_WAITS.match(name):
                return True
            return name in reads or name.rpartition(".")[2] in ANSWERS or ".logging" in f".{name.partition('(')[0]}"
        if reads is not READS:
            return False
        function = self.project.inference.receiver(called) if called is not None else None
        if called is None or function is None:
            # The field of a model, which no method of its own fills.
            filled = around.arg if isinstance(around, ast.keyword) else None
            field = called.annotations.get(filled or "") if isinstance(called, Class) else None
            return field is not None and isinstance(called, Class) and self._is_plain(field, called.module)
        given = arguments(called, function, call)
        param = next((item for item in function.params if given.get(item.name) is node), None)
        if param is None:
            return False
        if param.annotation is not None:
            return self._is_plain(param.annotation, function.module)
        return self._is_read_inside(param.name, function)

    def _is_read_inside(self, name: str, function: Function) -> bool:
        """Return whether all that a function does with what it is given needs the value."""
        if self.steps == 0 or name in function.rebound or _is_wrapped(function):
            return False
        uses = list(_uses(name, function))
        inside = _Uses(self.project, function, frozenset(), self.steps - 1)
        return bool(uses) and all(inside.of(use) in ("condition", "value") for use in uses)

    def _is_plain(self, annotation: ast.expr, module: Module) -> bool:
        names = [last_name(item) for item in ast.walk(annotation) if isinstance(item, (ast.Name, ast.Attribute))]
        return bool(names) and all(
            name in PLAIN or isinstance(self.project.inference.global_name(name, module), Class) for name in names
        )

    def _is_named_for_value(self, target: ast.expr) -> bool:
        """Return whether all that is done with the name of a coroutine needs the value."""
        function = self.where
        if not isinstance(target, ast.Name) or not isinstance(function, Function) or not function.is_async:
            return False
        if len(function.body.assigned.get(target.id, ())) > 1 or target.id in function.body.globals:
            return False
        uses = list(_uses(target.id, function))
        return bool(uses) and all(self.of(use) in ("condition", "value") for use in uses)


def _uses(name: str, function: Function) -> Iterator[ast.Name]:
    for item in nodes_in(function.node.body):
        if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load):
            yield item


def is_replaced(project: Project, called: Bound) -> bool:
    """Return whether a class that derives from a method's own, or stands behind it, has another that is no coroutine.

    A stub says little of what runs: `async def` without a `yield`, where those that implement it are generators.
    """
    name, owner = called.function.name, called.function.owner
    others = [
        cls.methods[name]
        for cls in project.classes
        if cls is not owner and name in cls.methods and _derives(project, cls, owner)
    ]
    several = (*others, *project.inference.implementations(called.function))
    return any(not method.is_async or method.is_generator for method in several)


def _derives(project: Project, cls: Class, owner: Class | None, depth: int = 0) -> bool:
    bases = project.inference.bases(cls) if depth < 8 else []
    return any(
        base is owner or (isinstance(base, Class) and _derives(project, base, owner, depth + 1)) for base in bases
    )


def made_by(value: object) -> Function | None:
    """Return the function of the project that a value is, if calling it gives a coroutine and nothing else."""
    called = value.function if isinstance(value, Bound) else value
    if isinstance(value, Instance) or not isinstance(called, Function):
        return None
    return called if called.is_async and not called.is_generator and not _is_wrapped(called) else None


def _is_wrapped(function: Function) -> bool:
    """Return whether a decorator may have made something else of it."""
    if not function.node.decorator_list:
        return False
    names = {ast.unparse(item).partition("(")[0].rpartition(".")[2] for item in function.node.decorator_list}
    return not names <= {"staticmethod", "classmethod", "override", "abstractmethod"} and not any(
        name in ("get", "post", "put", "patch", "delete", "websocket") for name in names
    )
