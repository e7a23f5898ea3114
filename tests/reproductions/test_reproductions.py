"""Every fix is proven on the real thing: the check fails on the broken and on the wrongly mended application, and passes on the repaired one."""

from pathlib import Path

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Reproduction, prove, refuse, reproduction_of

CONTENT = find_content()
CATALOG = load(CONTENT)
HERE = Path(__file__).parent
PROVEN = [cause for cause in CATALOG.causes.values() if not cause.unproven]
FIXES = [(cause, fix) for cause in PROVEN for fix in cause.fixes]
SEEN = {reproduction_of(cause.id, fix, HERE): (cause, fix) for cause, fix in reversed(FIXES)}
"""The fix with which the wrong ones of a reproduction are tried: the first that has it."""
WRONG = [
    (path, *SEEN[path], attempt)
    for path in sorted(SEEN)
    for attempt in Reproduction.read(path).names().get("WRONG", {})
]


@pytest.mark.parametrize(("cause", "fix"), FIXES, ids=[f"{cause.id}#{fix}" for cause, fix in FIXES])
def test_the_fix_cures_the_broken_application(cause, fix, tmp_path):
    prove(cause, fix, Renderer(CONTENT, CATALOG), reproduction_of(cause.id, fix, HERE), tmp_path)


@pytest.mark.parametrize(
    ("path", "cause", "fix", "attempt"), WRONG, ids=[f"{cause.id}: {attempt}" for _, cause, _, attempt in WRONG]
)
def test_the_tempting_wrong_fix_cures_nothing(path, cause, fix, attempt, tmp_path):
    refuse(cause, fix, attempt, Renderer(CONTENT, CATALOG), path, tmp_path)


def test_each_reproduction_names_a_tempting_wrong_fix():
    assert not SEEN.keys() - {path for path, *_ in WRONG}
