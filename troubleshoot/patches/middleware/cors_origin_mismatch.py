"""An origin loses its slash and its path; one text becomes a list."""

from __future__ import annotations

import re

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import module_with
from troubleshoot.patching.texts import WithheldError

WITH_PATH = re.compile(r"(https?://[^/\s,?#*]+)[/?#].*", re.DOTALL)
ORIGIN = re.compile(r"\*|https?://[^/\s,*]+")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Cut the text off behind host and port, wherever it is written, and put a lone one into brackets."""
    written = sighting.nodes["written"]
    module = module_with(draft.project, written)
    address, source = text_of(written), draft.text(module, written)
    found = WITH_PATH.fullmatch(address)
    origin = found[1] if found is not None else address
    if ORIGIN.fullmatch(origin) is None:
        raise WithheldError(f"only its owner knows which origin {address!r} stands for")
    if source.count(address) != 1:
        raise WithheldError("the text is written in several pieces")
    text = source.replace(address, origin)
    draft.replace(module, written, f"[{text}]" if written is sighting.node else text)
