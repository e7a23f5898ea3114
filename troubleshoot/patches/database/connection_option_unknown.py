"""Options get the name that the driver has for them; those that mean nothing to it go."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.patching.arguments import drop_span
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ASYNCPG = "postgresql+asyncpg"
RENAMED = {ASYNCPG: {"sslmode": "ssl"}}
"""Options that have another name, and take the same values."""
MEANINGLESS = frozenset(("check_same_thread", "pgbouncer"))
"""Options of SQLite and of Prisma: no PostgreSQL driver would do anything about them."""
IN_SECONDS = "connect_timeout"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Translate every option, in the URL or in `connect_args`, that can be translated."""
    renamed = RENAMED.get(sighting.captured["dialect"], {})
    url, given = sighting.nodes["url"], sighting.nodes.get("connect_args")
    text = draft.text(sighting.module, url)
    changed = text
    for option in sighting.captured["options"].split():
        changed = _in_url(changed, option, renamed)
        if isinstance(given, ast.Dict):
            _in_dict(draft, sighting, given, option, renamed)
    if changed != text:
        draft.put(sighting.module, *draft.source(sighting.module).span(url), changed)


def _in_url(text: str, option: str, renamed: dict[str, str]) -> str:
    """Return the source of a URL without an option, or with its new name."""
    found = re.search(rf"(?<=[?&]){option}=[^&\"']*&?", text)
    if found is None:
        return text
    if option in renamed:
        return text[: found.start()] + renamed[option] + text[found.start() + len(option) :]
    _must_be_meaningless(option)
    shorter = text[: found.start()] + text[found.end() :]
    return re.sub(r"[?&](?=[\"'])", "", shorter)


def _in_dict(draft: Draft, sighting: Sighting, given: ast.Dict, option: str, renamed: dict[str, str]) -> None:
    """Rename or take out an option of `connect_args`; the whole argument goes with its last."""
    module, call = sighting.module, sighting.node
    assert isinstance(call, ast.Call)
    index = next((index for index, key in enumerate(given.keys) if text_of(key) == option), None)
    if index is None:
        return
    key, value = given.keys[index], given.values[index]
    assert key is not None
    seconds = isinstance(value, ast.Constant) and isinstance(value.value, (int, float))
    if option in renamed or (option == IN_SECONDS and sighting.captured["dialect"] == ASYNCPG and seconds):
        quote = draft.text(module, key)[0]
        draft.replace(module, key, f"{quote}{renamed.get(option, 'timeout')}{quote}")
        return
    _must_be_meaningless(option)
    source = draft.source(module)
    if len(given.keys) == 1:
        arguments = [*call.args, *call.keywords]
        index = next(index for index, item in enumerate(arguments) if getattr(item, "value", None) is given)
        drop_span(draft, module, [source.span(item) for item in arguments], index)
    else:
        items = zip(given.keys, given.values, strict=True)
        spans = [(source.span(name or item)[0], source.span(item)[1]) for name, item in items]
        drop_span(draft, module, spans, index)


def _must_be_meaningless(option: str) -> None:
    if option not in MEANINGLESS:
        raise WithheldError(f"{option} says something that the driver has to be told in another way")
