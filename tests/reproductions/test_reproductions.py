"""Every fix is proven on the real thing: the check fails on the broken and on the wrongly mended application, and passes on the repaired one."""

from pathlib import Path

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Reproduction, prove, refuse

CONTENT = find_content()
CATALOG = compile_catalog(CONTENT)
HERE = Path(__file__).parent
PROVEN = [cause for cause in CATALOG.causes.values() if not cause.unproven]
FIXES = [(cause, fix) for cause in PROVEN for fix in cause.fixes]
WRONG = [
    (cause, attempt)
    for cause in PROVEN
    for attempt in Reproduction.read(HERE / f"{cause.id}.py").names().get("WRONG", {})
]


@pytest.mark.parametrize(("cause", "fix"), FIXES, ids=[f"{cause.id}#{fix}" for cause, fix in FIXES])
def test_the_fix_cures_the_broken_application(cause, fix, tmp_path):
    prove(cause, fix, Renderer(CONTENT, CATALOG), HERE / f"{cause.id}.py", tmp_path)


@pytest.mark.parametrize(("cause", "attempt"), WRONG, ids=[f"{cause.id}: {attempt}" for cause, attempt in WRONG])
def test_the_tempting_wrong_fix_cures_nothing(cause, attempt, tmp_path):
    refuse(cause, attempt, Renderer(CONTENT, CATALOG), HERE / f"{cause.id}.py", tmp_path)


def test_each_reproduction_names_a_tempting_wrong_fix():
    named = {cause.id for cause, _ in WRONG}
    assert not [cause.id for cause in PROVEN if cause.id not in named]
