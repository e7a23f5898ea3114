"""The reproductions of causes, run for real as the tests run them, wherever their pack is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from troubleshoot.authoring.examples import ExampleReport
from troubleshoot.authoring.scaffold import REPRODUCTIONS
from troubleshoot.catalog.content import Content
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog, Cause
from troubleshoot.testing import Reproduction, prove, refuse, reproduction_of


def proofs(content: Content, catalog: Catalog, causes: Sequence[str]) -> ExampleReport:
    """Prove every fix of these causes, and refuse what people try first; this runs what the reproductions say."""
    passed = 0
    failed = []
    renderer = Renderer(content, catalog)
    for cause in (catalog.causes[id_] for id_ in causes):
        for what, work in _of(content, catalog, cause, renderer):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    work(Path(folder))
                    passed += 1
                except Exception as error:  # a reproduction may do anything
                    failed.append(f"{what}: {type(error).__name__}: {error}")
    return ExampleReport(passed, failed)


def _of(
    content: Content, catalog: Catalog, cause: Cause, renderer: Renderer
) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """Yield what is proven, and what proves it in a folder."""
    if cause.unproven:
        return
    pack = content.named(catalog.origins.get(cause.id, content.folders[0].name))
    reproductions = pack.knowledge.parent / REPRODUCTIONS
    tried = set()
    for fix in cause.fixes:
        path = reproduction_of(cause.id, fix, reproductions)
        yield f"{cause.id}#{fix}", partial(prove, cause, fix, renderer, path)
        if path not in tried:
            tried.add(path)
            for attempt in Reproduction.read(path).names().get("WRONG", {}):
                yield f"{cause.id}: {attempt}", partial(refuse, cause, fix, attempt, renderer, path)
