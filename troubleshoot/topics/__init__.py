"""What there is to read about the program: a topic is a file beside this one, its heading its line in the list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from troubleshoot.errors import UsageError, did_you_mean

FOLDER = Path(__file__).parent


def headings() -> Mapping[str, str]:
    """Return the topics with what each is about."""
    paths = sorted(FOLDER.glob("*.md"))
    return {path.stem: path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for path in paths}


def read(topic: str) -> str:
    """Return the text of a topic, in Markdown. Raises `UsageError` for one that is not there."""
    known = headings()
    if topic not in known:
        hint = did_you_mean(topic, known) or f"; there are {', '.join(known)}"
        raise UsageError(f"no topic {topic!r}{hint}")
    return FOLDER.joinpath(f"{topic}.md").read_text(encoding="utf-8")
