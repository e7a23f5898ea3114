"""The tools that are served: what each is for, what it takes, and who does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from troubleshoot.redaction import shown
from troubleshoot.serving import arguments as given
from troubleshoot.serving import shelves
from troubleshoot.serving.desk import Call, Desk

OPTION = re.compile(r"--(?=(?:source|log|answer|set|at)\b)")
"""An option of the command line whose name is that of an argument here."""
INSTRUCTIONS = (
    "Names the root cause when a FastAPI application misbehaves. Call diagnose with all there is (complaint, log, "
    "source). If the status is not diagnosed: read catalogue and name what fits as candidates, or look next_question "
    "up at look_at and call answer_question. Then fix. Ask the person only what neither code nor log says."
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of the server. `paths` are the arguments by which it reads files of the client's."""

    about: str
    takes: type[given.Arguments]
    work: Callable[[Desk, Call, Any], str]
    paths: tuple[str, ...] = ()
    changes: bool = False

    def read(self, arguments: Mapping[str, Any] | None) -> given.Arguments:
        """Return the arguments of a call. Raises `UsageError`."""
        return given.read(self.takes, arguments or {})

    def needs_roots(self, arguments: given.Arguments) -> bool:
        """Return whether a call is about files of the client's."""
        return any(getattr(arguments, name) for name in self.paths)


def in_arguments(text: str) -> str:
    """Return a sentence for the command line as one for a client: in the names of arguments, on one line."""
    return shown(OPTION.sub("", text), 600)


def _fix(desk: Desk, call: Call, wanted: given.Fix) -> str:
    # What searches source would take up more of a start than all else that is ours.
    from troubleshoot.serving import source

    return source.fix(desk, call, wanted)


def _scan(desk: Desk, call: Call, wanted: given.Scan) -> str:
    from troubleshoot.serving import source

    return source.scan(desk, call, wanted)


TOOLS: Mapping[str, Tool] = {
    "diagnose": Tool(
        "Find the root cause of what a FastAPI application does wrong: status (diagnosed, likely, unknown), at most "
        "three causes with what gives each away and the reasons, the next question, and where in the source its answer "
        "can be looked up.",
        given.Diagnose,
        Desk.diagnose,
        ("log_path", "source", "app"),
    ),
    "answer_question": Tool(
        "Answer the next_question of a diagnosis, from the source or the person; the diagnosis comes back anew. "
        "`helped` with CAUSE or no:CAUSE says what became of a fix.",
        given.AnswerQuestion,
        Desk.answer_question,
        ("case",),
    ),
    "explain": Tool(
        "Explain a cause: how to recognise it, what happens, versions, fixes, references.",
        given.Explain,
        lambda desk, _call, wanted: shelves.explain(desk, wanted),
    ),
    "fix": Tool(
        "The fix of a cause: as a diff of `source`, if that shows the cause, else as an example that was run.",
        given.Fix,
        _fix,
        ("source",),
        changes=True,
    ),
    "scan": Tool(
        "Search source for all causes that can be seen in it, gravest first.",
        given.Scan,
        _scan,
        ("source",),
    ),
    "probe": Tool(
        "A snippet that measures in the running application what a question asks; without a name, the list.",
        given.Probe,
        lambda desk, _call, wanted: shelves.probe(desk, wanted),
    ),
    "catalogue": Tool(
        "Every cause that is known, by family, with its title; with families, their whole tells. Read it to name "
        "candidates.",
        given.Catalogue,
        lambda desk, _call, wanted: shelves.catalogue(desk, wanted),
    ),
}
