"""What a fact is."""

from __future__ import annotations

from troubleshoot.inspection.described import Place
from troubleshoot.values import frozen


@frozen
class Fact:
    """Something the live objects prove: `what` is one sentence, `place` where it stands, `path` the route's path.

    `origin` is the origin at fault, where one is.
    """

    id: str
    what: str
    place: Place | None = None
    path: str = ""
    origin: str = ""
