"""A traceback says the same where paths are written with backslashes."""

import io
import re

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.model import Evidence
from troubleshoot.sources.logs import LogSource

CATALOG = load(find_content())
PATH = re.compile(r'File "/([^"\n]*)"')
TRACEBACKS = [
    (f"{cause.id}:{number}", text)
    for cause in CATALOG.causes.values()
    for number, text in enumerate(cause.examples.matches, start=1)
    if PATH.search(text)
]


def found(text: str) -> set[tuple[str, str]]:
    collected = LogSource(CATALOG, io.BytesIO(text.encode()), "app.log").collect()
    return {(item.subject, item.key) for item in collected if isinstance(item, Evidence)}


@pytest.mark.parametrize("text", [text for _, text in TRACEBACKS], ids=[name for name, _ in TRACEBACKS])
def test_backslashes_in_paths_change_nothing(text):
    windows = PATH.sub(lambda path: 'File "C:\\' + path[1].replace("/", "\\") + '"', text)
    assert found(windows) == found(text)
