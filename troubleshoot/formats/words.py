"""Numbers and states of an answer in the words in which people read them."""

from __future__ import annotations

from collections.abc import Mapping

from troubleshoot.investigation.answer import Answer, RenderedFix
from troubleshoot.model import Reason
from troubleshoot.versions.names import TITLES

CANNOT_TELL = "I cannot tell from this."
FOREIGN = "This looks like nothing that I know."
LIKELY = "Not certain yet. Most likely it is one of these; which is true of your code?"
WEIGHTS = ((8.0, "decisive"), (4.0, "strong"), (1.0, "some"), (0.0, "slight"))
"""What a reason of at least so many bits is called."""
AGAINST = "against"


def weight(reason: Reason) -> str:
    """Return how much a reason counts."""
    return next((word for least, word in WEIGHTS if reason.bits > least), AGAINST)


def where(reason: Reason) -> str:
    """Return where a reason comes from."""
    return reason.evidence.location or reason.evidence.source


def percent(probability: float) -> str:
    """Return a probability as people read it, never as a certainty."""
    return f"{min(99, max(1, round(100 * probability)))} %"


def unknown(answer: Answer) -> str:
    """Return the sentence that says whether more would help, or the cause is not one of those known."""
    return FOREIGN if answer.is_foreign else CANNOT_TELL


def verified(with_: Mapping[str, str]) -> str:
    """Return the sentence that says which versions a fix was run against."""
    if not with_:
        return "This fix has no reproduction; it was reviewed but not run."
    packages = ", ".join(f"{name} {version}" for name, version in with_.items())
    return f"Run against {packages}."


def misfit(fix: RenderedFix) -> str:
    """Return the sentence that says why a fix does not work with the versions in use."""
    return f"Not for your versions: it {fix.misfit}."


def versions(answer: Answer) -> str:
    """Return the versions in use, and where they stand, as one sentence."""
    named = (f"{TITLES[package]} {version.text} ({version.location})" for package, version in answer.versions.items())
    return f"Versions in use: {', '.join(named)}."
