"""What an import binds, also under another name."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.libraries import normal
from troubleshoot.code.inference.understanding import DEPTH, Understanding
from troubleshoot.code.inference.values import Scope, Value
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import last_name


class Imports(Understanding):
    """Follows imports from file to file."""

    def module_of(self, statement: ast.ImportFrom, module: Module) -> Value | None:
        """Return what stands behind `from`."""
        if not statement.level:
            found = self._import(statement.module or "", module.package)
            beside = self._beside(statement, module) if isinstance(found, str) else None
            return beside if beside is not None else found
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

    def _beside(self, statement: ast.ImportFrom, module: Module) -> Module | None:
        """Return the module beside that has all that is imported: a process may start in a folder that is a package.

        A name alone is a library's as well (`from celery import Celery` in a folder with a celery.py), but then the
        file does not define what is asked for.
        """
        dotted = statement.module or ""
        names = [item.name for item in statement.names]
        for depth in range(len(module.package), -1, -1) if "." not in dotted else ():
            stem = "/".join((*module.package[:depth], dotted))
            for path in (f"{stem}.py", f"{stem}/__init__.py"):
                target = self.files.module(path) if path in self.files.known and path != module.path else None
                if target is not None and all(self._has(target, name, stem) for name in names):
                    return target
        return None

    def _has(self, target: Module, name: str, stem: str) -> bool:
        """Return whether a module defines a name, or has a module of that name in it."""
        defined = name in target.functions or name in target.classes or name in target.body.assigned
        return defined or (
            target.path.endswith("/__init__.py")
            and not self.files.known.isdisjoint((f"{stem}/{name}.py", f"{stem}/{name}/__init__.py"))
        )

    def import_of(self, name: str, module: Module) -> tuple[ast.ImportFrom, str] | None:
        """Return the `from … import` that binds `name` at the top level of a module, and the name it has there."""
        statement, original = module.imports.get(name, (None, ""))
        return (statement, original) if isinstance(statement, ast.ImportFrom) else None

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


def _is_new_type(node: ast.expr) -> bool:
    return last_name(node) == "NewType"
