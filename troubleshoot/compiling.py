"""What a wheel carries besides the knowledge: all that is computed from it, so that nobody's first run has to."""

from __future__ import annotations

import json
from pathlib import Path

from troubleshoot.catalog import compiled
from troubleshoot.catalog.cache import CATALOG, LEXICON, SKELETONS
from troubleshoot.catalog.content import Content
from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.sources.lexicon import write_index


def compile_into(folder: Path, content: Content) -> None:
    """Write what is computed from `content` into `folder`. Raises `KnowledgeError` and OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    catalog = compile_catalog(content)
    (folder / f"knowledge{CATALOG}").write_bytes(compiled.dump(catalog, content))
    (folder / f"knowledge{SKELETONS}").write_text(json.dumps(Renderer(content, catalog).skeletons()), encoding="utf-8")
    index = folder / f"knowledge{LEXICON}"
    index.unlink(missing_ok=True)
    write_index(catalog, index)
