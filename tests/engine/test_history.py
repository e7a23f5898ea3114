"""An error that somebody tells of as over, or as another system's, is not taken for what is wrong now."""

import pytest
from catalogs import catalog_of, cause

from troubleshoot.model import Evidence, Signal
from troubleshoot.sources.complaint import ComplaintSource
from troubleshoot.sources.history import told_apart

OVER = "MismatchingStateError: mismatching_state"


@pytest.mark.parametrize(
    "text",
    [
        f"The callback raised {OVER}. I set the cookie to lax; now it says KeyError: 'id_token'.",
        f"We had {OVER} for a week. After switching to one host the callback fails with KeyError: 'id_token'.",
        f"Previously it was {OVER}. The callback ends with KeyError: 'id_token'.",
        f"In the sync version we got {OVER}. Here it is KeyError: 'id_token'.",
        f"With Flask I had {OVER}. FastAPI says KeyError: 'id_token'.",
    ],
)
def test_what_is_over_or_was_elsewhere_is_told_apart(text):
    now, before, elsewhere = told_apart([text])
    assert "KeyError" in " ".join(now)
    assert OVER in " ".join((*before, *elsewhere))
    assert OVER not in " ".join(now)


@pytest.mark.parametrize(
    "text",
    [
        f"Now and then the callback raises {OVER}.",
        f"The callback raises {OVER}. I do not know what to do now.",
        f"Before I log in I see the page, then {OVER}.",
        f"With Keycloak I get {OVER}, whatever I set.",
        f"Now the callback gives {OVER}",
    ],
)
def test_what_happens_now_stays(text):
    now, _, _ = told_apart([text])
    assert OVER in " ".join(now)


@pytest.mark.parametrize(
    "text",
    [
        f"I do not see any {OVER} in the log, the callback just hangs.",
        f"There is no {OVER}, only a blank page.",
        f"It is not a {OVER}, it is a timeout.",
        f"The callback doesn't raise {OVER}; it redirects for ever.",
        f"I expected {OVER}, instead the page is blank.",
        f"I get a blank page rather than a {OVER}.",
    ],
)
def test_what_is_said_not_to_be_there_is_told_apart(text):
    now, _, elsewhere = told_apart([text])
    assert "MismatchingStateError" in " ".join(elsewhere)
    assert "MismatchingStateError" not in " ".join(now)


@pytest.mark.parametrize(
    "text",
    [
        f"I do not see the page but {OVER}.",
        f"There is no cookie and the callback ends with {OVER.partition('Error')[0]}.",
        "RuntimeError: There is no current event loop in thread 'AnyIO worker thread'.",
        "It says: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        "sqlalchemy says the object is not bound to a Session, instead of the books",
    ],
)
def test_what_an_error_says_is_not_there_is_its_own_affair(text):
    now, _, _ = told_apart([text])
    assert " ".join(" ".join(now).split()) == text


def confirmed(text):
    """Return the causes of which `text` holds the error."""
    causes = [cause(f"family/{name}", {"s": "always"}, {}) for name in ("old", "new")]
    for known in causes:
        pattern = rf"\b{known.id.partition('/')[2].title()}Error\b"
        object.__setattr__(known, "signals", (Signal(pattern=pattern, weight="confirms"),))
    found = ComplaintSource(catalog_of(causes, ["s"], {"q": ["yes", "no"]}), text).collect()
    return {item.subject for item in found if isinstance(item, Evidence) and item.kind == "signal"}


def test_what_is_over_counts_only_where_nothing_else_is_known():
    assert confirmed("The callback raised OldError. I set a secret; now it says NewError.") == {"family/new"}
    assert confirmed("The callback raised OldError. I set a secret; now it says nothing.") == {"family/old"}
    assert confirmed("With Flask I had OldError. FastAPI says NewError.") == {"family/new"}
    assert confirmed("With Flask I had OldError. FastAPI says nothing.") == set()
    assert confirmed("The callback raised OldError and then NewError.") == {"family/old", "family/new"}


@pytest.mark.parametrize(
    "turn",
    [
        "So I changed the folder and got this instead:",
        "That led to another error:",
        "With both secrets equal it fails with a different exception",
        "which then gave me the next error",
    ],
)
def test_an_error_that_another_has_replaced_is_over(turn):
    now, before, _ = told_apart([f"The callback raises {OVER}.", turn, "KeyError: 'id_token'"])
    assert OVER not in " ".join(now)
    assert OVER in " ".join(before)
    assert "KeyError" in " ".join(now)


@pytest.mark.parametrize(
    "turn", ["I get the same error with curl.", "I use nginx instead: no change", "Any other error?"]
)
def test_an_error_that_nothing_has_replaced_stays(turn):
    now, _, _ = told_apart([f"The callback raises {OVER}.", turn])
    assert OVER in " ".join(now)
