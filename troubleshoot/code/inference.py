"""What an expression is: a function or class of the project, an instance of one, or a library's qualified name.

Flow is not followed: of several assignments the first that can be understood counts. What cannot be understood is None.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from troubleshoot.code.files import Files
from troubleshoot.code.libraries import normal
from troubleshoot.code.syntax import Class, Function, Module, Param, keyword, text_of

DEPTH = 24
"""How far one expression is followed into others."""

DEPENDS = ("fastapi.Depends", "fastapi.Security")
TRANSPARENT = {"typing.Annotated", "typing_extensions.Annotated", "typing.Optional", "typing.Final", "typing.ClassVar"}
CONTAINERS = {"list", "set", "frozenset", "tuple", "dict", "defaultdict", "deque", "WeakSet", "Sequence", "Mapping"}
CONTAINERS |= {"List", "Set", "Tuple", "Dict", "DefaultDict", "Deque", "Iterable", "MutableMapping", "Collection"}
YIELDING = {"Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "AsyncIterable"}
SAME_ELEMENTS = {"list", "set", "tuple", "sorted", "reversed", "frozenset", "iter"}


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the project."""

    of: Class


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of the project, taken from an object."""

    function: Function
    to: Instance | Class


@dataclass(frozen=True, slots=True)
class Elements:
    """Something that holds or yields values of one kind."""

    of: Value


Value = str | Function | Class | Module | Instance | Bound | Elements


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands; `bound` has the values of parameters that the caller knows."""

    module: Module
    function: Function | None = None
    bound: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, function: Function) -> Scope:
        """Return the scope inside a function."""
        return cls(function.module, function)


