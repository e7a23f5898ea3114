"""A troubleshooting wizard for FastAPI applications.

For programs: `load` the knowledge, `diagnose` what is wrong, `scan` source; the topic `python` shows how.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import diagnose, load, scan

__all__ = ["__version__", "diagnose", "load", "scan"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Return one of the functions, which are imported when they are first asked for: most commands need none."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("troubleshoot.api"), name)
