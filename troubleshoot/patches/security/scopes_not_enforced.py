"""What takes `SecurityScopes` gets them from `Security`; where nothing does, what decodes the token compares them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import DependencyUse
from troubleshoot.code.application.reach import function_of
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_within, statement_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.detectors.security.scopes_not_enforced import SCOPES
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.room import unused_name
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import WithheldError

DECODES = ("jwt.decode", "jose.jwt.decode")
CHECK = """
if not set({scopes}.scopes) <= set(str({claims}.get("scope") or "").split()):
    raise {exception}(403, "Not enough permissions")
"""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Hand the scopes to the dependency of the route that compares them, else let one compare them."""
    project, call = draft.project, sighting.node
    use = next(use for use in project.dependencies if use.call is call)
    comparing = list(_comparing(project, use))
    if len(comparing) == 1:
        _hand_over(draft, use, comparing[0], draft.text(sighting.module, sighting.nodes["scopes"]))
        return
    decoding = [
        (function, call)
        for function in dict.fromkeys(_below(project, function_of(use.value, project.inference)))
        for call in function.body.calls
        if project.path(call.func, function) in DECODES
    ]
    if len(decoding) != 1:
        raise WithheldError("nothing shows where the scopes of the token are known")
    _compare(draft, *decoding[0])


def _below(project: Project, function: Function | None) -> Iterator[Function]:
    """Yield a dependency of the project and those below it."""
    queue, seen = [function], set[Function]()
    while queue:
        function = queue.pop()
        if function is not None and function not in seen:
            seen.add(function)
            yield function
            queue += [function_of(use.value, project.inference) for use in project.dependencies_of(function)]


def _comparing(project: Project, use: DependencyUse) -> Iterator[DependencyUse]:
    """Yield what the same route gets by `Depends`, and what takes `SecurityScopes` somewhere below."""
    for route in project.routes:
        if is_within(use.call, route.call):
            for other in project.dependencies_of(route.function):
                functions = _below(project, function_of(other.value, project.inference))
                if any(project.path(param.annotation, item) == SCOPES for item in functions for param in item.params):
                    yield other


def _hand_over(draft: Draft, blind: DependencyUse, comparing: DependencyUse, scopes: str) -> None:
    module, given, taken = blind.scope.module, blind.given, comparing.given
    is_own = comparing.holder is not None and comparing.call in ast.walk(comparing.holder.node)
    if draft.project.path(comparing.call.func, comparing.scope) != "fastapi.Depends" or not is_own:
        raise WithheldError("what takes the scopes is declared elsewhere, for other routes, too")
    if given is None or taken is None or len(comparing.call.args) + len(comparing.call.keywords) > 1:
        raise WithheldError("the dependencies are declared in a way of their own")
    security, depends = draft.name(module, "fastapi.Security"), draft.name(module, "fastapi.Depends")
    draft.replace(module, comparing.call, f"{security}({draft.text(module, taken)}, scopes={scopes})")
    draft.replace(module, blind.call, f"{depends}({draft.text(module, given)})")


def _compare(draft: Draft, function: Function, decoding: ast.Call) -> None:
    """Let a function compare the scopes of the route with those of the token that it decodes."""
    module, statement = function.module, statement_of(decoding)
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    around = _top(function, statement)
    if isinstance(statement, ast.Return) and statement.value is decoding and around is function.node.body[-1]:
        claims = unused_name(function.node, "claims", "payload")
        draft.replace_start(module, statement, "return", f"{claims} =")
        behind = f"return {claims}"
    elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        claims, behind = statement.targets[0].id, ""
    else:
        raise WithheldError(f"{function.qualname} does not keep what the token says")
    scopes = unused_name(function.node, "security_scopes", "needed_scopes")
    add_parameters(
        draft, function, [f"{scopes}: {draft.name(module, 'fastapi.security.SecurityScopes')}"], required=True
    )
    exception = draft.name(module, "fastapi.HTTPException")
    draft.after(module, around, CHECK.format(scopes=scopes, claims=claims, exception=exception) + behind)


def _top(function: Function, statement: ast.stmt | None) -> ast.stmt:
    """Return the statement behind which a decoded token is at hand: its own, or the `try` around that."""
    if statement is None or statement in function.node.body:
        assert statement is not None
        return statement
    attempt = next(ancestors(statement), None)
    if not isinstance(attempt, ast.Try) or statement not in attempt.body or attempt not in function.node.body:
        raise WithheldError(f"{function.qualname} does not always decode the token")
    if not all(isinstance(handler.body[-1], ast.Raise) for handler in attempt.handlers) or attempt.orelse:
        raise WithheldError(f"{function.qualname} goes on without a token")
    if any(item is not statement and item in ast.walk(attempt) for item in function.body.returns):
        raise WithheldError(f"{function.qualname} returns where the token is decoded")
    return attempt
