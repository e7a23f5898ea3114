"""How source is changed that a template cannot change: one function for each such cause.

A patch is a file named after its cause, as a detector is: `patches/websocket/disconnect_not_handled.py` has
`patch(sighting, draft)`, which makes the edits with the methods of `Draft`, and raises `WithheldError` where the
source is such that it would have to guess. One of a cause that no detector shows by an example has an `EXAMPLE` of its
own, files by name. Whether a patch is safe, and what is left to do, stands in the YAML.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.drafts import Draft

Function: TypeAlias = Callable[[Sighting, Draft], None]


def has_function(cause: str) -> bool:
    """Return whether there is a function for a cause."""
    return (Path(__file__).parent / f"{cause.replace('-', '_')}.py").is_file()


def module_of(cause: str) -> ModuleType:
    """Return the module that makes the edits for a cause."""
    return importlib.import_module(f"{__name__}.{cause.replace('-', '_').replace('/', '.')}")


def function_of(cause: str) -> Function:
    """Return the function that makes the edits for a cause."""
    function: Function = module_of(cause).patch
    return function
