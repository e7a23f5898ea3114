"""Where an import goes: into a statement that is there, else beside its like, in the file's own style."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.libraries import normal
from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.texts import LONGEST_LINE, SourceText, last_line

WHOLE = frozenset(("asyncio", "contextlib", "json", "logging", "os", "shutil", "tempfile", "time", "uuid"))
"""Modules that people import whole, to call `asyncio.to_thread` by that name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object that is to be imported: `name` from `module`, or, without a name, the module itself."""

    module: str
    name: str
    spelled: str

    @classmethod
    def of(cls, qualified: str, alias: str = "") -> Wanted:
        """Take `package.module.name`, or `.module.name` of the same package, apart as people would import it.

        With an `alias` it is imported by that.
        """
        module, _, name = qualified.rpartition(".")
        if not module:
            return cls(name, "", name)
        if alias:
            return cls(module, f"{name} as {alias}", alias)
        if module in WHOLE:
            return cls(module, "", qualified)
        return cls(module, name, name)

    @property
    def bound(self) -> str:
        """The name that the import binds."""
        return self.spelled if self.name else self.module.partition(".")[0]


def known_as(module: Module, qualified: str) -> str:
    """Return what an object is called in a module that has imported it, or its module, at the top; else nothing."""
    around, _, name = qualified.rpartition(".")
    for statement in _top_imports(module):
        for item in statement.names:
            if isinstance(statement, ast.ImportFrom):
                origin = f"{statement.module}.{item.name}" if statement.module else item.name
                origin = "." * statement.level + origin
                if origin == qualified:
                    return item.asname or item.name
                if origin == around and around:
                    return f"{item.asname or item.name}.{name}"
            elif item.name == around and around:
                return f"{item.asname or item.name}.{name}"
            elif item.name == qualified:
                return item.asname or item.name
    return ""


def known_otherwise(module: Module, qualified: str, inference: Inference) -> str:
    """Return what an object is called that is imported from elsewhere, as `HTTPException` of `fastapi.exceptions`."""
    for statement in _top_imports(module):
        for item in statement.names if isinstance(statement, ast.ImportFrom) else ():
            bound = item.asname or item.name
            if inference.global_name(bound, module) == normal(qualified):
                return bound
    return ""


def is_bound(module: Module, name: str) -> bool:
    """Return whether a name stands for something at the top of a module."""
    return any(name in names for names in (module.imports, module.functions, module.classes, module.body.assigned))


def import_edits(source: SourceText, wanted: Sequence[Wanted]) -> Iterator[tuple[int, int, str]]:
    """Yield what to put where (start, end, text) so that a file imports what is wanted."""
    into: dict[ast.ImportFrom, list[str]] = {}
    new: dict[str, list[str]] = {}
    for item in wanted:
        statement = _statement_from(source, item.module) if item.name else None
        if statement is not None:
            into.setdefault(statement, []).append(item.name)
        else:
            new.setdefault(item.module, []).extend([item.name] if item.name else [])
    for statement, names in into.items():
        yield _extended(source, statement, names)
    together: dict[tuple[int, str, str, int], list[str]] = {}
    for module, names in sorted(new.items(), key=lambda item: (bool(item[1]), item[0])):
        line = f"from {module} import {', '.join(sorted(names))}" if names else f"import {module}"
        place = _place(source, module, is_from=bool(names))
        together.setdefault((*place, _kind(module)), []).append(line)
    for (position, before, behind, _), lines in together.items():
        yield position, position, f"{before}{source.newline.join(lines)}{behind}"


def _top_imports(module: Module) -> list[ast.Import | ast.ImportFrom]:
    """Return the imports that always run when the module does."""
    return [item for item in module.tree.body if isinstance(item, (ast.Import, ast.ImportFrom))]


def _statement_from(source: SourceText, module: str) -> ast.ImportFrom | None:
    for item in _top_imports(source.module):
        if isinstance(item, ast.ImportFrom) and _module_of(item) == module and item.names[0].name != "*":
            return item if source.is_alone(item) else None
    return None


def _extended(source: SourceText, statement: ast.ImportFrom, names: Sequence[str]) -> tuple[int, int, str]:
    """Return the edit that adds names to a statement: sorted in if it is sorted, else at its end."""
    start, end = source.span(statement)
    text = source.text[start:end]
    present = [source.of(item) for item in statement.names]
    together = list(present)
    for name in names:
        index = len(together)
        key = _sorted_by([item.split()[0] for item in together])
        if key is not None:
            index = next((at for at, item in enumerate(together) if key(item.split()[0]) > key(name)), index)
        together.insert(index, name)
    if "#" in text:
        # A comment inside stays where it is: the names go behind the last one.
        _, behind = source.span(statement.names[-1])
        return behind, behind, "".join(f", {name}" for name in names)
    head = text[: text.index("import") + len("import")]
    if "(" in text and len({item.lineno for item in statement.names}) > 1:
        comma = "," if text.rstrip(")").rstrip().endswith(",") else ""
        lines = f",{source.newline}{_indent_inside(source, statement)}".join(together)
        opening = f"({source.newline}{_indent_inside(source, statement)}"
        return start, end, f"{head} {opening}{lines}{comma}{source.newline})"
    line = f"{head} {', '.join(together)}"
    if "(" in text:
        line = f"{head} ({', '.join(together)})"
    if len(line) <= max(LONGEST_LINE, len(text)):
        return start, end, line
    unit = source.unit
    lines = "".join(f"{unit}{item},{source.newline}" for item in together)
    return start, end, f"{head} ({source.newline}{lines})"


def _indent_inside(source: SourceText, statement: ast.ImportFrom) -> str:
    first, _ = source.span(statement.names[0])
    line = source.text[:first].rpartition("\n")[2]
    return line if not line.strip() else source.unit


def _place(source: SourceText, module: str, *, is_from: bool) -> tuple[int, str, str]:
    """Return where a new import statement goes, and what stands around it: in its group, sorted if that is sorted."""
    imports = [item for item in _leading(source.module) if source.is_alone(item)]
    futures = [item for item in imports if isinstance(item, ast.ImportFrom) and item.module == "__future__"]
    usual = [item for item in imports if item not in futures]
    newline = source.newline
    if not usual:
        return _top_place(source, futures)
    kin = [item for item in usual if _kind(_module_of(item)) == _kind(module)]
    if not kin:
        # Standard library first, then what is installed, then the project's own.
        before = [item for item in usual if _kind(_module_of(item)) <= _kind(module)]
        if before:
            return source.line_start(last_line(before[-1]) + 1), newline, newline
        return source.line_start(usual[0].lineno), "", newline * 2
    kin = _group_of(kin, module)
    same = [item for item in kin if isinstance(item, ast.ImportFrom) is is_from]
    following = [item for item in same if _module_of(item).lower() > module.lower()]
    if same and following and _sorted_by([_module_of(item) for item in same]) is not None:
        return source.line_start(following[0].lineno), "", newline
    if not same and not is_from:
        return source.line_start(kin[0].lineno), "", newline
    root = module.partition(".")[0]
    last = ([item for item in same if _module_of(item).partition(".")[0] == root] or same or kin)[-1]
    position = source.line_start(last_line(last) + 1)
    if position == len(source.text) and not source.text.endswith(("\n", "\r")):
        return position, newline, ""
    return position, "", newline


def _group_of(statements: Sequence[ast.Import | ast.ImportFrom], module: str) -> list[ast.Import | ast.ImportFrom]:
    """Return those of `statements` that stand together with one of the same package; else the first together."""
    groups: list[list[ast.Import | ast.ImportFrom]] = []
    for item in statements:
        if groups and item.lineno == last_line(groups[-1][-1]) + 1:
            groups[-1].append(item)
        else:
            groups.append([item])
    root = module.partition(".")[0]
    return next((group for group in groups if any(_module_of(i).partition(".")[0] == root for i in group)), groups[0])


def _top_place(source: SourceText, futures: Sequence[ast.stmt]) -> tuple[int, str, str]:
    """Return the place for the first import of a file: below its docstring and what comes from the future."""
    newline = source.newline
    body = source.module.tree.body
    docstring = body[0] if body and ast.get_docstring(source.module.tree, clean=False) is not None else None
    above = futures[-1] if futures else docstring
    if above is not None:
        position = source.line_start(last_line(above) + 1)
        return (position, newline, newline) if position < len(source.text) else (position, newline * 2, newline)
    if not body:
        return 0, "", newline * 2
    start, _ = source.span(body[0])
    is_definition = isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return start, "", newline * (3 if is_definition else 2)


def _leading(module: Module) -> list[ast.Import | ast.ImportFrom]:
    """Return the imports at the top of a module, up to the first statement that is something else."""
    found: list[ast.Import | ast.ImportFrom] = []
    for statement in module.tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.append(statement)
        elif found and not isinstance(statement, (ast.Expr, ast.If, ast.Try)):
            break
    return found


def _module_of(statement: ast.Import | ast.ImportFrom) -> str:
    if isinstance(statement, ast.ImportFrom):
        return "." * statement.level + (statement.module or "")
    return statement.names[0].name


def _kind(module: str) -> int:
    """Return 0 for the standard library, 1 for what is installed, 2 for relative imports."""
    if module.startswith("."):
        return 2
    return 0 if module.partition(" ")[0].partition(".")[0] in sys.stdlib_module_names else 1


def _by_kind(name: str) -> tuple[int, str]:
    """Return the key that isort and ruff sort names by: CONSTANTS, Classes, functions."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name.lower())


def _by_letter(name: str) -> tuple[int, str]:
    return 0, name.lower()


def _sorted_by(names: Sequence[str]) -> Callable[[str], tuple[int, str]] | None:
    """Return the key by which `names` are sorted, or None if they are not."""
    for key in (_by_kind, _by_letter):
        keys = [key(name) for name in names]
        if keys == sorted(keys):
            return key
    return None
