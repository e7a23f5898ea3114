"""The origins come from the environment, or are those that stand beside the wildcard."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.patching.arguments import drop, replace_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the wildcard out of a list that names origins, else read them from the environment."""
    module, call, listed = sighting.module, sighting.node, sighting.nodes.get("listed")
    assert isinstance(call, ast.Call)
    pattern = next((item for item in call.keywords if item.value is sighting.nodes.get("pattern")), None)
    if pattern is not None:
        replace_argument(draft, module, call, pattern, f"allow_origins={_read(draft, module)}")
        return
    if not isinstance(listed, (ast.List, ast.Tuple, ast.Set)):
        raise WithheldError("the origins are not written as a list")
    if not any(item is listed for item in ast.walk(module.tree)):
        raise WithheldError("the origins are set in another file")
    wildcards = [item for item in listed.elts if text_of(item) == "*"]
    if len(wildcards) < len(listed.elts):
        if isinstance(listed, ast.Tuple) or len(wildcards) > 1:
            raise WithheldError("the wildcard has to be taken out by hand")
        drop(draft, module, listed.elts, wildcards[0])
        return
    if keyword(call, "allow_origins") is listed:
        replace_argument(draft, module, call, listed, _read(draft, module))
    elif not any(listed in values for values in module.body.assigned.values()):
        raise WithheldError("the origins are the default of a setting")
    else:
        draft.replace(module, listed, _read(draft, module))


def _read(draft: Draft, module: Module) -> str:
    return f'{draft.name(module, "os.environ")}.get("ALLOWED_ORIGINS", "").split()'
