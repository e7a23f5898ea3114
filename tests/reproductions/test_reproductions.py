"""Every fix is proven on the real thing: the check fails on the broken application and passes on the repaired one."""

from pathlib import Path

import pytest

from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.catalog.content import find_content
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import prove

CONTENT = find_content()
CATALOG = compile_catalog(CONTENT)
HERE = Path(__file__).parent
FIXES = [(cause, fix) for cause in CATALOG.causes.values() if not cause.unproven for fix in cause.fixes]


@pytest.mark.parametrize(("cause", "fix"), FIXES, ids=[f"{cause.id}#{fix}" for cause, fix in FIXES])
def test_the_fix_cures_the_broken_application(cause, fix, tmp_path):
    prove(cause, fix, Renderer(CONTENT, CATALOG), HERE / f"{cause.id}.py", tmp_path)
