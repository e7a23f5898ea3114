"""Each detector's own examples: the broken files show the cause, the fixed ones do not."""

import pytest

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.detectors import detectors

DETECTORS = detectors()


def sightings(detector, files, folder):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(detector.detect(Project(Files(str(folder), sorted(files)))))


@pytest.mark.parametrize("cause", DETECTORS)
def test_the_broken_example_shows_its_cause(cause, tmp_path):
    found = sightings(DETECTORS[cause], DETECTORS[cause].BROKEN, tmp_path)
    assert found
    for sighting in found:
        assert sighting.message
        assert "\n" not in sighting.message


@pytest.mark.parametrize("cause", DETECTORS)
def test_the_fixed_example_is_silent(cause, tmp_path):
    found = sightings(DETECTORS[cause], DETECTORS[cause].FIXED, tmp_path)
    assert [(item.module.path, item.node.lineno, item.message) for item in found] == []


@pytest.mark.parametrize("cause", DETECTORS)
def test_a_detector_is_of_a_cause(cause, catalog):
    assert cause in catalog.causes
