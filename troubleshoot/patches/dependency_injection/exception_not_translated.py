"""What fails on bad input goes into `try`, and what it raises becomes an HTTPException."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import is_within, mentions, nodes_in, statement_of
from troubleshoot.code.topics.exceptions import HTTP_EXCEPTION
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

WORDS = {
    "uuid.UUID": "a UUID",
    "builtins.int": "a whole number",
    "builtins.float": "a number",
    "json.loads": "JSON",
    "base64.b64decode": "Base64",
    "datetime.datetime.fromisoformat": "a date in ISO format",
}
TOKEN_ERRORS = {
    "jwt": "jwt.InvalidTokenError",
    "jose": "jose.JWTError",
    "authlib": "authlib.jose.errors.JoseError",
    "itsdangerous": "itsdangerous.BadData",
}
"""The base of what the `decode` and `loads` of a package raise for a bad token."""
SIMPLE = (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)


def patch(sighting: Sighting, draft: Draft) -> None:
    """Answer 400 for a value that cannot be read, 401 for a token that is not good."""
    function, module, call = sighting.function, sighting.module, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    statement = statement_of(call)
    if not isinstance(statement, SIMPLE):
        raise WithheldError("the call stands in the head of a block")
    if any(mentions(node, ["error"]) for node in nodes_in(function.node.body)):
        raise WithheldError("error stands for something else there")
    path = draft.project.path(call.func, function)
    http = draft.name(module, HTTP_EXCEPTION)
    if path in WORDS:
        for other in ast.walk(statement):
            if isinstance(other, (ast.Call, ast.Await)) and not is_within(other, call):
                raise WithheldError(f"line {statement.lineno} does more, which may raise a ValueError of another kind")
        caught, answer = "ValueError", f'{http}(400, "{ast.unparse(call.args[0])} is not {WORDS[path]}.")'
    else:
        caught = draft.name(module, TOKEN_ERRORS[path.partition(".")[0]])
        answer = f'{http}(401, "The token is not valid.")'
    draft.deepen(module, [statement], "try:", f"except {caught} as error:\n    raise {answer} from error")
