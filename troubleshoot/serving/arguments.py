"""What each tool takes, as a client reads it in the tool's schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.model import Sureness
from troubleshoot.redaction import shown

Detail = Annotated[bool, Field(description="The whole answer; without it at most 4 KB.")]
Source = Annotated[str, Field(description="A folder or file of source; it is read, nothing of it is run.")]
CauseId = Annotated[str, Field(description="The id of a cause; what stands behind the / is enough.")]
Named = Annotated[dict[str, str], Field(description="Values for the blanks of the snippet, by name.")]


class Arguments(BaseModel):
    """The arguments of a tool; what is no field is refused."""

    model_config = ConfigDict(extra="forbid")


class Diagnose(Arguments):
    """What is known of a case."""

    complaint: Annotated[str, Field(description="What is wrong, in the person's own words.")] = ""
    log: Annotated[str, Field(description="A traceback or log as text.")] = ""
    log_path: Annotated[str, Field(description="A log file, however long.")] = ""
    source: Source = ""
    app: Annotated[str, Field(description="MODULE:APP in `source`, to be imported; only if the server allows it.")] = ""
    answers: Annotated[
        dict[str, str], Field(description="What is known already: question id to option id, or version.PACKAGE to one.")
    ] = {}
    candidates: Annotated[
        dict[str, Sureness],
        Field(description="What you take for the cause after reading: ids from `catalogue`, and how sure you are."),
    ] = {}
    detail: Detail = False


class AnswerQuestion(Arguments):
    """An answer to a question about a case."""

    case: Annotated[str, Field(description="The `case` of the diagnosis.")]
    question: Annotated[str, Field(description="The id of its next_question.")]
    option: Annotated[str, Field(description="The id of an option; empty for: nobody knows.")]
    detail: Detail = False


class Explain(Arguments):
    """A cause."""

    cause: CauseId
    detail: Detail = False


class Fix(Arguments):
    """A cause, and the source that shows it."""

    cause: Annotated[str, Field(description="CAUSE, or CAUSE#FIX for another of its fixes.")]
    source: Source = ""
    at: Annotated[str, Field(description="PATH:LINE, if the source shows it in several places.")] = ""
    set: Named = {}
    apply: Annotated[bool, Field(description="Make the change; only if the server allows it.")] = False
    detail: Detail = False


class Scan(Arguments):
    """Source, and what of it is told."""

    source: Source = "."
    select: Annotated[list[str], Field(description="Only these causes or families.")] = []
    all: Annotated[bool, Field(description="Also minor findings.")] = False
    limit: Annotated[int, Field(ge=1, le=500, description="How many findings are told at most.")] = 20
    detail: Detail = False


class Probe(Arguments):
    """A snippet that measures what a question asks."""

    name: Annotated[str, Field(description="A probe; without one, all are listed.")] = ""
    set: Named = {}
    detail: Detail = False


class Catalogue(Arguments):
    """The causes that are known."""

    families: Annotated[
        list[str], Field(description="Of these families the whole tells; without, all causes by title.")
    ] = []


A = TypeVar("A", bound=Arguments)


def read(model: type[A], given: Mapping[str, Any]) -> A:
    """Return the arguments of a call. Raises `UsageError` that says in a sentence what is wrong with them."""
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise UsageError(_sentence(model, error)) from None


def _sentence(model: type[Arguments], error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(shown(str(part), 60) for part in first["loc"])
    known = model.model_fields
    if first["type"] == "extra_forbidden":
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        return f"there is no argument {name!r}{hint}"
    if first["type"] == "missing":
        return f"the argument {name!r} is missing"
    return f"{name}: {first['msg'][:1].lower()}{first['msg'][1:]}"
