"""Reads a server's output while it is written, and says what the knowledge knows about it, once for each cause."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from troubleshoot.catalog.content import Content
from troubleshoot.engine.ranking import Likelihoods, diagnose, rank
from troubleshoot.investigation.session import Session
from troubleshoot.model import Candidate, Catalog, Evidence, Reason
from troubleshoot.sources.live import QUIET, LiveLog
from troubleshoot.sources.logs import LogSource, Wanted
from troubleshoot.sources.tracebacks import tracebacks
from troubleshoot.supervision.relay import Tap

BACKLOG = 8 << 20
"""Bytes that may wait to be read; what comes on top is passed on, but not read, so that nothing ever waits for us."""
MEMORY = 60.0
"""Seconds for which evidence that named nothing yet is kept, in case what follows completes it."""
PATIENCE = 2.0
"""Seconds that are given at the end to read what has not been read."""
REMEMBERED = 1000
"""How many different tracebacks are remembered, each of which is read once."""

FEW = 10
"""Causes that share a symptom at most for it to say something that an error does not say itself."""
MOST_NAMED = 3

Tell = Callable[[Candidate], None]
TellSymptom = Callable[[Evidence, Sequence[Candidate]], None]


class Watch:
    """Diagnoses what streams say, in a thread of its own.

    There, `tell` is called with each cause that is named, and `tell_symptom` with an error that a few causes have in
    common and that settles none of them, and with the most probable of these.
    """

    def __init__(self, catalog: Catalog, content: Content, tell: Tell, tell_symptom: TellSymptom) -> None:
        self.told: dict[str, Candidate] = {}
        self.told_symptoms: dict[str, Evidence] = {}
        self.unread = 0
        self._catalog = catalog
        self._content = content
        self._tell = tell
        self._tell_symptom = tell_symptom
        self._queue: queue.SimpleQueue[tuple[LiveLog, bytes] | bytes | None] = queue.SimpleQueue()
        self._logs: list[LiveLog] = []
        self._waiting = 0
        self._lock = threading.Lock()
        self._known: set[tuple[object, ...]] = set()
        self._unexplained: list[tuple[float, Evidence]] = []
        self._likelihoods = Likelihoods.of(catalog)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def tap(self) -> Tap:
        """Return what is to be told of the output of one more stream; it never waits."""
        log = LiveLog()
        self._logs.append(log)

        def feed(data: bytes) -> None:
            with self._lock:
                is_read = self._waiting + len(data) <= BACKLOG
                if is_read:
                    self._waiting += len(data)
                else:
                    self.unread += len(data)
            if is_read:
                self._queue.put((log, data))

        return feed

    def examine(self, text: str) -> None:
        """Take in something that is not part of any stream, complete in itself."""
        self._queue.put(text.encode())

    def finish(self) -> None:
        """Read what is left, for a limited time."""
        self._queue.put(None)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        wanted = Wanted.all_of(self._catalog)
        while True:
            pieces, goes_on = self._pieces()
            for piece in pieces:
                self._read(piece, wanted)
            if not goes_on:
                return

    def _pieces(self) -> tuple[Iterator[bytes] | Sequence[bytes], bool]:
        """Wait for something to read; return it, and whether there will be more."""
        try:
            item = self._queue.get(timeout=QUIET if any(log.is_waiting for log in self._logs) else None)
        except queue.Empty:
            return [piece for log in self._logs for piece in log.tick(time.monotonic())], True
        if item is None:
            return [piece for log in self._logs for piece in log.close()], False
        if isinstance(item, bytes):
            return [item], True
        log, data = item
        with self._lock:
            self._waiting -= len(data)
        return log.feed(data, time.monotonic()), True

    def _read(self, piece: bytes, wanted: Wanted) -> None:
        log = LogSource(self._catalog, BytesIO(piece), "output", wanted=wanted)
        evidence = [item for item in log.collect() if isinstance(item, Evidence)]
        if not evidence and not log.exceptions:
            return
        lines = piece.decode(errors="replace").split("\n")
        found = list(tracebacks(lines))
        if found and self._is_known(tuple(log.exceptions), *(traceback.own_frame for traceback in found)):
            return
        named = self._name(evidence)
        if not named and log.exceptions:
            evidence = [*evidence, *self._likeness(log)]
            named = self._name(evidence)
        # Lines that stand in no traceback may have nothing to do with each other.
        inside = {f"output:{line + 1}" for item in found for line in range(item.first, item.last + 1)}
        for location in dict.fromkeys(item.location for item in evidence if item.location not in inside):
            named |= self._name([item for item in evidence if item.location == location])
        if not named:
            self._add_up(evidence)
        if found:
            self._name_symptom(evidence)

    def _is_known(self, *what: object) -> bool:
        if what in self._known:
            return True
        if len(self._known) < REMEMBERED:
            self._known.add(what)
        return False

    def _likeness(self, log: LogSource) -> list[Evidence]:
        """Compare the exceptions with the knowledge, as everywhere when no signature has settled it."""
        from troubleshoot.investigation.examination import examine_complaint

        session = Session(self._catalog)
        examine_complaint("", session, self._content, log.exceptions, log.quoted)
        return session.observed

    def _add_up(self, evidence: list[Evidence]) -> None:
        """See whether what has named nothing by itself names something together with the latest of its kind."""
        now = time.monotonic()
        recent = [(at, item) for at, item in self._unexplained if now - at < MEMORY]
        newest = set(map(_said, evidence))
        recent = [(at, item) for at, item in recent if _said(item) not in newest]
        recent += [(now, item) for item in evidence if item.kind != "resemblance"]
        self._unexplained = [] if self._name([item for _, item in recent]) else recent

    def _name_symptom(self, evidence: Sequence[Evidence]) -> None:
        """Tell an error that a few causes have in common, unless it is explained, or one of them has been told."""
        ranking = rank(self._likelihoods, evidence)
        diagnosis = diagnose(ranking)
        if diagnosis.status == "diagnosed" and not all(map(self._is_plain, diagnosis.candidates[0].reasons)):
            return
        for item in evidence:
            sharing = {cause.id for cause in self._catalog.causes.values() if item.subject in cause.symptoms}
            is_narrow = item.kind == "symptom" and 1 < len(sharing) <= FEW
            if is_narrow and item.subject not in self.told_symptoms and sharing.isdisjoint(self.told):
                self.told_symptoms[item.subject] = item
                self._tell_symptom(item, [one for one in ranking if one.cause in sharing][:MOST_NAMED])

    def _name(self, evidence: Sequence[Evidence]) -> bool:
        """Tell the cause that `evidence` settles, unless it has been told; return whether there is one."""
        diagnosis = diagnose(rank(self._likelihoods, evidence))
        if diagnosis.status != "diagnosed":
            return False
        cause = diagnosis.candidates[0]
        if all(map(self._is_plain, cause.reasons)):
            return True
        if cause.cause not in self.told:
            self.told[cause.cause] = cause
            self._tell(cause)
        return True

    def _is_plain(self, reason: Reason) -> bool:
        """Return whether `reason` says no more than the traceback that everybody sees."""
        item = reason.evidence
        signal = self._catalog.causes[item.subject].signal(item.key) if item.kind == "signal" else None
        return item.kind in ("symptom", "resemblance") or (signal is not None and signal.general)


def _said(item: Evidence) -> tuple[str, str, str, str]:
    """Return what a piece of evidence says, wherever it was observed."""
    return item.kind, item.subject, item.value, item.key
