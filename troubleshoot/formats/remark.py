"""What is known beside a server's own output: a few lines in a frame, in colour where that is wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from troubleshoot import program
from troubleshoot.formats.prose import WIDTH, wrapped
from troubleshoot.formats.words import percent
from troubleshoot.model import Candidate, Catalog, Evidence
from troubleshoot.sources.frames import Frame
from troubleshoot.values import frozen

EDGE = "│ "
WARNING = re.compile(r"(?P<file>\S[^:]*):(?P<line>\d+): (?P<what>\w*Warning: .*)", re.DOTALL)
PLACED = re.compile(r" \(in (?P<function>[\w.<> ]+), [^\n]+:\d+[^\n]*\)$")
PLAIN, DIM, RING, LABEL, NAME, COMMAND = "", "2", "33", "1", "36", "32"
"""Styles, as terminals number them."""


@frozen
class Look:
    """How remarks are drawn: in how many columns, and whether in colour."""

    width: int = WIDTH
    is_coloured: bool = False

    def painted(self, text: str, style: str) -> str:
        """Return `text` in a style, if there is colour."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.is_coloured and style and text else text


def write(catalog: Catalog, candidate: Candidate, look: Look) -> str:
    """Return what is known of a cause that has just shown itself, framed, ending in a line end."""
    cause = catalog.causes[candidate.cause]
    reason = max(candidate.reasons, key=lambda item: item.bits)
    fix = next(iter(cause.fixes.values()))
    changes = any(item.patch is not None for item in cause.fixes.values())
    return _framed(
        [
            ("Likely:", cause.title, LABEL),
            ("", f"{cause.id}, {percent(candidate.probability)}", NAME),
            ("Why:", _observed(reason.evidence), PLAIN),
            ("Fix:", fix.title, PLAIN),
            ("", f"{program.name()} explain {cause.id}", COMMAND),
            ("", f"{program.name()} fix {cause.id}{' --source .' if changes else ''}", COMMAND),
        ],
        look,
    )


def write_symptom(catalog: Catalog, symptom: Evidence, candidates: Sequence[Candidate], look: Look) -> str:
    """Return what is known of an error that a few causes have in common, framed, ending in a line end."""
    causes = [catalog.causes[candidate.cause] for candidate in candidates]
    lines = [
        ("Known:", catalog.symptoms[symptom.subject].title, LABEL),
        ("Why:", _observed(symptom), PLAIN),
        ("It is:", "one of these, most likely; your source tells which", PLAIN),
    ]
    for cause in causes:
        lines += [("", cause.title, PLAIN), ("", cause.id, NAME)]
    asked = f"{program.name()} answer --answer symptom={symptom.subject} --source ."
    return _framed([*lines, ("", asked, COMMAND)], look)


def blocked(sentence: str, look: Look) -> str:
    """Return the line that says which line blocks an event loop, ending in a line end."""
    return f"{look.painted('troubleshoot:', RING)} {look.painted(sentence, LABEL)}\n"


def summary(causes: Sequence[str], symptoms: Sequence[str], look: Look) -> str:
    """Return what remains in the end: what was named, and the command that goes on from there."""
    count = "1 cause" if len(causes) == 1 else f"{len(causes)} causes"
    said = [f"{count} named: {', '.join(causes)}"] if causes else []
    said += [f"known, but not its cause: {', '.join(symptoms)}"] if symptoms else []
    command = f"explain {causes[0]}" if causes else f"answer --answer symptom={symptoms[0]} --source ."
    last = look.painted(f"{program.name()} {command}", COMMAND)
    return f"{look.painted('troubleshoot:', RING)} {'; '.join(said)}\n{last}\n"


def _framed(lines: Sequence[tuple[str, str, str]], look: Look) -> str:
    """Return lines, each a label, a text and its style, in a frame that is open to the right, where commands stand."""
    drawn = [look.painted("┌─ troubleshoot", RING)]
    for label, text, style in lines:
        # A command or a name is for copying, so it stays in one piece.
        pieces = [text] if style in (COMMAND, NAME) else wrapped(text, "", "", look.width - len(EDGE) - 8)
        for number, piece in enumerate(pieces):
            head = look.painted(f"{label if number == 0 else '':<8}", DIM)
            drawn.append(f"{look.painted(EDGE, RING)}{head}{look.painted(piece, style)}")
    return "\n".join([*drawn, look.painted("└─", RING)]) + "\n"


def _observed(evidence: Evidence) -> str:
    """Return what was seen and where: the place that a warning came up at need not be the user's own line."""
    what, place = evidence.what, ""
    if placed := PLACED.search(what):
        what = what[: placed.start()]
        place = f"{short(evidence.captured.get('file', ''))}:{evidence.captured.get('line', '')}"
    found = WARNING.match(what)
    if found and (place or not Frame(found["file"], int(found["line"]), "").is_own):
        what = found["what"]
    what = what.replace(f"{Path.cwd()}/", "")
    return f"{what} (in {placed['function']}, {place})" if placed and place not in what else what


def short(file: str) -> str:
    """Return a path as people say it: from where they are, if it is below."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
