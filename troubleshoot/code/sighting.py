"""What a detector returns: a place in source that shows its cause, in the terms of the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.model import Package, Severity


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sighting:
    """A node that shows a cause; `message` is one sentence in the user's names, `captured` fills the fix's parameters.

    `function` is the one it stands in, None at the top level of `module`. `nodes` are others that a patch needs.
    `versions` are ranges outside of which the node is no mistake, besides those of the cause. `endpoints` and `minor`
    are as in `Finding`.
    """

    module: Module
    function: Function | None
    node: ast.expr | ast.stmt | ast.ExceptHandler
    severity: Severity
    message: str
    chain: tuple[str, ...] = ()
    captured: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, ast.AST] = field(default_factory=dict)
    versions: Mapping[Package, str] = field(default_factory=dict)
    endpoints: tuple[str, ...] = ()
    minor: bool = False

    def as_note(self) -> Sighting:
        """Return it as something to know, not to mend."""
        return replace(self, severity="info")
