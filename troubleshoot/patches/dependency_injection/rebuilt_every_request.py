"""What a dependency builds is built once, in the lifespan if it is to be closed, and handed out from then on."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Instance
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import keyword, mentions, parent, statement_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.patches.processwide import make_once
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.room import free_name, unused_name
from troubleshoot.patching.signatures import add_parameters

CLOSES = ("aclose", "close", "disconnect")
LIFESPAN = """\
@{asynccontextmanager}
async def {lifespan}({app}: {fastapi}):
    {name} = {made}
    try:
        yield {{"{name}": {name}}}
    finally:
        {close}


"""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Build it in the lifespan where it is closed and the application has none; else cache it, or move it up."""
    function, made = sighting.function, sighting.node
    assert function is not None
    assert isinstance(made, ast.Call)
    project, module = draft.project, function.module
    value = project.value(made, function)
    closing = _closing(value.of) if isinstance(value, Instance) else None
    applications = project.registrations("app")
    if closing is None or not _has_no_lifespan(draft, function, made) or applications[0].scope.module is not module:
        make_once(draft, function, made, "client")
        return
    application = statement_of(applications[0].call)
    assert isinstance(application, ast.Assign)
    name = unused_name(made, function.name.removeprefix("get_"), "client")
    lifespan = free_name(module, "lifespan")
    source = draft.source(module)
    first = source.commented_line(application)
    above = source.line_start(first)
    text = "\n" * max(0, 2 - source.empty_lines(first - 1, -1)) + LIFESPAN.format(
        asynccontextmanager=draft.name(module, "contextlib.asynccontextmanager"),
        lifespan=lifespan,
        app=draft.text(module, application.targets[0]),
        fastapi=draft.text(module, applications[0].call.func),
        name=name,
        made=draft.text(module, made),
        close=f"{'await ' if closing.is_async else ''}{name}.{closing.name}()",
    )
    draft.put(module, above, above, text.replace("    ", source.unit).replace("\n", source.newline))
    add_arguments(draft, module, applications[0].call, [f"lifespan={lifespan}"])
    add_parameters(draft, function, [f"request: {draft.name(module, 'fastapi.Request')}"])
    draft.replace(module, made, f"request.state.{name}")


def _closing(cls: Class) -> Function | None:
    """Return the method that closes an object of a class."""
    return next((cls.methods[name] for name in CLOSES if name in cls.methods), None)


def _has_no_lifespan(draft: Draft, function: Function, made: ast.Call) -> bool:
    """Return whether the application of the project has nothing of its own that runs when it starts.

    The dependency must do nothing but to return what it makes, and only FastAPI may call it, for HTTP routes.
    """
    project = draft.project
    applications = project.registrations("app")
    application = statement_of(applications[0].call) if len(applications) == 1 else None
    return (
        isinstance(application, ast.Assign)
        and application in applications[0].scope.module.tree.body
        and all(isinstance(target, ast.Name) for target in application.targets)
        and not any(keyword(applications[0].call, name) for name in ("lifespan", "on_startup", "on_shutdown"))
        and not project.registrations("event")
        and not any(route.is_websocket for route in project.routes)
        and isinstance(parent(made), ast.Return)
        and len(function.body.returns) == 1
        and not function.params
        and not mentions(made, function.names)
        and not any(callers(project, function))
    )
