"""The plugin of pytest: every run in an environment with this package loads it, so it imports nothing until asked to.

`pytest --troubleshoot`, or `troubleshoot = true` among pytest's settings, switches it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

NAME = "troubleshoot"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting."""
    what = "Name the cause below each failing test whose failure is a known one of FastAPI and what it stands on."
    parser.getgroup(NAME).addoption("--troubleshoot", action="store_true", help=what)
    parser.addini(NAME, what, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Look at failing tests, if that is wanted, and there is more room for each than a line."""
    if (config.getoption(NAME) or config.getini(NAME)) and config.getoption("tbstyle") != "line":
        from troubleshoot.running.reports import Reports

        config.pluginmanager.register(Reports(), f"{NAME}-reports")
