"""What holds for all tests: neither the terminal matters nor the speed; how many tempting wrong fixes are tried."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

OF_THE_TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TROUBLESHOOT_DEBUG", "VIRTUAL_ENV", "CONDA_PREFIX")
"""What somebody's shell may have set, and what the program goes by."""


def pytest_configure() -> None:
    """Start from an environment without them, for the processes that tests start too; no property is a race."""
    for name in OF_THE_TERMINAL:
        os.environ.pop(name, None)
    # Beside other work a machine may take many times as long to make an example, or to try it.
    settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--wrong`."""
    parser.addoption(
        "--wrong", choices=("all", "first"), default="all", help="tempting wrong fixes to try of each reproduction"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--wrong first`, leave out all but the first of each reproduction."""
    if config.getoption("--wrong") == "all":
        return
    seen = set()
    left_out = []
    for item in items:
        if item.name.startswith("test_the_tempting_wrong_fix"):
            path = item.callspec.params["path"]
            if path in seen:
                left_out.append(item)
            seen.add(path)
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    # Several processes that run the tests have folders beside each other.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def cache(shared: Path) -> Path:
    """A cache folder for all tests of this run: to compile the knowledge anew takes longer than most of them."""
    folder = shared / "cache"
    folder.mkdir(exist_ok=True)
    return folder
