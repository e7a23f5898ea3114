"""A patch that is called proven cures the reproduction's own broken application, on the real thing."""

from pathlib import Path

import pytest

from tests.engine.patched import CATALOG, CONTENT, PATCHED, apply_all
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, Reproduction

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
    parameters = CATALOG.causes[cause].fixes[fix].parameters
    values = fill(
        parameters, (), {name: value for name, value in names.get("PARAMETERS", {}).items() if name in parameters}
    )
    snippet = Renderer(CONTENT, CATALOG).fix(CATALOG.causes[cause], fix, values)
    bench = reproduction.lay_out(tmp_path / "patched", names, snippet, fixed=False)
    before = {path: path.read_bytes() for path in bench.folder.rglob("*.py")}
    apply_all(bench.folder, cause)
    assert {path: path.read_bytes() for path in before} != before
    names["check"](Bench(bench.folder, fixed=True))
