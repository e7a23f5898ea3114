"""Every door under a little random input, and under each input that has ever shown a bug."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz import doors, programs  # noqa: F401 - the doors are made there
from tests.fuzz.door import DOORS, prepared
from tests.fuzz.strategies import inputs

CORPUS = sorted(path for path in (Path(__file__).parent / "corpus").glob("*/*") if path.is_file())


@pytest.fixture(scope="module", autouse=True)
def place():
    with prepared():
        yield


@pytest.mark.parametrize("name", DOORS)
def test_any_input(name):
    door = DOORS[name]

    @settings(max_examples=door.examples, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(data=inputs(door.seeds(), door.vary))
    def enter(data):
        door.enter(data)

    enter()


@pytest.mark.parametrize("path", CORPUS, ids=[f"{path.parent.name}-{path.name}" for path in CORPUS])
def test_an_input_that_has_shown_a_bug(path):
    DOORS[path.parent.name].enter(path.read_bytes())
