"""An HTTPException passes the broad `except`; an answer with the text of any exception makes way for a plain 500."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import mentions, nodes_in, parent
from troubleshoot.code.topics.answers import FAILED, answer_of, tells
from troubleshoot.code.topics.exceptions import HTTP_EXCEPTION, code_of, is_broad
from troubleshoot.patches.handlers import changes_something
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError
from troubleshoot.patching.tries import drop_handler, has_comment

MOST_WORDS = 8
"""Words of an answer's own, such as "Failed to send the confirmation email", that a plain 500 may do without."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Raise again what nobody has expected if its text is told, else only the HTTPException."""
    handler, module = sighting.nodes.get("handler"), sighting.module
    if not isinstance(handler, ast.ExceptHandler):
        raise WithheldError("the answer needs a text of your own")
    if _tells_of_failure(sighting, draft, handler):
        _let_pass(sighting, draft, handler)
    elif sighting.node not in (handler, handler.type):
        raise WithheldError("the answer needs a text of your own")
    elif changes_something(handler.body[:-1]):
        _except_for_http(sighting, draft, handler)
    else:
        draft.before(module, handler, f"except {draft.name(module, HTTP_EXCEPTION)}:\n    raise")


def _tells_of_failure(sighting: Sighting, draft: Draft, handler: ast.ExceptHandler) -> bool:
    """Return whether a broad `except` ends in a 5xx with the exception's text, and does else what can stay."""
    function, project = sighting.function, draft.project
    if function is None or handler.name is None or not is_broad(project, handler, function):
        return False
    answer = answer_of(project, function, handler.body[-1])
    calls = all(isinstance(item, ast.Expr) for item in handler.body[:-1])
    return answer is not None and calls and code_of(answer) >= FAILED and tells(answer, handler.name, function)


def _let_pass(sighting: Sighting, draft: Draft, handler: ast.ExceptHandler) -> None:
    module, attempt, before = sighting.module, parent(handler), handler.body[:-1]
    assert isinstance(attempt, ast.Try)
    assert handler.type is not None
    assert handler.name is not None
    if _words_in(handler.body[-1]) > MOST_WORDS:
        raise WithheldError("the answer tells the client more than the exception's text")
    if not before and attempt.handlers[-1] is handler and not has_comment(draft, module, attempt, handler):
        drop_handler(draft, module, attempt, handler)
        return
    draft.replace(module, handler.body[-1], "raise")
    if not any(mentions(item, [handler.name]) for item in before):
        caught = f"except {draft.text(module, handler.type)}"
        draft.replace_start(module, handler, f"{caught} as {handler.name}", caught)


def _words_in(answer: ast.stmt) -> int:
    """Return how many words of its own an answer has."""
    texts = (node.value for node in ast.walk(answer) if isinstance(node, ast.Constant))
    return sum(len(text.split()) for text in texts if isinstance(text, str))


def _except_for_http(sighting: Sighting, draft: Draft, handler: ast.ExceptHandler) -> None:
    """Raise an HTTPException again behind what the `except` undoes, and before its answer."""
    module, last, name = sighting.module, handler.body[-1], handler.name
    if not isinstance(last, (ast.Raise, ast.Return)):
        raise WithheldError("the except does more than answer, and not at its end")
    if name is None:
        if handler.type is None:
            raise WithheldError("the except does more than answer, and has no name for what it has caught")
        name = "error"
        assert sighting.function is not None
        if any(mentions(node, [name]) for node in nodes_in(sighting.function.node.body)):
            raise WithheldError(f"{name} stands for something else there")
        caught = f"except {draft.text(module, handler.type)}"
        draft.replace_start(module, handler, caught, f"{caught} as {name}")
    draft.before(module, last, f"if isinstance({name}, {draft.name(module, HTTP_EXCEPTION)}):\n    raise")
