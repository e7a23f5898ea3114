"""The endpoint returns the error as a response, which takes the tasks along, in the place of raising it."""

from __future__ import annotations

import ast
from http import HTTPStatus

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, short
from troubleshoot.patching.calls import call_text
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
    if draft.source(module).is_commented(error):
        raise WithheldError("comments stand among the arguments of the exception")
    status, detail = argument(error, 0, "status_code"), argument(error, 1, "detail")
    headers = argument(error, 2, "headers")
    if status is None or len(error.args) + len(error.keywords) > sum(x is not None for x in (status, detail, headers)):
        raise WithheldError(f"{short(error)} has arguments that a response has not")
    parts = [
        f'{{"detail": {draft.text(module, detail) if detail is not None else _phrase(status)}}}',
        f"status_code={draft.text(module, status)}",
        *([f"headers={draft.text(module, headers)}"] if headers is not None else []),
    ]
    response = draft.name(module, "fastapi.responses.JSONResponse")
    source = draft.source(module)
    draft.put(module, *source.span(raised), call_text(source, raised, f"return {response}", parts))


def _phrase(status: ast.expr) -> str:
    """Return the detail of an exception that is given none. Raises `WithheldError` if the status is not known."""
    if isinstance(status, ast.Constant) and isinstance(status.value, int):
        return f'"{HTTPStatus(status.value).phrase}"'
    raise WithheldError("the detail of the exception follows from a status that is not known here")


def _is_handled(project: Project) -> bool:
    """Return whether a handler of the project's own answers to `HTTPException`."""
    return any(module.mentions(b"HTTPException") for module in project.files.modules("exception_handler"))
