"""Where sessions are kept, and which of them somebody would go on with."""

from __future__ import annotations

import hashlib
import json
import re
import time
from pathlib import Path

from troubleshoot import limits

SECONDS_OFFERED = 14 * 86400
"""For so long a kept session is offered again."""


def last_kept(here: Path) -> tuple[Path, int] | None:
    """Return what was kept last of those who work in the folder `here`, and how many questions were answered in it.

    None if there is nothing, it is long ago, or its fix has helped.
    """
    for path in sorted(place().glob(f"{stem_of(here)}*.json"), key=modified, reverse=True):
        try:
            kept = json.loads(limits.read(path, "session"))
            answers, outcomes = len(kept["steps"]), kept["outcomes"].values()
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
        is_over = "yes" in outcomes or time.time() - modified(path) > SECONDS_OFFERED
        return None if is_over else (path, answers)
    return None


def place() -> Path:
    """Return the folder of the sessions that are kept for those who name no file."""
    import platformdirs

    return platformdirs.user_state_path("troubleshoot", appauthor=False)


def stem_of(here: Path) -> str:
    """Return what the sessions of a folder are called: its name for people, and a digest of its path."""
    digest = hashlib.sha256(str(here.resolve()).encode(errors="surrogateescape")).hexdigest()
    return f"{re.sub(r'[^a-z0-9]+', '-', here.name.lower())[:40]}-{digest[:8]}"


def modified(path: Path) -> float:
    """Return when a session was kept, in seconds; 0 if it is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
