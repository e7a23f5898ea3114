"""The first prompt of the dialogue: as quick as it can be, with nothing read and no knowledge loaded before it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.errors import ExitCode, OutputError
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.shelf import last_kept, modified
from troubleshoot.ui import waiting
from troubleshoot.ui.asker import Asker, Told, agrees, ask_what
from troubleshoot.ui.askers import new_asker

if TYPE_CHECKING:
    from troubleshoot.catalog.content import Content
    from troubleshoot.model import Catalog

UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def run_wizard(
    load: Callable[[], tuple[Content, Catalog]], intake: Intake, *, plain: bool, save: Path | None, resume: Path | None
) -> int:
    """Lead a user from whatever was handed over to a diagnosis, and return the exit code.

    `load` brings the knowledge once it is needed. Raises `TroubleshootError` for input that cannot be used, and when
    there is no terminal.
    """
    asker = new_asker(plain=plain)
    if save is not None and save.exists() and save != resume:
        raise OutputError(f"--save {save}: exists already; choose another name, or go on with --resume {save}")
    try:
        asks = resume is None and intake.is_empty
        if asks:
            resume = _offer_kept(asker)
        text = ask_what(asker) if asks and resume is None else ""
    except Told as told:
        text = told.text
    except KeyboardInterrupt:
        asker.say("Nothing has been answered, so nothing is kept.")
        waiting.forget()
        return ExitCode.INTERRUPTED
    from troubleshoot.ui.wizard import lead

    try:
        content, catalog = load()
        intake = replace(intake, complaint=text or intake.complaint)
        return lead(asker, content, catalog, intake, save=save, resume=resume, has_described=asks)
    finally:
        waiting.forget()


def _offer_kept(asker: Asker) -> Path | None:
    """Offer to go on with what was kept in this folder; return it if that is wanted."""
    found = last_kept(Path.cwd())
    if found is None:
        return None
    path, answers = found
    given = f" with {answers} answer{'s' if answers != 1 else ''}" if answers else ""
    text = f"You stopped here {_ago(path)} ago{given}. Shall we go on from there?"
    return path if agrees(asker, text, "Yes, go on", "No, something new") else None


def _ago(path: Path) -> str:
    seconds = max(0.0, time.time() - modified(path))
    for length, unit in UNITS:
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return "a moment"
