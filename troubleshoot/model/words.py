"""The words that people choose from in YAML and that the program answers with."""

from __future__ import annotations

from typing import Literal

Frequency = Literal["common", "occasional", "rare"]
Likelihood = Literal["always", "often", "sometimes"]
Weight = Literal["confirms", "supports", "rules_out"]
Raised = Literal["in own code", "under own code", "in its namesake"]
Effort = Literal["glance", "look", "run", "experiment"]
ParameterType = Literal["identifier", "url_path", "import_path", "integer", "url", "choice", "text"]
Package = Literal["fastapi", "starlette", "pydantic", "sqlalchemy", "uvicorn", "websockets", "python"]
Status = Literal["diagnosed", "likely", "unknown"]
Trust = Literal["answer", "log", "environment", "lock", "said", "series", "pin", "implied"]
Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The gravest first."""
Sureness = Literal["sure", "likely", "possible"]
Role = Literal[
    "path operation",
    "websocket endpoint",
    "dependency",
    "background task",
    "middleware",
    "lifespan",
    "exception handler",
    "hook",
    "background job",
    "plain",
]
Safety = Literal["safe", "unsafe"]
PatchEdit = Literal["replace", "before", "after"]
Place = Literal["event loop", "thread pool", "startup"]

SYMPTOM_QUESTION = "symptom"
"""The id of the opening question, whose options are the symptoms."""

TELL_QUESTION = "tell"
"""The id of the question that shows the tells of the leading causes side by side."""

NONE_OF_THESE = "none"
"""The id of the hypothesis that the cause is not in the knowledge, and of the option that says so."""