@dataclass(eq=False)
class Inference:
    """Understands expressions of one project, each at most once."""

    files: Files
    _known: dict[tuple[int, int, int], Value | None] = field(default_factory=dict)
    _names: dict[tuple[int, str], Value | None] = field(default_factory=dict)
    _params: dict[Param, Value | None] = field(default_factory=dict)
    _annotations: dict[tuple[int, int], Value | None] = field(default_factory=dict)
    _results: dict[tuple[Function, int], Value | None] = field(default_factory=dict)
    _bindings: dict[frozenset[tuple[str, Value]], Mapping[str, Value]] = field(default_factory=dict)
    _quoted: dict[int, ast.expr | None] = field(default_factory=dict)
    _depth: int = 0

    def value(self, node: ast.expr | None, scope: Scope) -> Value | None:
        """Return what `node` is, or None."""
        if node is None:
            return None
        read = _READERS.get(type(node))
        if read is None or self._depth > DEPTH:
            return None
        key = (id(node), id(scope.function or scope.module), id(scope.bound) if scope.bound else 0)
        if key not in self._known:
            # While it is being found out it is unknown, which ends `x = f(x)`.
            self._known[key] = None
            self._known[key] = self._guarded(read, node, scope)
        return self._known[key]

    def _guarded(self, read: Callable[..., Value | None], node: ast.expr, scope: Scope) -> Value | None:
        self._depth += 1
        try:
            return read(self, node, scope)
        except RecursionError:
            raise
        except Exception as error:
            self.files.failed(error, f"{scope.module.path}:{node.lineno}", "understanding an expression")
            return None
        finally:
            self._depth -= 1

    def path(self, node: ast.expr | None, scope: Scope) -> str:
        """Return the library's qualified name that `node` is, or the empty string."""
        value = self.value(node, scope)
        return value if isinstance(value, str) else ""

    # Names

    def _name(self, node: ast.Name, scope: Scope) -> Value | None:
        function = scope.function
        while function is not None:
            found, value = self._local(node.id, function, scope)
            if found:
                return value
            function = function.outer
        return self.global_name(node.id, scope.module)

    def _local(self, name: str, function: Function, scope: Scope) -> tuple[bool, Value | None]:
        """Return whether `name` belongs to `function`, and what it is."""
        body = function.body
        here = scope if scope.function is function else Scope.of(function)
        if name in body.globals:
            return False, None
        for param in function.params:
            if param.name == name:
                value = here.bound.get(name) or self.parameter(param, function)
                if value is None and name in body.assigned:
                    value = self._first(body.assigned[name], here)
                return True, value
        if name in body.annotated and (value := self.annotation(body.annotated[name], here)):
            return True, value
        if name in body.assigned:
            return True, self._first(body.assigned[name], here)
        if name in body.entered:
            return True, self.entered(body.entered[name].context_expr, here)
        if name in body.looped:
            over = self.value(body.looped[name], here)
            return True, over.of if isinstance(over, Elements) else None
        if name in body.nested:
            return True, function.functions[name]
        if name in body.classes:
            return True, Class(body.classes[name], function.module)
        for statement in body.imports:
            imported = self._imported(statement, name, function.module)
            if imported is not None:
                return True, imported
        return False, None

    def _first(self, nodes: list[ast.expr], scope: Scope) -> Value | None:
        for node in nodes:
            value = self.value(node, scope)
            if value is not None:
                return value
        return None

    def parameter(self, param: Param, function: Function) -> Value | None:
        """Return what a parameter receives: from its annotation, its dependency, or the object it is called on."""
        if param not in self._params:
            self._params[param] = None
            self._params[param] = self._parameter(param, function)
        return self._params[param]

    def _parameter(self, param: Param, function: Function) -> Value | None:
        scope = Scope.of(function)
        if function.owner is not None and function.params and param is function.params[0]:
            decorators = {item.id for item in function.node.decorator_list if isinstance(item, ast.Name)}
            if "classmethod" in decorators:
                return function.owner
            if "staticmethod" not in decorators:
                return Instance(function.owner)
        # Annotations are read where the function is defined.
        outside = Scope(function.module, function.outer)
        if param.annotation is not None and (value := self.annotation(param.annotation, outside)):
            return value
        if param.default is None:
            return None
        injected = self.dependency(param.default, outside)
        if injected is not None:
            return self.injected(injected)
        value = self.value(param.default, scope)
        return None if isinstance(value, (Function, Class, Module)) else value

    def dependency(self, node: ast.expr, scope: Scope) -> Value | None:
        """Return the callable in `Depends(callable)`; None if `node` is something else."""
        if isinstance(node, ast.Call) and self.path(node.func, scope) in DEPENDS:
            called = node.args[0] if node.args else keyword(node, "dependency")
            return self.value(called, scope)
        return None

    def injected(self, dependency: Value) -> Value | None:
        """Return what FastAPI passes on from a dependency: what it returns, or yields."""
        result = self.result(dependency)
        return result.of if isinstance(result, Elements) else result

    def global_name(self, name: str, module: Module) -> Value | None:
        """Return what `name` is at the top level of `module`."""
        key = (id(module), name)
        if key not in self._names:
            self._names[key] = None
            self._names[key] = self._global(name, module)
        return self._names[key]

    def _global(self, name: str, module: Module) -> Value | None:
        scope = Scope(module)
        if name in module.functions:
            return module.functions[name]
        if name in module.classes:
            return module.classes[name]
        body = module.body
        if name in body.annotated and (value := self.annotation(body.annotated[name], scope)):
            return value
        if name in body.assigned and (value := self._first(body.assigned[name], scope)):
            return value
        if name in body.entered:
            return self.entered(body.entered[name].context_expr, scope)
        if name in module.imports:
            return self._imported(module.imports[name][0], name, module)
        if f"global {name}".encode() in module.data:
            for function in module.all_functions:
                if name in function.body.globals and (value := self._first(function.body.assigned[name], scope)):
                    return value
        starred = [item for item in body.imports if isinstance(item, ast.ImportFrom) and item.names[0].name == "*"]
        for statement in starred:
            target = self.module_of(statement, module)
            if isinstance(target, Module) and target is not module and (value := self.global_name(name, target)):
                return value
            if isinstance(target, str) and not target.startswith("."):
                return normal(f"{target}.{name}")
        return f"builtins.{name}" if name in _BUILTINS else None

    def _imported(self, statement: ast.Import | ast.ImportFrom, name: str, module: Module) -> Value | None:
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                bound = alias.asname or alias.name.partition(".")[0]
                if bound == name:
                    return self._import(alias.name if alias.asname else bound, module.package)
            elif (alias.asname or alias.name) == name:
                target = self.module_of(statement, module)
                return self.member(target, alias.name) if target is not None else None
        return None

    def module_of(self, statement: ast.ImportFrom, module: Module) -> Value | None:
        """Return what stands behind `from`."""
        if not statement.level:
            return self._import(statement.module or "", module.package)
        parts = module.package[: len(module.package) - statement.level + 1]
        path = "/".join([*parts, *(statement.module or "").split(".")]).strip("/")
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate in self.files.known:
                return self.files.module(candidate)
        return f".{path}"

    def _import(self, dotted: str, package: tuple[str, ...]) -> Value | None:
        path = self.files.find(dotted, package)
        if path is not None and (module := self.files.module(path)) is not None:
            return module
        return normal(dotted)

    # Attributes

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value | None:
        base = self.value(node.value, scope)
        return self.member(base, node.attr) if base is not None else None

    def member(self, base: Value, name: str) -> Value | None:
        """Return what `base.name` is."""
        match base:
            case str():
                return normal(f"{base}.{name}")
            case Module():
                value = self.global_name(name, base)
                if value is None or value == f"builtins.{name}":
                    stem = base.path[:-12] if base.path.endswith("/__init__.py") else ""
                    for candidate in (f"{stem}/{name}.py", f"{stem}/{name}/__init__.py"):
                        if stem and candidate in self.files.known:
                            return self.files.module(candidate)
                return value
            case Class():
                method = self.method(base, name)
                if isinstance(method, Function):
                    return Bound(method, base)
                return method or self.attribute(base, name)
            case Instance(of=cls):
                method = self.method(cls, name)
                if isinstance(method, Function):
                    if _is_property(method):
                        return self.result(Bound(method, base))
                    return Bound(method, base)
                return self.attribute(cls, name) or method
            case Elements():
                return base if name in ("values", "copy", "items") else base.of if name in ("get", "pop") else None
            case _:
                return None

    def method(self, cls: Class, name: str, seen: int = 0) -> Function | str | None:
        """Return a method, own or inherited; of a library's base class its qualified name."""
        if name in cls.methods:
            return cls.methods[name]
        library = ""
        for base in self.bases(cls) if seen < DEPTH else ():
            if isinstance(base, Class):
                found = self.method(base, name, seen + 1)
                if isinstance(found, Function):
                    return found
                library = library or found or ""
            elif isinstance(base, str) and not library:
                library = normal(f"{normal(f'{base}()')}.{name}")
        return library or None

    def bases(self, cls: Class) -> list[Value]:
        """Return the base classes that are understood."""
        nodes = [base.value if isinstance(base, ast.Subscript) else base for base in cls.node.bases]
        return [value for value in (self.value(node, Scope(cls.module)) for node in nodes) if value is not None]

    def is_a(self, cls: Class, path: str, seen: int = 0) -> bool:
        """Return whether a class derives from a library's class."""
        return seen < DEPTH and any(
            base == path or (isinstance(base, Class) and self.is_a(base, path, seen + 1)) for base in self.bases(cls)
        )

    def attribute(self, cls: Class, name: str) -> Value | None:
        """Return what an attribute of an instance holds."""
        for holder in [cls, *(base for base in self.bases(cls) if isinstance(base, Class))]:
            if name in holder.annotations and (
                value := self.annotation(holder.annotations[name], Scope(holder.module))
            ):
                return value
            if name in holder.attributes:
                node, method = holder.attributes[name]
                return self.value(node, Scope.of(method) if method else Scope(holder.module))
        return None

    # Calls

    def _call(self, node: ast.Call, scope: Scope) -> Value | None:
        called = self.value(node.func, scope)
        if called is None:
            return None
        if isinstance(called, str):
            return self._library_call(called, node, scope)
        return self.result(called, self.bindings(called, node, scope))

    def _library_call(self, called: str, node: ast.Call, scope: Scope) -> Value | None:
        name = called.removeprefix("builtins.")
        if name in SAME_ELEMENTS and name != called and node.args:
            return self.value(node.args[0], scope)
        if name == "super" and scope.function is not None and scope.function.owner is not None:
            bases = self.bases(scope.function.owner)
            first = bases[0] if bases else None
            return Instance(first) if isinstance(first, Class) else f"{first}()" if isinstance(first, str) else None
        if called.endswith(".sessionmaker") or called == "sqlalchemy.orm.sessionmaker":
            made = keyword(node, "class_") or (node.args[1] if len(node.args) > 1 else None)
            if made is not None and "Async" in ast.unparse(made):
                return "sqlalchemy.ext.asyncio.async_sessionmaker()"
        if called == "functools.partial" and node.args:
            return self.value(node.args[0], scope)
        return normal(f"{called}()")

    def bindings(self, called: Value, node: ast.Call, scope: Scope) -> Mapping[str, Value]:
        """Return what the parameters of `called` receive that their own declaration does not tell."""
        function = called.function if isinstance(called, Bound) else called
        if isinstance(function, Class):
            found = self.method(function, "__init__")
            if not isinstance(found, Function):
                return {}
            function = found
        if not isinstance(function, Function):
            return {}
        skip = 1 if function.owner is not None and function is not called else 0
        bound: dict[str, Value] = {}
        params = [param for param in function.params if param.kind == "positional"][skip:]
        for index, param in enumerate(params):
            if param.annotation is not None and self.parameter(param, function) is not None:
                continue
            given = node.args[index] if index < len(node.args) else keyword(node, param.name)
            if given is not None and not isinstance(given, ast.Starred):
                value = self.value(given, scope)
                if value is not None:
                    bound[param.name] = value
        # The same bindings are the same object, for whoever remembers what they lead to.
        return self._bindings.setdefault(frozenset(bound.items()), bound)

    def result(self, called: Value, bound: Mapping[str, Value] | None = None) -> Value | None:
        """Return what calling `called` gives, awaited if need be."""
        match called:
            case str():
                return normal(f"{called}()")
            case Class():
                return Instance(called)
            case Instance(of=cls):
                call = self.method(cls, "__call__")
                if isinstance(call, Function):
                    return self.result(Bound(call, called), bound)
                return normal(f"{call}()") if call else None
            case Bound(function=function, to=to) if _returns_self(function):
                return Instance(to) if isinstance(to, Class) else to
            case Bound(function=function):
                return self.result(function, bound)
            case Function():
                return self._returned(called, bound or {})
            case _:
                return None

    def _returned(self, function: Function, bound: Mapping[str, Value]) -> Value | None:
        key = (function, id(bound) if bound else 0)
        if key not in self._results and self._depth <= DEPTH:
            self._results[key] = None
            self._results[key] = self._return_value(function, bound)
        return self._results.get(key)

    def _return_value(self, function: Function, bound: Mapping[str, Value]) -> Value | None:
        if function.node.returns is not None:
            value = self.annotation(function.node.returns, Scope(function.module, function.outer))
            if value is not None:
                return value
        scope = Scope(function.module, function, bound)
        self._depth += 1
        try:
            if function.is_generator:
                for item in function.body.yields:
                    value = self.value(item.value, scope)
                    if value is not None:
                        return Elements(value)
                return None
            for statement in function.body.returns:
                value = self.value(statement.value, scope)
                if value is not None:
                    return value
        finally:
            self._depth -= 1
        return None

    def entered(self, node: ast.expr, scope: Scope) -> Value | None:
        """Return what `with node as …` gives."""
        value = self.value(node, scope)
        if isinstance(value, Elements):
            return value.of
        if isinstance(value, Instance):
            for name in ("__aenter__", "__enter__"):
                method = self.method(value.of, name)
                if isinstance(method, Function):
                    return self.result(Bound(method, value)) or value
        return value

    # Other expressions

    def _await(self, node: ast.Await, scope: Scope) -> Value | None:
        return self.value(node.value, scope)

    def _either(self, node: ast.BoolOp | ast.IfExp, scope: Scope) -> Value | None:
        return self._first(node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse], scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Value | None:
        return self.value(node.value, scope)

    def _display(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value | None:
        value = self._first(node.elts, scope)
        return Elements(value) if value is not None else None

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value | None:
        base = self.value(node.value, scope)
        if isinstance(base, Elements):
            return base if isinstance(node.slice, ast.Slice) else base.of
        if isinstance(base, Class) or (isinstance(base, str) and base in TRANSPARENT):
            return base
        return normal(f"{base}[]") if isinstance(base, str) else None

    # Annotations

    def annotation(self, node: ast.expr, scope: Scope) -> Value | None:
        """Return what a value annotated with `node` is."""
        if self._depth > DEPTH:
            return None
        key = (id(node), id(scope.function or scope.module))
        if key not in self._annotations:
            self._annotations[key] = None
            self._annotations[key] = self._guarded(Inference._annotation, node, scope)
        return self._annotations[key]

    def _annotation(self, node: ast.expr, scope: Scope) -> Value | None:
        if text := text_of(node):
            quoted = self._unquoted(node, text)
            return self.annotation(quoted, scope) if quoted is not None else None
        if isinstance(node, ast.BinOp):
            return self.annotation(node.left, scope) or self.annotation(node.right, scope)
        if isinstance(node, ast.Subscript):
            return self._generic(node, scope)
        if isinstance(node, ast.Name) and (alias := self.alias(node.id, scope)) is not None:
            return self.annotation(*alias)
        value = self.value(node, scope)
        if isinstance(value, str):
            return None if value.startswith(("builtins.", "typing.")) else normal(f"{value}()")
        return Instance(value) if isinstance(value, Class) else None

    def _unquoted(self, node: ast.expr, text: str) -> ast.expr | None:
        """Return the expression in an annotation written as a string, kept because nodes are known by identity."""
        if id(node) not in self._quoted:
            try:
                self._quoted[id(node)] = ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._quoted[id(node)] = None
        return self._quoted[id(node)]

    def _generic(self, node: ast.Subscript, scope: Scope) -> Value | None:
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not inside:
            return None
        if name in ("Annotated", "Optional", "Final", "ClassVar", "Awaitable"):
            value = self.annotation(inside[0], scope)
            if value is None and name == "Annotated":
                found = [self.dependency(item, scope) for item in inside[1:]]
                value = next((self.injected(item) for item in found if item is not None), None)
            return value
        if name == "Union":
            return next((value for value in (self.annotation(item, scope) for item in inside) if value), None)
        if name in CONTAINERS or name in YIELDING:
            # dict[str, X] holds X; Generator[X, None, None] yields X.
            value = self.annotation(inside[0] if name in YIELDING else inside[-1], scope)
            return Elements(value) if value is not None else None
        return self.annotation(node.value, scope)

    def alias(self, name: str, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """Return the annotation that a type alias stands for (`SessionDep = Annotated[…]`), and where it is read."""
        module = scope.module
        for _ in range(DEPTH):
            assigned = module.body.assigned.get(name)
            if assigned:
                stands_for = assigned[-1]
                if isinstance(stands_for, ast.Call) and len(stands_for.args) == 2 and _is_new_type(stands_for.func):
                    stands_for = stands_for.args[1]
                    return None if isinstance(stands_for, ast.Constant) else (stands_for, Scope(module))
                return (stands_for, Scope(module)) if isinstance(stands_for, (ast.Subscript, ast.BinOp)) else None
            imported = self.import_of(name, module)
            target = self.module_of(imported[0], module) if imported is not None else None
            if imported is None or not isinstance(target, Module):
                return None
            module, name = target, imported[1]
        return None

    def import_of(self, name: str, module: Module) -> tuple[ast.ImportFrom, str] | None:
        """Return the `from … import` that binds `name` at the top level of a module, and the name it has there."""
        statement, original = module.imports.get(name, (None, ""))
        return (statement, original) if isinstance(statement, ast.ImportFrom) else None


def _is_new_type(node: ast.expr) -> bool:
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "NewType"


def _returns_self(function: Function) -> bool:
    """Return whether a method returns the object, or an object of the class, that it is called on."""
    returns = function.node.returns
    if function.is_generator or not function.params:
        return False
    if returns is not None:
        return (text_of(returns) or ast.unparse(returns)).rpartition(".")[2] == "Self"
    values = [statement.value for statement in function.body.returns]
    made = [value.func if isinstance(value, ast.Call) else value for value in values]
    name = "cls" if any(isinstance(value, ast.Call) for value in values) else "self"
    return bool(made) and all(isinstance(item, ast.Name) and item.id == name for item in made)


def _is_property(function: Function) -> bool:
    names = {
        item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "")
        for item in function.node.decorator_list
    }
    return bool(names & {"property", "cached_property"})


_BUILTINS = frozenset(dir(builtins))
_READERS: dict[type[ast.expr], Callable[..., Value | None]] = {
    ast.Name: Inference._name,
    ast.Attribute: Inference._attribute,
    ast.Call: Inference._call,
    ast.Await: Inference._await,
    ast.BoolOp: Inference._either,
    ast.IfExp: Inference._either,
    ast.NamedExpr: Inference._walrus,
    ast.Subscript: Inference._subscript,
    ast.List: Inference._display,
    ast.Tuple: Inference._display,
    ast.Set: Inference._display,
}
