"""An exception, with what was logged beside it, to an answer; the knowledge is loaded at the first."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from threading import Lock

from troubleshoot.catalog.content import Content, find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.investigation.answer import Answer, answer
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.session import Session
from troubleshoot.model import Catalog, Version
from troubleshoot.sources.versions import RunningSource

TOP = 3
LONGEST = 200_000
"""Characters of a text that are looked at: half from its beginning, half from its end."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is the same for every failure: what is known, and the versions that run."""

    content: Content
    catalog: Catalog
    renderer: Renderer
    versions: tuple[Version, ...]


class Explainer:
    """Explains the failures of one program, one at a time; several threads may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._knowledge: Knowledge | None = None

    def explain(self, *texts: str) -> Answer:
        """Return the answer to what a failure has written, its traceback first. Raises `TroubleshootError`."""
        # What a module of ours warns of when it is first imported is nobody's mistake here, and must not fail a test.
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = self._known()
            session = Session(known.catalog)
            session.versions += known.versions
            intake = Intake(log_texts=tuple(_cut(text) for text in texts if text.strip()))
            examine(intake, session, known.content)
            return answer(session, known.renderer, TOP)

    def _known(self) -> Knowledge:
        if self._knowledge is None:
            content = find_content()
            catalog = load(content)
            versions = tuple(RunningSource().collect())
            self._knowledge = Knowledge(content, catalog, Renderer(content, catalog), versions)
        return self._knowledge


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
