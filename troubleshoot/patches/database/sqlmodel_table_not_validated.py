"""The endpoint takes the model that the table is made from, and makes the row of it; a table without one is split."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module, Param
from troubleshoot.code.syntax.nodes import is_name, keyword, last_name, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import annotate
from troubleshoot.patching.texts import WithheldError, last_line

DUMPS = frozenset(("model_dump", "dict"))
STORED = frozenset(("commit", "flush", "refresh"))
SQLMODEL = "sqlmodel.SQLModel"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Let what the client sends be validated by a model that is no table."""
    function, annotation = sighting.function, sighting.node
    assert function is not None
    param = next(item for item in function.params if item.annotation is annotation)
    table = draft.project.value(param.annotation, function)
    assert isinstance(table, Class)
    base = _base_of(draft.project, table)
    if base is None:
        taken, fields = _split(draft, table)
    else:
        taken, fields = base.name, set(base.annotations)
    _take(draft, function, param, table, taken)
    _make_row(draft, function, param, fields)


def _base_of(project: Project, table: Class) -> Class | None:
    """Return the model that a table derives from, if it has all that a client has to send."""
    bases = project.inference.bases(table)
    if SQLMODEL in bases:
        return None
    base = bases[0] if len(table.node.bases) == 1 and bases else None
    if not isinstance(base, Class) or not base.annotations or any(map(_is_key, base.node.body)):
        raise WithheldError(f"{table.name} does not derive from a model with the fields that a client sends")
    for item in table.node.body:
        if isinstance(item, ast.AnnAssign) and not (_is_key(item) or _is_relationship(item) or _has_default(item)):
            raise WithheldError(f"{table.name} needs {last_name(item.target)}, which {base.name} does not have")
    return base


def _is_key(item: ast.stmt) -> bool:
    value = item.value if isinstance(item, ast.AnnAssign) else None
    flag = keyword(value, "primary_key") if isinstance(value, ast.Call) else None
    return isinstance(flag, ast.Constant) and flag.value is True


def _is_relationship(item: ast.AnnAssign) -> bool:
    return isinstance(item.value, ast.Call) and last_name(item.value.func) == "Relationship"


def _has_default(item: ast.AnnAssign) -> bool:
    value = item.value
    if isinstance(value, ast.Call):
        first = value.args[0] if value.args else keyword(value, "default") or keyword(value, "default_factory")
        return first is not None and not (isinstance(first, ast.Constant) and first.value is ...)
    return value is not None


def _split(draft: Draft, table: Class) -> tuple[str, set[str]]:
    """Move the fields that a client sends into a model of their own, above the table that derives from it."""
    module, source, name = table.module, draft.source(table.module), f"{table.name}Base"
    if name in module.classes or name in module.imports or len(table.node.bases) != 1:
        raise WithheldError(f"{table.name} cannot be split in a simple way")
    body = table.node.body
    moved = [
        item for item in body if isinstance(item, ast.AnnAssign) and not _is_key(item) and not _is_relationship(item)
    ]
    others = [item for item in body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    lines = [source.text[source.line_start(n) : source.line_end(n)].strip() for n in _lines_of(table.node)]
    if not moved or len(moved) == len(body) or others or any(line.startswith("#") for line in lines):
        raise WithheldError(f"{table.name} cannot be split in a simple way")
    fields = [source.text[source.line_start(item.lineno) : source.line_end(last_line(item))] for item in moved]
    start = source.line_start(_lines_of(table.node)[0])
    head = f"class {name}({draft.text(module, table.node.bases[0])}):"
    draft.put(module, start, start, source.newline.join([head, *fields, "", "", ""]))
    draft.replace(module, table.node.bases[0], name)
    gone = {number for item in moved for number in range(item.lineno, last_line(item) + 1)}
    kept: list[str] = []
    for number in range(body[0].lineno, last_line(table.node) + 1):
        line = source.text[source.line_start(number) : source.line_end(number)]
        if number not in gone and (line.strip() or (kept and kept[-1].strip())):
            kept.append(line)
    text = source.newline.join(kept).rstrip()
    draft.put(module, source.line_start(body[0].lineno), source.line_end(last_line(table.node)), text)
    return name, {last_name(item.target) for item in moved}


def _lines_of(node: ast.ClassDef) -> range:
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    return range(first, (node.end_lineno or first) + 1)


def _take(draft: Draft, function: Function, param: Param, table: Class, name: str) -> None:
    """Let the parameter be of another class, which stands where the table does."""
    module, annotation = function.module, param.annotation
    assert annotation is not None
    written = draft.text(module, annotation)
    if isinstance(annotation, ast.Attribute):
        annotate(draft, function, annotation, f"{written.rpartition('.')[0]}.{name}")
        return
    if table.module is not module and name not in module.imports:
        _import_beside(draft, module, written, name)
    annotate(draft, function, annotation, name)


def _import_beside(draft: Draft, module: Module, known: str, name: str) -> None:
    """Import `name` with the statement that imports `known`."""
    statement, origin = module.imports[known]
    if origin != known or not isinstance(statement, ast.ImportFrom):
        raise WithheldError(f"{module.path} imports {known} in a way of its own")
    source = draft.source(module)
    start, end = source.span(next(item for item in statement.names if item.name == known))
    line = source.text[source.line_start(source.text.count("\n", 0, start) + 1) : start]
    draft.put(module, end, end, f", {name}" if line.strip() else f",{source.newline}{line}{name}")


def _make_row(draft: Draft, function: Function, param: Param, fields: set[str]) -> None:
    """Make the row of what was sent, and go on with that; what is only read can stay as it is."""
    module = function.module
    nodes = [node for item in function.node.body for node in ast.walk(item)]
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == param.name]
    dumped = [node for node in uses if isinstance(parent(node), ast.Attribute) and parent(node).attr in DUMPS]  # type: ignore[union-attr]
    read = [node for node in uses if isinstance(parent(node), ast.Attribute) and parent(node).attr in fields]  # type: ignore[union-attr]
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "exclude_unset":
            raise WithheldError(f"{function.qualname} takes a part of the fields, for which a third model is due")
    if len(dumped) + len(read) == len(uses):
        return
    stored = [node.lineno for node in nodes if isinstance(node, ast.Call) and last_name(node.func) in STORED]
    for node in uses:
        around = parent(node)
        if not isinstance(node.ctx, ast.Load) or node in dumped or _is_in_text(node, nodes):
            raise WithheldError(f"{function.qualname} uses {param.name} in several ways")
        is_early = node.lineno < min(stored, default=node.lineno + 1)
        if isinstance(around, ast.Attribute) and around.attr not in fields and is_early:
            raise WithheldError(
                f"{function.qualname} uses {param.name}.{around.attr}, which clients would no longer send"
            )
        if isinstance(around, ast.Call) and last_name(around.func) == "merge":
            raise WithheldError(
                f"{function.qualname} merges {param.name}, which clients would no longer send as a whole"
            )
    row = f"db_{param.name}"
    if row in function.names or any(is_name(node, row) for node in nodes):
        raise WithheldError(f"{row} stands for something else in {function.qualname}")
    assert param.annotation is not None
    table = draft.text(module, param.annotation)
    draft.first(module, function.node.body, f"{row} = {table}.model_validate({param.name})")
    for node in uses:
        draft.replace(module, node, row)


def _is_in_text(node: ast.AST, nodes: list[ast.AST]) -> bool:
    """Return whether a node stands in an f-string, where older Pythons do not know its place."""
    return any(isinstance(text, ast.JoinedStr) and any(item is node for item in ast.walk(text)) for text in nodes)
