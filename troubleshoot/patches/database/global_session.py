"""Each request gets a session of its own, from a dependency; a registry of threads gives way to its factory."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import is_name, parent
from troubleshoot.code.topics.queries import SESSIONS
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import WithheldError, last_line

APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NAME = "get_session"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Replace the session that is made at import by a dependency of those that use it."""
    if sighting.function is not None:
        _use_factory(sighting, draft, sighting.function)
        return
    made, module, name = sighting.node, sighting.module, sighting.captured["session"]
    statement = parent(made)
    if not isinstance(made, ast.Call) or not isinstance(statement, ast.Assign) or statement not in module.tree.body:
        raise WithheldError(f"{name} is not simply assigned")
    users = _users(draft.project, module, name)
    for user in users:
        if user not in draft.project.called_as("path operation", "dependency", "websocket endpoint"):
            raise WithheldError(f"{user.qualname} uses {name}, too, and has to be given a session by whoever calls it")
    dependency = _dependency(draft.project, module, name)
    for user in users:
        _ask_for_session(draft, user, module, made, name, dependency)
    for other in dict.fromkeys(user.module for user in users if user.module is not module):
        _import_instead(draft, other, name, dependency)
    if dependency in module.functions or not _put_in_its_place(draft, module, statement, made, name):
        draft.delete(module, statement)


def _users(project: Project, module: Module, name: str) -> list[Function]:
    """Return the functions that use a module's session, by whatever name. Raises `WithheldError` for other uses."""
    users: list[Function] = []
    for other in project.files.modules(name):
        used = [function for function in other.all_functions if any(_uses(project, function, module, name))]
        users += used
        if other is module or used:
            nodes = (node for node in ast.walk(other.tree) if is_name(node, name) and isinstance(node.ctx, ast.Load))  # type: ignore[attr-defined]
            if any(not any(_stands_in(node, function) for function in other.all_functions) for node in nodes):
                raise WithheldError(f"{name} is used when {other.path} is imported")
        elif name in other.imports and other.imports[name][1] == name:
            raise WithheldError(f"{other.path} imports {name}, too")
    return users


def _uses(project: Project, function: Function, module: Module, name: str) -> Iterator[ast.Name]:
    for node in ast.walk(function.node):
        if (
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load)
            and origin_of(project.inference, node, Scope.of(function)) == (module.path, name)
        ):
            yield node


def _stands_in(node: ast.AST, function: Function) -> bool:
    return any(item is node for item in ast.walk(function.node))


def _dependency(project: Project, module: Module, name: str) -> str:
    """Return the name of the dependency that gives sessions: the one that the module has, else a new one."""
    known = [
        use.value.name
        for use in project.dependencies
        if isinstance(use.value, Function)
        and use.value.module is module
        and any(project.path(item.value, use.value) in SESSIONS for item in use.value.body.yields)
        and not any(_uses(project, use.value, module, name))
    ]
    if known:
        return known[0]
    if NAME in module.functions or NAME in module.imports or NAME in module.body.assigned:
        raise WithheldError(f"{NAME} stands for something else in {module.path}")
    return NAME


def _session_type(draft: Draft, where: Module, module: Module, made: ast.Call) -> str:
    """Return what the class of the session is called in a module."""
    path = draft.project.path(made, module).removesuffix("()")
    if isinstance(made.func, ast.Name) and made.func.id in module.imports:
        statement, origin = module.imports[made.func.id]
        if isinstance(statement, ast.ImportFrom) and statement.module and origin.endswith("Session"):
            path = f"{statement.module}.{origin}"
    return draft.name(where, path)


def _ask_for_session(draft: Draft, user: Function, module: Module, made: ast.Call, name: str, dependency: str) -> None:
    kind = _session_type(draft, user.module, module, made)
    annotated, depends = draft.name(user.module, "typing.Annotated"), draft.name(user.module, "fastapi.Depends")
    add_parameters(draft, user, [f"{name}: {annotated}[{kind}, {depends}({dependency})]"], required=True)


def _import_instead(draft: Draft, module: Module, name: str, dependency: str) -> None:
    statement, origin = module.imports[name]
    alias = next(item for item in statement.names if item.name == origin)
    if alias.asname or not isinstance(statement, ast.ImportFrom) or dependency in module.imports:
        raise WithheldError(f"{module.path} imports {name} in a way of its own")
    draft.replace(module, alias, dependency)


def _put_in_its_place(draft: Draft, module: Module, statement: ast.Assign, made: ast.Call, name: str) -> bool:
    """Insert the dependency below the session; return whether it has taken the place of that."""
    source = draft.source(module)
    if made.end_lineno != made.lineno or source.is_commented(statement):
        raise WithheldError(f"{name} is made on several lines, or has a comment")
    lines = _dependency_lines(draft, module, made, name)
    start = source.line_start(statement.lineno)
    body = module.tree.body
    index = body.index(statement) + 1
    if index == len(body) or isinstance(body[index], APART):
        above = len(source.text[:start].rstrip())
        draft.put(module, above, source.line_end(statement.lineno), source.newline.join(["", "", "", *lines]))
        return True
    below = next((at for at, item in enumerate(body) if at > index and isinstance(item, APART)), len(body))
    position = source.line_start(last_line(body[below - 1]) + 1)
    if below == len(body):
        draft.at_end(module, "\n".join(lines))
    else:
        draft.put(module, position, position, source.newline.join(["", "", *lines, ""]))
    return False


def _dependency_lines(draft: Draft, module: Module, made: ast.Call, name: str) -> list[str]:
    unit = draft.source(module).unit
    kind = _session_type(draft, module, module, made)
    is_async = draft.project.path(made, module).startswith("sqlalchemy.ext.asyncio.")
    iterator = draft.name(module, f"collections.abc.{'AsyncIterator' if is_async else 'Iterator'}")
    word = "async " if is_async else ""
    return [
        f"{word}def {NAME}() -> {iterator}[{kind}]:",
        f"{unit}{word}with {draft.text(module, made)} as {name}:",
        f"{unit * 2}yield {name}",
    ]


def _use_factory(sighting: Sighting, draft: Draft, function: Function) -> None:
    """Call the factory where the registry of threads was called."""
    registry, factory = sighting.node, sighting.nodes.get("factory")
    if not isinstance(registry, ast.Name) or not isinstance(factory, ast.Name):
        raise WithheldError("nobody knows what the registry makes its sessions with")
    around = parent(registry)
    uses = [node for node in ast.walk(function.node) if is_name(node, registry.id)]
    if not isinstance(around, ast.Call) or around.func is not registry or len(uses) > 1:
        raise WithheldError(f"{registry.id} is used in other ways, too")
    made = origin_of(draft.project.inference, registry, Scope.of(function))
    here = origin_of(draft.project.inference, ast.Name(factory.id, ast.Load()), Scope(sighting.module))
    if made is None or here is None or here[0] != made[0] or factory.id in function.names:
        raise WithheldError(f"{factory.id} is not known in {sighting.module.path}")
    draft.replace(sighting.module, registry, factory.id)
