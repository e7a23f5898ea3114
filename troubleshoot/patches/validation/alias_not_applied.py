"""The model is told to take both names, and its dump to have the alias."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Module
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Add `populate_by_name=True` to the settings of the model, or of what it derives from, else make some."""
    dump = sighting.nodes.get("dump")
    if isinstance(dump, ast.Call):
        add_arguments(draft, sighting.module, dump, ["by_alias=True"])
        return
    called = sighting.nodes["model"]
    model = next((item for item in _classes(draft) if item.node is called), None)
    if model is None:
        raise WithheldError("the model is declared inside a function")
    for cls in draft.project.inference.lineage(model):
        if cls.node.keywords:
            raise WithheldError(f"the settings of {cls.name} stand beside its bases")
        for value in cls.body.assigned.get("model_config", ()):
            _extend(draft, cls.module, value)
            return
    made = draft.name(model.module, "pydantic.ConfigDict")
    text, first = f"model_config = {made}(populate_by_name=True)", model.node.body[0]
    if ast.get_docstring(model.node, clean=False) is None:
        draft.before(model.module, first, text)
    else:
        source = draft.source(model.module)
        draft.around(model.module, first, "", f"{source.newline * 2}{source.indent(first)}{text}")


def _extend(draft: Draft, module: Module, value: ast.expr) -> None:
    if isinstance(value, ast.Call):
        add_arguments(draft, module, value, ["populate_by_name=True"])
    elif isinstance(value, ast.Dict) and value.values:
        draft.around(module, value.values[-1], "", ', "populate_by_name": True')
    else:
        raise WithheldError("the settings of the model are made elsewhere")


def _classes(draft: Draft) -> list[Class]:
    return [item for module in draft.project.files.modules() for item in module.classes.values()]
