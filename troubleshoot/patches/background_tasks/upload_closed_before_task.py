"""The work gets a copy of the upload, which stays open until nobody needs it any more."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, ancestors, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.room import unused_name
from troubleshoot.patching.texts import WithheldError

UPLOAD = "fastapi.UploadFile"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Copy the file in front of the statement that starts the work, and hand over the copy."""
    function, upload, module = sighting.function, sighting.nodes.get("upload"), sighting.module
    statement = statement_of(sighting.node)
    assert function is not None
    if not isinstance(upload, ast.expr):
        raise WithheldError("FastAPI 0.118 keeps the upload open for tasks of its own, without a change of the source")
    if statement is None or any(isinstance(item, (*COMPREHENSIONS, ast.Lambda)) for item in ancestors(upload)):
        raise WithheldError("several uploads are handed over at once")
    text = draft.text(module, upload)
    is_upload = draft.project.path(upload, function) == f"{UPLOAD}()"
    copied, copy = unused_name(function.node, "content", "copied"), unused_name(function.node, "copy", "kept")
    content, target = (f"{text}.file", copied) if is_upload else (text, copy)
    copies = draft.name(module, "shutil.copyfileobj")
    if function.is_async:
        copying = f"await {draft.name(module, 'fastapi.concurrency.run_in_threadpool')}({copies}, {content}, {target})"
    else:
        copying = f"{copies}({content}, {target})"
    lines = [f"{target} = {draft.name(module, 'tempfile.TemporaryFile')}()", copying, f"{target}.seek(0)"]
    if is_upload:
        arguments = [copied, *(f"{name}={text}.{name}" for name in ("size", "filename", "headers"))]
        line = f"{copy} = {draft.name(module, UPLOAD)}({', '.join(arguments)})"
        source = draft.source(module)
        if len(source.indent(statement)) + len(line) > source.width:
            opening = line.partition("(")[0]
            line = "\n".join([f"{opening}(", *(f"    {item}," for item in arguments), ")"])
        lines.append(line)
    draft.before(module, statement, "\n".join(lines))
    draft.put(module, *draft.source(module).span(upload), copy)
