"""Each application keeps settings of its own, and `load_dotenv()` comes before what reads the environment."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import statement_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import function_with
from troubleshoot.patching.objects import carried
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import WithheldError, last_line


def patch(sighting: Sighting, draft: Draft) -> None:
    """Make the settings with the application, and let the dependency take them from there."""
    early = sighting.nodes.get("import")
    if isinstance(early, (ast.Import, ast.ImportFrom)):
        _load_before(draft, sighting.module, sighting.node, early)
        return
    if sighting.function is None:
        raise WithheldError("the settings are read while the module is imported")
    getter = function_with(draft.project, sighting.nodes["cached"])
    made = _made(draft, getter, sighting.function)
    name = _keep(draft, sighting.function, getter, made)
    connection = "HTTPConnection" if any(route.is_websocket for route in draft.project.routes) else "Request"
    decorator = getter.node.decorator_list[0]
    source = draft.source(getter.module)
    start, end = source.line_start(decorator.lineno), source.line_start(last_line(decorator) + 1)
    draft.put(getter.module, start, end, "")
    request = draft.name(
        getter.module, f"fastapi.requests.{connection}" if connection != "Request" else "fastapi.Request"
    )
    add_parameters(draft, getter, [f"request: {request}"])
    draft.replace(getter.module, made, f"request.app.state.{name}")


def _made(draft: Draft, getter: Function, function: Function) -> ast.expr:
    """Return what a cached function makes. Raises `WithheldError` where somebody needs it as it is."""
    if any(where is not function for where, _ in callers(draft.project, getter)):
        raise WithheldError(f"{getter.qualname} is called where there is no request, too")
    cleared = f"{getter.name}.cache_".encode()
    if any(draft.project.files.holds(path, cleared) for path in draft.project.files.paths):
        raise WithheldError(f"the cache of {getter.qualname} is used elsewhere")
    body = getter.node.body
    returned = body[-1].value if isinstance(body[-1], ast.Return) else None
    is_plain = len(body) == 1 or (len(body) == 2 and isinstance(body[0], ast.Expr))
    if getter.params or len(getter.node.decorator_list) != 1 or not is_plain or returned is None:
        raise WithheldError(f"{getter.qualname} does more than to make the settings")
    return returned


def _keep(draft: Draft, function: Function, getter: Function, made: ast.expr) -> str:
    """Make the settings in the function that makes the application, which keeps them; return by which name."""
    module, project = function.module, draft.project
    applications = project.registrations("app")
    made_here = statement_of(applications[0].call)
    if (
        len(applications) != 1
        or not isinstance(made_here, ast.Assign)
        or not isinstance(made_here.targets[0], ast.Name)
    ):
        raise WithheldError("nothing shows which application has these settings")
    calls = [call for call in function.body.calls if project.value(call.func, function) is getter]
    reads = statement_of(calls[0])
    if made_here not in function.node.body or reads not in function.node.body:
        raise WithheldError(f"{function.qualname} does not always read the settings")
    taken = {*function.names, *module.imports, *module.functions, *module.classes, *module.body.assigned}
    name = "settings"
    if name in taken or any(project.files.holds(path, b"state.settings") for path in project.files.paths):
        raise WithheldError(f"{name} stands for something else already")
    draft.before(module, reads, f"{name} = {carried(draft, made, getter.module, module, reads.lineno)}")
    keeps = f"{made_here.targets[0].id}.state.{name} = {name}"
    if function.node.body.index(made_here) < function.node.body.index(reads):
        draft.before(module, reads, keeps)
    else:
        draft.after(module, made_here, keeps)
    for call in calls:
        draft.replace(module, call, name)
    return name


def _load_before(draft: Draft, module: Module, node: ast.AST, early: ast.Import | ast.ImportFrom) -> None:
    """Move the call of `load_dotenv`, and its import if need be, in front of an import that reads the environment."""
    loading, source = statement_of(node), draft.source(module)
    if loading not in module.tree.body or not isinstance(loading, ast.Expr) or early not in module.tree.body:
        raise WithheldError("load_dotenv() stands inside something else")
    moved: list[ast.stmt] = []
    for item in ast.walk(loading):
        if isinstance(item, ast.Name):
            statement, _ = module.imports.get(item.id, (None, ""))
            if statement is None or (statement.lineno > early.lineno and len(statement.names) > 1):
                raise WithheldError(f"load_dotenv() needs {item.id}, which is not known above")
            moved += [statement] if statement.lineno >= early.lineno else []
    *importing, call = (
        source.text[source.line_start(item.lineno) : source.line_end(last_line(item))]
        for item in (*dict.fromkeys(moved), loading)
    )
    first = source.commented_line(early)
    gap = [""] if importing or not source.empty_lines(first - 1, -1) else []
    start = source.line_start(first)
    draft.put(module, start, start, "".join(line + source.newline for line in (*importing, *gap, call, "")))
    for item in (*dict.fromkeys(moved), loading):
        draft.delete(module, item)
