"""The order in which modules run each other when one is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import ancestors, nesting

LATER = re.compile(rb"^[ \t]+(?:from|import)[ \t]", re.MULTILINE)
"""An import that runs only when a function does, or that something is tried with."""
MOST_DEEP = 200
"""How many imports may lie inside each other."""


def is_for_type_checkers(statement: ast.stmt) -> bool:
    """Return whether a statement stands under `if TYPE_CHECKING:`."""
    for around, inside in nesting(statement):
        if isinstance(around, ast.If) and inside in around.body:
            return ast.unparse(around.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING")
    return False


def program_of(project: Project, module: Module) -> set[Module]:
    """Return what runs together with a module: all that it imports, all that leads to it, and what that imports.

    A repository may hold several programs, and what one of them has says nothing of the others; nor do its tests.
    """
    imports = {other: set(_imported(project, other)) for other in project.modules if not other.is_test}
    importers: dict[Module, set[Module]] = {}
    for other, asked in imports.items():
        for item in asked:
            importers.setdefault(item, set()).add(other)
    return _closure(imports, _closure(importers, {module}))


def _closure(leads: Mapping[Module, set[Module]], start: set[Module]) -> set[Module]:
    """Return all modules that some lead to, one after the other."""
    found, queue = set(start), list(start)
    while queue:
        new = leads.get(queue.pop(), set()) - found
        found |= new
        queue += new
    return found


def _imported(project: Project, module: Module) -> Iterator[Module]:
    nodes = ast.walk(module.tree) if LATER.search(module.data) else module.body.imports
    for statement in nodes:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, ast.Import):
            paths = [project.files.find(item.name, module.package) for item in statement.names]
            targets: list[object] = [project.files.module(path) for path in paths if path is not None]
        else:
            target = project.inference.module_of(statement, module)
            names = [project.value(ast.Name(item.asname or item.name), module) for item in statement.names]
            targets = [target, *names]
        yield from (item for item in targets if isinstance(item, Module))


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """An import that fails: the statement, where it stands, the name, and the unfinished module it is asked of."""

    module: Module
    statement: ast.ImportFrom
    name: str
    unfinished: Module


@dataclass(eq=False)
class Importing:
    """Runs the imports of modules in Python's order, up to the first that asks too much of an unfinished one."""

    project: Project
    settled: set[Module] = field(default_factory=set)
    """Modules that are in no cycle, nor lead into one: they can be imported from anywhere."""
    _at: dict[Module, int] = field(default_factory=dict)
    _done: set[Module] = field(default_factory=set)
    _lowest: int = MOST_DEEP

    def run(self, module: Module) -> Failure | None:
        """Import a module; what has been imported before is not run again."""
        if module in self._at:
            # A cycle, which reaches up to where the module stands.
            self._lowest = min(self._lowest, list(self._at).index(module))
            return None
        if module in self._done or module in self.settled or len(self._at) >= MOST_DEEP:
            return None
        for package in self._packages(module):
            failure = self.run(package) if package is not module else None
            if failure is not None:
                return failure
        if module in self._done or module in self._at:
            return None
        outer, self._lowest = self._lowest, MOST_DEEP
        self._at[module] = 0
        for statement in module.body.imports:
            self._at[module] = statement.lineno
            if is_for_type_checkers(statement) or _is_guarded(statement):
                continue
            failure = self._import(statement, module)
            if failure is not None:
                return failure
        del self._at[module]
        self._done.add(module)
        if self._lowest == MOST_DEEP:
            self.settled.add(module)
        self._lowest = min(outer, self._lowest)
        return None

    def _packages(self, module: Module) -> Iterator[Module]:
        """Yield the packages around a module, from the outside in."""
        folders = module.path.split("/")[: -2 if module.path.endswith("__init__.py") else -1]
        for index in range(len(folders)):
            path = "/".join([*folders[: index + 1], "__init__.py"])
            found = self.project.files.module(path) if path in self.project.files.known else None
            if found is not None:
                yield found

    def _import(self, statement: ast.Import | ast.ImportFrom, module: Module) -> Failure | None:
        if isinstance(statement, ast.Import):
            for item in statement.names:
                failure = self._run_dotted(item.name, module)
                if failure is not None:
                    return failure
            return None
        target = self.project.inference.module_of(statement, module)
        if not isinstance(target, Module):
            return None
        failure = self.run(target)
        for item in statement.names if failure is None else ():
            failure = failure or self._name(item.name, statement, module, target)
        return failure

    def _run_dotted(self, dotted: str, module: Module) -> Failure | None:
        path = self.project.files.find(dotted, module.package)
        target = self.project.files.module(path) if path is not None else None
        return self.run(target) if target is not None else None

    def _name(self, name: str, statement: ast.ImportFrom, module: Module, target: Module) -> Failure | None:
        """Take one name out of a module: it is there, or it is a module of the package, or the import fails."""
        if name == "*" or target is module:
            return None
        if target in self._at:
            if _is_bound(name, target, self._at[target]):
                return None
            if self._submodule(name, target) is None:
                return Failure(module, statement, name, target) if _is_bound(name, target, None) else None
        found = self._submodule(name, target)
        return self.run(found) if found is not None and not _is_bound(name, target, None) else None

    def _submodule(self, name: str, target: Module) -> Module | None:
        if not target.path.endswith("__init__.py"):
            return None
        folder = target.path[: -len("__init__.py")]
        for path in (f"{folder}{name}.py", f"{folder}{name}/__init__.py"):
            if path in self.project.files.known:
                return self.project.files.module(path)
        return None


def _is_guarded(statement: ast.stmt) -> bool:
    """Return whether a failing import is caught, or stands under a condition."""
    return any(isinstance(around, (ast.Try, ast.If)) for around in ancestors(statement))


def _is_bound(name: str, module: Module, before: int | None) -> bool:
    """Return whether a module binds a name, above a line or anywhere."""
    places = [value.lineno for value in module.body.assigned.get(name, ())]
    definition = module.functions.get(name) or module.classes.get(name)
    if definition is not None:
        places.append(definition.node.lineno)
    if name in module.body.annotated:
        places.append(0)
    imported = module.imports.get(name)
    if imported is not None:
        places.append(imported[0].lineno)
    return any(before is None or place < before for place in places)
