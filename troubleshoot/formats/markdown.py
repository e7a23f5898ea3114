"""The answer as Markdown, for a ticket or a pull request; its shape is the template `report.md.j2`."""

from __future__ import annotations

from troubleshoot.fixes.rendering import Renderer
from troubleshoot.formats.changes import remarks
from troubleshoot.formats.text import (
    LIKELY,
    change_title,
    misfit_text,
    percent,
    unknown_text,
    verified_text,
    versions_text,
)
from troubleshoot.investigation.answer import Answer


def write(answer: Answer, renderer: Renderer) -> str:
    """Return `answer` as Markdown."""
    values = {
        "answer": answer,
        "percent": percent,
        "verified_text": verified_text,
        "misfit_text": misfit_text,
        "versions_text": versions_text,
        "likely": LIKELY,
        "unknown_text": unknown_text,
        "change_title": change_title,
        "remarks": remarks,
    }
    return renderer.report(values)
