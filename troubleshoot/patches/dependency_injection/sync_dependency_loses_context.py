"""`async def` for a dependency that sets a context variable, so that it runs where the endpoint's context is."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import function_with
from troubleshoot.patching.signatures import give_async_iterator
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Make the function that FastAPI calls a coroutine, or an asynchronous generator."""
    function = function_with(draft.project, sighting.nodes["root"])
    if function.name == "__init__":
        raise WithheldError("__init__ cannot wait for anything, so the class cannot be the dependency")
    if function.node.decorator_list:
        raise WithheldError(f"a decorator changes {function.qualname}")
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    draft.replace_start(function.module, function.node, "def", "async def")
    if function.is_generator:
        give_async_iterator(draft, function)
