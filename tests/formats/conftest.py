"""What several formats are held to."""

import pytest

from troubleshoot.detectors import detectors


@pytest.fixture(scope="session")
def mistakes():
    """A project with every mistake that source can show: the broken example of each detector in a folder of its own."""
    return {
        f"{cause.replace('/', '_')}/{name}": text
        for cause, detector in detectors().items()
        for name, text in detector.BROKEN.items()
    }
