"""An origin loses its slash and its path; one text becomes a list."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

WITH_PATH = re.compile(r"(https?://[^/\s,?#*]+)[/?#].*", re.DOTALL)
ORIGIN = re.compile(r"\*|https?://[^/\s,]+")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Cut the text off behind host and port, wherever it is written, and put a lone one into brackets."""
    written = sighting.nodes["written"]
    module = _module_of(draft.project, sighting.module, written)
    address, source = text_of(written), draft.text(module, written)
    found = WITH_PATH.fullmatch(address)
    origin = found[1] if found is not None else address
    if ORIGIN.fullmatch(origin) is None:
        raise WithheldError(f"only its owner knows which origin {address!r} stands for")
    if source.count(address) != 1:
        raise WithheldError("the text is written in several pieces")
    text = source.replace(address, origin)
    draft.replace(module, written, f"[{text}]" if written is sighting.node else text)


def _module_of(project: Project, first: Module, node: ast.AST) -> Module:
    """Return the module that a literal stands in, which settings may have in a file of their own."""
    for module in (first, *project.modules, *filter(None, map(project.files.module, project.files.paths))):
        if any(item is node for item in ast.walk(module.tree)):
            return module
    raise WithheldError("nobody knows where the origin is written")
