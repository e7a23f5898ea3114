"""For programs: the knowledge, a diagnosis and a scan as three functions that print nothing and ask nobody.

`from troubleshoot import load, diagnose, scan`; what cannot be used is a `troubleshoot.errors.TroubleshootError`, whose
text is one sentence.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.catalog.content import Content, find_content
from troubleshoot.catalog.loading import load as catalog_of
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.investigation.answer import Answer, answer
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import TOP, Intake
from troubleshoot.investigation.session import Session
from troubleshoot.model import Catalog, Version

if TYPE_CHECKING:
    from troubleshoot.code.scan import ScanReport


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What is known, ready to be asked: from `load`. It may be used by several threads, and sent to other processes."""

    content: Content = field(repr=False)
    catalog: Catalog = field(repr=False)
    renderer: Renderer = field(repr=False)

    @classmethod
    def of(cls, content: Content, catalog: Catalog | None = None) -> Knowledge:
        """Return what two folders hold, of which the catalog may be known. Raises `KnowledgeError` with every mistake
        in them."""
        catalog = catalog or catalog_of(content)
        return cls(content, catalog, Renderer(content, catalog))

    def examined(self, intake: Intake, versions: Iterable[Version] = ()) -> Session:
        """Return a session that has looked through everything in `intake`. Raises `UsageError` as `examine` does.

        `versions` are those that are known to be in use.
        """
        session = Session(self.catalog, versions=versions)
        examine(intake, session, self.content)
        return session

    def __reduce__(self) -> tuple[Callable[[Content | None], Knowledge], tuple[Content | None]]:
        """Travel as a place, or as the package's own, wherever that is, which a process reads once."""
        return _sent, (None if self.content == find_content() else self.content,)


def load(folder: str | os.PathLike[str] | None = None) -> Knowledge:
    """Return the package's own knowledge, or that of a folder with `knowledge/` and `templates/`.

    Raises `UsageError` if they are not there, and `KnowledgeError` with every mistake in them.
    """
    return Knowledge.of(find_content(None if folder is None else Path(folder).resolve()))


@functools.cache
def _sent(content: Content | None) -> Knowledge:
    return Knowledge.of(content or find_content())


def diagnose(
    knowledge: Knowledge,
    complaint: str = "",
    *,
    log: str | Sequence[str] = (),
    source: str | os.PathLike[str] | None = None,
    answers: Mapping[str, str] | None = None,
    top: int = TOP,
) -> Answer:
    """Return what is wrong, with at most `top` causes, from whatever is handed over; the same from the same.

    `complaint` is in the user's own words, `log` the text of a log or traceback, or several; of the files below
    `source` nothing is run. `answers` maps questions to options, as the `next_question` of an answer has them. Nothing
    is read but these. Secrets become tokens, which are the same within one process.
    Raises `UsageError` for a place that is not there, and for a question or an option that is not.
    """
    place = None if source is None else Path(source)
    intake = Intake(
        complaint=complaint,
        log_texts=tuple(filter(None, (log,))) if isinstance(log, str) else tuple(log),
        source=place,
        answers=tuple(f"{question}={option}" for question, option in (answers or {}).items()),
    )
    return answer(knowledge.examined(intake), knowledge.renderer, top, place, None)


def scan(
    knowledge: Knowledge,
    place: str | os.PathLike[str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    minor: bool = False,
) -> ScanReport:
    """Return what the source at `place`, a file or folder, shows; nothing of it is run, nothing outside it is changed.

    Paths are relative to the folder. The project's own `[tool.troubleshoot]` counts, but for its baseline; `select` and
    `ignore` are causes or families, as in it; `minor` findings are those that few would change their source for.
    Raises `UsageError` for a place that is not there, and for a cause that is not.
    """
    from troubleshoot.code.settings import read_settings
    from troubleshoot.investigation.scanning import scanned

    where = Path(place)
    settings = read_settings(where).asked(select, ignore, minor=minor)
    base = where if where.is_dir() else where.parent
    return scanned(where, settings, knowledge.content, knowledge.catalog, base.resolve())[0]
