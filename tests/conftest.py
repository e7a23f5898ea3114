"""How many of the tempting wrong fixes are tried."""

import pytest


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
