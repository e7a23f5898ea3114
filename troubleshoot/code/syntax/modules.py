"""The modules, classes and functions of a project.

Everything is computed when it is first asked for: most functions of a project are never looked into.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from troubleshoot.code.syntax.bodies import Body
from troubleshoot.code.syntax.nodes import FunctionNode, flat, walk
from troubleshoot.code.syntax.parsing import encoding_of

TESTS = re.compile(r"(?:.*/)?(?:tests?/.*|test_[^/]*|[^/]*_test\.py|conftest\.py)")


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
    def is_static(self) -> bool:
        """Whether it is a method that is not told what it is called on."""
        return any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in self.node.decorator_list)

    @property
    def is_classmethod(self) -> bool:
        """Whether it is a method that is told the class."""
        return any(isinstance(item, ast.Name) and item.id == "classmethod" for item in self.node.decorator_list)

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
    def tested(self) -> frozenset[str]:
        """The parameters that decide which of its branches run."""
        tested = {item.id for test in self.body.tests for item in walk(test) if isinstance(item, ast.Name)}
        return frozenset(item.name for item in self.params if item.name in tested)

    @cached_property
    def rebound(self) -> dict[str, list[ast.Name]]:
        """The places inside it at which a name is assigned anything, or deleted."""
        found: dict[str, list[ast.Name]] = {}
        for item in walk(self.node):
            if isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load):
                found.setdefault(item.id, []).append(item)
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that mean something of its own inside it: parameters, and what is assigned or imported."""
        body = self.body
        imported = (
            item.asname or item.name.partition(".")[0] for statement in body.imports for item in statement.names
        )
        bound = (item.name for item in self.params)
        return frozenset((*bound, *body.assigned, *body.entered, *body.looped, *body.nested, *imported)) - body.globals

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
            for item in flat(self.node.body)
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
            for item in flat(self.tree.body)
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes at the top level."""
        return {item.name: Class(item, self) for item in flat(self.tree.body) if isinstance(item, ast.ClassDef)}

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
    def is_test(self) -> bool:
        """Whether it is one of the project's tests: what their own little applications do, no client waits for."""
        return TESTS.fullmatch(self.path) is not None

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

    def comments_above(self, number: int) -> Iterator[str]:
        """Yield the lines of the comment that stands above a line, or above the one before it, from below."""
        passed = False
        for above in range(number - 1, 0, -1):
            text = self.line(above).strip()
            is_comment = text.startswith("#")
            if not text or (passed and not is_comment):
                return
            passed = True
            if is_comment:
                yield text


def _may_nest(node: FunctionNode) -> bool:
    return any(isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) for item in flat(node.body))
