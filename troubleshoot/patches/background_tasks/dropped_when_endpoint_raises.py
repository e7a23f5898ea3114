"""The endpoint returns the error as a response, which takes the tasks along, in the place of raising it."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.responses import return_instead
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ERRORS = ("fastapi.HTTPException", "starlette.exceptions.HTTPException")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Return what FastAPI would answer, as a `JSONResponse`."""
    function, module, raised = sighting.function, sighting.module, sighting.nodes["raised"]
    project = draft.project
    assert function is not None
    assert isinstance(raised, ast.Raise)
    error = raised.exc
    if function not in set(project.called_as("path operation")):
        raise WithheldError(f"{function.qualname} is no endpoint, so it cannot answer by itself")
    if not isinstance(error, ast.Call) or project.path(error.func, function) not in ERRORS:
        raise WithheldError("what is raised is no HTTPException that is made on the spot")
    if _is_handled(project):
        raise WithheldError("the project answers to HTTPException with a handler of its own")
    return_instead(draft, module, raised)


def _is_handled(project: Project) -> bool:
    """Return whether a handler of the project's own answers to `HTTPException`."""
    return any(module.mentions(b"HTTPException") for module in project.files.modules("exception_handler"))
