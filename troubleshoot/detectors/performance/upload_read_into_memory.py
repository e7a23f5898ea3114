"""An upload that is read as a whole."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function

READS = ("fastapi.UploadFile().read", "fastapi.UploadFile().file.read")

BROKEN = {
    "main.py": """
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, File, UploadFile

app = FastAPI()


async def store(file: UploadFile):
    return len(await file.read())


@app.post("/whole")
async def whole(file: UploadFile):
    data = await file.read()
    return len(data)


@app.post("/stored")
async def stored(file: UploadFile):
    contents = await file.read()
    Path("upload").write_bytes(contents)


@app.post("/opened")
async def opened(file: UploadFile):
    with open("upload", "wb") as target:
        target.write(await file.read())


@app.post("/helper")
async def helper(file: UploadFile = File(...)):
    return await store(file)


@app.post("/sync")
def in_thread(file: UploadFile):
    return len(file.file.read())


@app.post("/bytes")
async def as_bytes(file: Annotated[bytes, File()]):
    return len(file)
"""
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/chunks")
async def chunks(file: UploadFile):
    size = 0
    while data := await file.read(1024 * 1024):
        size += len(data)
    return size


@app.post("/limited")
async def limited(file: UploadFile):
    if file.size is None or file.size > 1_000_000:
        return "too large"
    return len(await file.read())
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield whole reads of uploads whose size nobody has looked at before."""
    looked = set()
    for reached in project.reach:
        function = reached.function
        if function in looked:
            continue
        looked.add(function)
        for call in function.body.calls:
            whole = isinstance(call.func, ast.Attribute) and call.func.attr == "read" and not call.args
            if whole and project.inference.path(call.func, reached.scope) in READS and not _knows_size(function):
                yield _sighting(function, call, f"{function.qualname} reads the whole upload into memory")
    for function in project.called_as("path operation"):
        for param in function.params:
            if (
                param.annotation is not None
                and function.module.mentions(b"File(")
                and _is_bytes_file(param.annotation, param.default)
            ):
                message = f"{param.name} of {function.qualname} is bytes, so the whole upload is read into memory"
                yield _sighting(function, param.annotation, message)


def _knows_size(function: Function) -> bool:
    return any(attribute.attr == "size" for attribute in function.body.attributes)


def _is_bytes_file(annotation: ast.expr, default: ast.expr | None) -> bool:
    text = f"{ast.unparse(annotation)} = {ast.unparse(default) if default is not None else ''}"
    return "bytes" in text and "File(" in text


def _sighting(function: Function, node: ast.expr, message: str) -> Sighting:
    return Sighting(module=function.module, function=function, node=node, severity="info", message=message)
