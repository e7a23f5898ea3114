"""What a file says, before anybody asks what it means: modules, classes, functions and their bodies.

Everything is computed when it is first asked for: most functions of a project are never looked into.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from troubleshoot.code.parsing import encoding_of

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def parent(node: ast.AST) -> ast.AST | None:
    """Return the node around `node`, within the body that was walked."""
    return getattr(node, "parent", None)


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes around `node`, from the inside out, up to the function it stands in."""
    around = parent(node)
    while around is not None:
        yield around
        around = parent(around)


def text_of(node: ast.AST | None) -> str:
    """Return a string constant's value, or the empty string for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def short(node: ast.AST, limit: int = 60) -> str:
    """Return source for an expression on one line, cut to `limit` characters."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument, or None if it is not given."""
    return next((item.value for item in call.keywords if item.arg == name), None)


def argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    """Return the value of an argument given by position or by name, or None."""
    if index < len(call.args) and not any(isinstance(item, ast.Starred) for item in call.args[: index + 1]):
        return call.args[index]
    return keyword(call, name)


class Body:
    """One walk through a function's or a module's own statements; nested functions and classes are left out.

    The lists are in source order; `assigned` maps a name to the expressions assigned to it, `nested` to functions.
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
        self.comprehensions: list[ast.expr] = []
        self.attributes: list[ast.Attribute] = []
        self.subscripts: list[ast.Subscript] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.assigned: dict[str, list[ast.expr]] = defaultdict(list)
        self.annotated: dict[str, ast.expr] = {}
        self.annotated_attributes: dict[str, ast.expr] = {}
        self.stored_attributes: list[tuple[ast.Attribute, ast.expr]] = []
        self.entered: dict[str, ast.withitem] = {}
        self.looped: dict[str, ast.expr] = {}
        self.globals: set[str] = set()
        self.nested: dict[str, FunctionNode] = {}
        self.classes: dict[str, ast.ClassDef] = {}
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
            self.assigned[target.id].append(value)
        elif isinstance(target, ast.Attribute):
            self.stored_attributes.append((target, value))
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            for index, item in enumerate(target.elts):
                if index < len(values) and len(values) == len(target.elts):
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
        self.assigned[node.target.id].append(node.value)


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
    ast.While: lambda body, node: body.loops.append(node),
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


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    """A parameter of a function."""

    name: str
    annotation: ast.expr | None
    default: ast.expr | None
    kind: str


@dataclass(eq=False)
class Function:
    """A function or method of the project; `owner` is its class, `outer` the function it is defined in."""

    node: FunctionNode
    module: Module
    owner: Class | None = None
    outer: Function | None = None

    @property
    def name(self) -> str:
        """The name alone."""
        return self.node.name

    @cached_property
    def qualname(self) -> str:
        """The name with the classes and functions around it, as a traceback has it, without `<locals>`."""
        around = self.owner.name if self.owner else self.outer.qualname if self.outer else ""
        return f"{around}.{self.name}" if around else self.name

    @property
    def is_async(self) -> bool:
        """Whether it is declared `async def`."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def is_generator(self) -> bool:
        """Whether it has a `yield` of its own."""
        return bool(self.body.yields)

    @cached_property
    def body(self) -> Body:
        """What its own statements contain."""
        return Body(self.node.body, deferred=False)

    @cached_property
    def params(self) -> list[Param]:
        """Its parameters, in order."""
        arguments = self.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        padding: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        found = [
            Param(item.arg, item.annotation, default, "positional")
            for item, default in zip(positional, [*padding, *arguments.defaults], strict=True)
        ]
        if arguments.vararg:
            found.append(Param(arguments.vararg.arg, arguments.vararg.annotation, None, "args"))
        found += [
            Param(item.arg, item.annotation, default, "keyword")
            for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ]
        if arguments.kwarg:
            found.append(Param(arguments.kwarg.arg, arguments.kwarg.annotation, None, "kwargs"))
        return found

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions defined directly inside it."""
        return {name: Function(node, self.module, None, self) for name, node in self.body.nested.items()}

    def __repr__(self) -> str:
        return f"<{self.module.path}:{self.node.lineno} {self.qualname}>"


@dataclass(eq=False)
class Class:
    """A class of the project."""

    node: ast.ClassDef
    module: Module

    @property
    def name(self) -> str:
        """The name alone."""
        return self.node.name

    @cached_property
    def methods(self) -> dict[str, Function]:
        """Its own methods; of several with one name the last, as Python has it."""
        return {function.name: function for function in self.all_methods}

    @cached_property
    def all_methods(self) -> list[Function]:
        """Its own methods, also those that a later one of the same name replaces."""
        return [
            Function(item, self.module, self)
            for item in _flat(self.node.body)
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]

    @cached_property
    def body(self) -> Body:
        """What the class statement itself contains."""
        return Body(self.node.body, deferred=True)

    @cached_property
    def attributes(self) -> dict[str, tuple[ast.expr, Function | None]]:
        """What is assigned to `self.NAME`, and where; else what the class assigns to NAME."""
        found: dict[str, tuple[ast.expr, Function | None]] = {
            name: (values[-1], None) for name, values in self.body.assigned.items()
        }
        for method in self.methods.values():
            me = method.params[0].name if method.params else ""
            for target, value in method.body.stored_attributes:
                if isinstance(target.value, ast.Name) and target.value.id == me:
                    known = found.get(target.attr)
                    # None is a place kept, not a value.
                    if known is None or (isinstance(known[0], ast.Constant) and known[0].value is None):
                        found[target.attr] = (value, method)
        return found

    @cached_property
    def annotations(self) -> dict[str, ast.expr]:
        """The annotations of attributes, in the class statement or at `self.NAME`."""
        found = dict(self.body.annotated)
        for method in self.methods.values():
            found.update(method.body.annotated_attributes)
        return found

    def __repr__(self) -> str:
        return f"<{self.module.path}:{self.node.lineno} {self.name}>"


@dataclass(eq=False)
class Module:
    """A file of the project; `path` is relative to the scanned root, `name` the dotted form of it."""

    path: str
    data: bytes = field(repr=False)
    tree: ast.Module = field(repr=False)

    @cached_property
    def package(self) -> tuple[str, ...]:
        """The parts of the folder's path: what a relative import starts from."""
        return tuple(self.path.split("/")[:-1])

    @cached_property
    def body(self) -> Body:
        """What runs when the module is imported."""
        return Body(self.tree.body, deferred=False)

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions at the top level; of several with one name the last."""
        return {function.name: function for function in self.top_level}

    @cached_property
    def top_level(self) -> list[Function]:
        """The functions at the top level, in order."""
        return [
            Function(item, self)
            for item in _flat(self.tree.body)
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes at the top level."""
        return {item.name: Class(item, self) for item in _flat(self.tree.body) if isinstance(item, ast.ClassDef)}

    @cached_property
    def all_functions(self) -> list[Function]:
        """Every function of the file, methods and nested ones included."""
        found: list[Function] = []
        queue = [*self.top_level, *(item for value in self.classes.values() for item in value.all_methods)]
        while queue:
            function = queue.pop(0)
            found.append(function)
            if _may_nest(function.node):
                queue += function.functions.values()
        return found

    @cached_property
    def imports(self) -> dict[str, tuple[ast.Import | ast.ImportFrom, str]]:
        """The statement that binds a name at the top level, and what the name is where it comes from."""
        found: dict[str, tuple[ast.Import | ast.ImportFrom, str]] = {}
        for statement in self.body.imports:
            for item in statement.names:
                bound = item.asname or (item.name if isinstance(statement, ast.ImportFrom) else item.name.split(".")[0])
                found.setdefault(bound, (statement, item.name))
        return found

    @cached_property
    def _mentioned(self) -> dict[bytes, bool]:
        return {}

    def mentions(self, word: bytes) -> bool:
        """Return whether the file holds `word` anywhere; the cheap test before a closer look."""
        known = self._mentioned.get(word)
        if known is None:
            known = self._mentioned[word] = word in self.data
        return known

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines of the file, without their ends."""
        return self.data.splitlines()

    @cached_property
    def _encoding(self) -> str:
        return encoding_of(self.data)

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1."""
        lines = self.lines
        line = lines[number - 1] if 0 < number <= len(lines) else b""
        try:
            return line.decode(self._encoding, "replace")
        except (ValueError, LookupError):
            # An encoding that Python reads, but not piece by piece.
            return line.decode("utf-8", "replace")


def _may_nest(node: FunctionNode) -> bool:
    return any(isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) for item in _flat(node.body))


def _flat(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and those in the blocks of `if`, `try`, `with` and loops among them."""
    for statement in statements:
        yield statement
        for name in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(statement, (ast.If, ast.Try, ast.With, ast.AsyncWith, ast.For, ast.While, ast.AsyncFor)):
                for item in getattr(statement, name, ()):
                    yield from _flat(item.body) if isinstance(item, ast.ExceptHandler) else _flat([item])
