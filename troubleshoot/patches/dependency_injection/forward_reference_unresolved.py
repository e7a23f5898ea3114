"""A type of a signature is imported for everybody, not for type checkers alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.code.topics.imports import is_for_type_checkers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import Wanted
from troubleshoot.patching.texts import WithheldError, last_line


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the import out of `if TYPE_CHECKING:`. Raises `WithheldError` where it may fail when the program runs."""
    statement, module = sighting.nodes.get("import"), sighting.module
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        raise WithheldError("the type has to move out of the function, with what it is made of")
    name = sighting.captured["type"]
    item = next(item for item in statement.names if (item.asname or item.name) == name)
    _must_be_importable(draft.project, module, statement, item)
    draft.add_import(module, _wanted(statement, item))
    _take_out(draft, module, statement, item)


def _wanted(statement: ast.Import | ast.ImportFrom, item: ast.alias) -> Wanted:
    spelled = f"{item.name} as {item.asname}" if item.asname else item.name
    if isinstance(statement, ast.Import):
        return Wanted(spelled, "", item.asname or item.name)
    return Wanted("." * statement.level + (statement.module or ""), spelled, item.asname or item.name)


def _must_be_importable(
    project: Project, module: Module, statement: ast.Import | ast.ImportFrom, item: ast.alias
) -> None:
    """Raise `WithheldError` if an import may lead back to the module, or find nothing that is installed."""
    targets = list(_imported(project, module, [statement]))
    seen: set[Module] = set()
    while targets:
        target = targets.pop()
        if target is module:
            raise WithheldError(f"the module of {item.name} imports this one, so the two would import each other")
        if target not in seen:
            seen.add(target)
            targets += _imported(project, target, target.body.imports)
    dotted = item.name if isinstance(statement, ast.Import) else statement.module or ""
    package = dotted.partition(".")[0]
    is_relative = isinstance(statement, ast.ImportFrom) and statement.level
    if not seen and not is_relative and package not in sys.stdlib_module_names and package not in _running(project):
        raise WithheldError(f"nothing shows that {package} is there when the program runs")


def _imported(project: Project, module: Module, statements: list[ast.Import | ast.ImportFrom]) -> Iterator[Module]:
    """Yield the modules of the project that some imports run."""
    for statement in statements:
        if isinstance(statement, ast.ImportFrom):
            value = project.inference.module_of(statement, module)
            if isinstance(value, Module):
                yield value
            dotted = [f"{statement.module}.{item.name}" for item in statement.names if not statement.level]
        else:
            dotted = [item.name for item in statement.names]
        for name in dotted:
            path = project.files.find(name, module.package)
            found = project.files.module(path) if path is not None else None
            if found is not None:
                yield found


def _running(project: Project) -> set[str]:
    """Return the packages that the project imports when it runs."""
    found: set[str] = set()
    for module in project.files.modules():
        for statement in module.body.imports:
            if not is_for_type_checkers(statement):
                names = [item.name for item in statement.names]
                if isinstance(statement, ast.ImportFrom):
                    names = [statement.module or ""]
                found |= {name.partition(".")[0] for name in names}
    return found


def _take_out(draft: Draft, module: Module, statement: ast.Import | ast.ImportFrom, item: ast.alias) -> None:
    """Take a name out of an import, the import if nothing is left of it, and the `if` if nothing is left of that."""
    source, condition = draft.source(module), parent(statement)
    index, names = statement.names.index(item), statement.names
    if len(names) > 1:
        start = source.span(names[index - 1])[1] if index else source.span(item)[0]
        end = source.span(item)[1] if index else source.span(names[1])[0]
        gone, put = source.text[start:end], (start, end)
    elif isinstance(condition, ast.If) and condition.body == [statement] and not condition.orelse:
        gone, put = source.text[source.span(condition)[0] : source.line_end(last_line(condition))], None
        statement = condition  # type: ignore[assignment]
    else:
        gone, put = source.text[source.span(statement)[0] : source.line_end(last_line(statement))], None
    if "#" in gone:
        raise WithheldError("a comment stands beside the import")
    if put is not None:
        draft.put(module, *put, "")
    else:
        draft.delete(module, statement)
