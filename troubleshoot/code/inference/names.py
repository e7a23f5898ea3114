"""What a name is: in a function, around it, or at the top of its module."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from troubleshoot.code.inference.branches import running
from troubleshoot.code.inference.calls import Calls
from troubleshoot.code.inference.libraries import normal
from troubleshoot.code.inference.narrowing import narrowed, tested_names
from troubleshoot.code.inference.values import Constant, Elements, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function, Module

_BUILTINS = frozenset(dir(builtins))


@dataclass(eq=False)
class Names(Calls):
    """Finds out what a name is bound to."""

    _names: dict[tuple[int, str], Value | None] = field(default_factory=dict)
    _tested_names: dict[Function, frozenset[str]] = field(default_factory=dict)

    def _name(self, node: ast.Name, scope: Scope) -> Value | None:
        function = scope.function
        while function is not None:
            found, value = self._local(node.id, function, scope)
            if found:
                return self.narrowed(node, value, scope)
            function = function.outer
        return self.narrowed(node, self.global_name(node.id, scope.module), scope)

    def narrowed(self, node: ast.Name | ast.Attribute, value: Value | None, scope: Scope) -> Value | None:
        """Return what something is where `isinstance` has told it apart: one of a type, or none of what it may be."""
        function = scope.function
        if function is None or not function.module.mentions(b"isinstance"):
            return value
        tested = self._tested(function)
        if not tested or ast.unparse(node) not in tested:
            return value
        for types, holds in narrowed(node, function.body):
            several = types.elts if isinstance(types, ast.Tuple) else [types]
            known = [item for item in (self.annotation(item, scope) for item in several) if item is not None]
            if holds and known:
                return value if any(self.is_kind(value, item) for item in known) else known[0]
            if not holds and any(self.is_kind(value, item) for item in known):
                return None
        return value

    def _tested(self, function: Function) -> frozenset[str]:
        if function not in self._tested_names:
            self._tested_names[function] = tested_names(function.body)
        return self._tested_names[function]

    def _local(self, name: str, function: Function, scope: Scope) -> tuple[bool, Value | None]:
        """Return whether `name` belongs to `function`, and what it is."""
        body = function.body
        here = scope if scope.function is function else Scope.of(function)
        if name in body.globals:
            return False, None
        for param in function.params:
            if param.name == name:
                given = here.bound.get(name)
                value = self.parameter(param, function) if given is None or isinstance(given, Constant) else given
                if value is None and name in body.assigned:
                    value = self._first(running(body.assigned[name], here), here)
                return True, value
        if name in body.annotated and (value := self.annotation(body.annotated[name], here)):
            return True, value
        if name in body.assigned:
            return True, self._first(running(body.assigned[name], here), here)
        if name in body.entered:
            return True, self.entered(body.entered[name].context_expr, here)
        if name in body.looped:
            over = self.value(body.looped[name], here)
            return True, over.of if isinstance(over, Elements) and not over.by_key else None
        if name in body.nested:
            return True, function.functions[name]
        if name in body.classes:
            return True, Class(body.classes[name], function.module)
        for statement in body.imports:
            imported = self._imported(statement, name, function.module)
            if imported is not None:
                return True, imported
        return False, None

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
                given = function.body.assigned.get(name, []) if name in function.body.globals else []
                if value := self._first(given, scope):
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
