"""A patch that is called proven cures the reproduction's own broken application, on the real thing."""

from pathlib import Path

import pytest

from tests.engine.patched import CATALOG, CONTENT, PATCHED, apply_all
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, Reproduction, lay_out, snippet_of

HERE = Path(__file__).parent
PROVEN = [
    (cause, name)
    for cause in PATCHED
    for name, fix in CATALOG.causes[cause].fixes.items()
    if fix.patch and fix.patch.proven
]


@pytest.mark.parametrize(("cause", "fix"), PROVEN, ids=[cause for cause, _ in PROVEN])
def test_the_patch_cures_the_broken_application(cause, fix, tmp_path):
    reproduction = Reproduction.read(HERE / f"{cause}.py")
    names = reproduction.names()
    snippet = snippet_of(CATALOG.causes[cause], fix, Renderer(CONTENT, CATALOG), names)
    files = reproduction.application(names, snippet.file_name)
    bench = lay_out(tmp_path / "patched", files, fixed=False)
    before = {path: path.read_bytes() for path in bench.folder.rglob("*.py")}
    apply_all(bench.folder, cause)
    assert {path: path.read_bytes() for path in before} != before
    names["check"](Bench(bench.folder, fixed=True))
