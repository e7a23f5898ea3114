"""What the statements of a function, a class or a module contain, gathered in one walk."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from troubleshoot.code.syntax.nodes import COMPREHENSIONS, SCOPES, FunctionNode, Loop, last_name


class Body:
    """One walk through a function's or a module's own statements; nested functions and classes are left out.

    The lists are in source order; `assigned` maps a name to the expressions assigned to it, `nested` to functions, of
    several with one name, which are `redefined`, to the last.
    """

    def __init__(self, statements: list[ast.stmt], *, deferred: bool) -> None:
        self.calls: list[ast.Call] = []
        self.awaits: list[ast.Await] = []
        self.withs: list[ast.With | ast.AsyncWith] = []
        self.tries: list[ast.Try] = []
        self.returns: list[ast.Return] = []
        self.raises: list[ast.Raise] = []
        self.yields: list[ast.Yield | ast.YieldFrom] = []
        self.loops: list[Loop] = []
        self.tests: list[ast.expr] = []
        self.comprehensions: list[ast.expr] = []
        self.attributes: list[ast.Attribute] = []
        self.subscripts: list[ast.Subscript] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.assigned: dict[str, list[ast.expr]] = {}
        self.annotated: dict[str, ast.expr] = {}
        self.annotated_attributes: dict[str, ast.expr] = {}
        self.stored_attributes: list[tuple[ast.Attribute, ast.expr]] = []
        self.entered: dict[str, ast.withitem] = {}
        self.looped: dict[str, ast.expr] = {}
        self.globals: set[str] = set()
        self.nested: dict[str, FunctionNode] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.redefined: set[str] = set()
        self.statements = statements
        self._deferred = deferred
        for statement in statements:
            self._walk(statement)

    def _walk(self, node: ast.AST) -> None:
        kind = type(node)
        visit = _VISITORS.get(kind)
        if visit is not None:
            visit(self, node)
        if kind in _SCOPES:
            self._enter_scope(node)
            return
        fields = _FIELDS.get(kind)
        if fields is None:
            fields = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _NO_NODES)
        for name in fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for item in value:
                    self._walk_child(item, node)
            elif value is not None:
                self._walk_child(value, node)

    def _walk_child(self, child: object, node: ast.AST) -> None:
        if isinstance(child, ast.AST):
            child.parent = node  # type: ignore[attr-defined]
            if child.__class__ not in _LEAVES:
                self._walk(child)

    def _enter_scope(self, node: ast.AST) -> None:
        """Look at what runs here when a function or class is defined: decorators and defaults."""
        outside: list[ast.AST] = []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.name in self.nested and not _is_overload(self.nested[node.name]):
                self.redefined.add(node.name)
            self.nested[node.name] = node
            outside = [*node.decorator_list, *node.args.defaults, *(item for item in node.args.kw_defaults if item)]
        elif isinstance(node, ast.ClassDef):
            self.classes[node.name] = node
            outside = [*node.decorator_list, *node.bases]
        for item in outside:
            item.parent = node  # type: ignore[attr-defined]
            if not self._deferred:
                self._walk(item)

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._bind(target, node.value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.assigned.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Attribute):
            self.stored_attributes.append((target, value))
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            for index, item in enumerate(target.elts):
                if isinstance(item, ast.Starred):
                    break
                if not values:
                    self._bind(item, _item(value, index))
                elif len(values) == len(target.elts):
                    self._bind(item, values[index])

    def _annotate(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.annotated[node.target.id] = node.annotation
        elif isinstance(node.target, ast.Attribute):
            self.annotated_attributes[node.target.attr] = node.annotation
        if node.value is not None:
            self._bind(node.target, node.value)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        self.withs.append(node)
        for item in node.items:
            if isinstance(item.optional_vars, ast.Name):
                self.entered[item.optional_vars.id] = item

    def _while(self, node: ast.While) -> None:
        self.loops.append(node)
        self.tests.append(node.test)

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.loops.append(node)
        self._each(node.target, node.iter)

    def _comprehension(self, node: ast.expr) -> None:
        self.comprehensions.append(node)
        for generator in node.generators:  # type: ignore[attr-defined]
            self._each(generator.target, generator.iter)

    def _each(self, target: ast.expr, over: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.looped[target.id] = over

    def _named(self, node: ast.NamedExpr) -> None:
        self.assigned.setdefault(node.target.id, []).append(node.value)


def _is_overload(node: FunctionNode) -> bool:
    """Return whether a definition only declares types of the one that follows."""
    return any(last_name(item) == "overload" for item in node.decorator_list)


def _item(value: ast.expr, index: int) -> ast.expr:
    """Return the expression `value[index]`, which stands where `value` stands."""
    place = ast.copy_location(ast.Constant(index), value)
    return ast.copy_location(ast.Subscript(value, place, ast.Load()), value)


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
"""The fields of each kind of node that hold nodes worth a visit."""

_SCOPES = frozenset(SCOPES)
_LEAVES = frozenset((ast.Name, ast.Constant))
_NO_NODES = frozenset(
    (
        *(
            "ctx",
            "op",
            "ops",
            "id",
            "attr",
            "arg",
            "name",
            "names",
            "module",
            "level",
            "asname",
            "kind",
            "type_comment",
        ),
        *("conversion", "is_async", "simple", "type_params", "rest", "cls", "kwd_attrs"),
    )
)
_VISITORS: dict[type[ast.AST], Callable[[Body, Any], None]] = {
    ast.Call: lambda body, node: body.calls.append(node),
    ast.Await: lambda body, node: body.awaits.append(node),
    ast.Return: lambda body, node: body.returns.append(node),
    ast.Raise: lambda body, node: body.raises.append(node),
    ast.Try: lambda body, node: body.tries.append(node),
    ast.Yield: lambda body, node: body.yields.append(node),
    ast.YieldFrom: lambda body, node: body.yields.append(node),
    ast.While: Body._while,
    ast.If: lambda body, node: body.tests.append(node.test),
    ast.IfExp: lambda body, node: body.tests.append(node.test),
    ast.BoolOp: lambda body, node: body.tests.append(node),
    ast.Match: lambda body, node: body.tests.append(node.subject),
    ast.For: Body._loop,
    ast.AsyncFor: Body._loop,
    ast.With: Body._with,
    ast.AsyncWith: Body._with,
    ast.Attribute: lambda body, node: body.attributes.append(node),
    ast.Subscript: lambda body, node: body.subscripts.append(node),
    ast.Import: lambda body, node: body.imports.append(node),
    ast.ImportFrom: lambda body, node: body.imports.append(node),
    ast.Assign: Body._assign,
    ast.AnnAssign: Body._annotate,
    ast.NamedExpr: Body._named,
    ast.Global: lambda body, node: body.globals.update(node.names),
    **dict.fromkeys(COMPREHENSIONS, Body._comprehension),
}
