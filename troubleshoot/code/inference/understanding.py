"""What the parts of the inference have in common.

They are one class, cut into layers: imports, stores, annotations, members, calls, names, implementations and, on top,
expressions. A layer uses
those below it; what one asks of those above it is declared here.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from troubleshoot.code.files import Files
from troubleshoot.code.inference.values import Scope, Value
from troubleshoot.code.syntax.modules import Module

DEPTH = 24
"""How far one expression is followed into others."""


@dataclass(eq=False)
class Understanding(ABC):
    """What every layer has: the files, and how deep it is in an expression."""

    files: Files
    _depth: int = 0

    @abstractmethod
    def value(self, node: ast.expr | None, scope: Scope) -> Value | None:
        """Return what `node` is, or None."""

    @abstractmethod
    def result(self, called: Value, bound: Mapping[str, Value] | None = None) -> Value | None:
        """Return what calling `called` gives, awaited if need be."""

    @abstractmethod
    def global_name(self, name: str, module: Module) -> Value | None:
        """Return what `name` is at the top level of `module`."""

    def _guarded(self, read: Callable[[Any, Any, Scope], Value | None], node: ast.expr, scope: Scope) -> Value | None:
        """Read an expression one level deeper; a bug that is met in one costs what that expression is."""
        self._depth += 1
        try:
            return read(self, node, scope)
        except RecursionError:
            raise
        except Exception as error:
            self.files.failed(error, f"{scope.module.path}:{node.lineno}", "understanding an expression")
            return None
        finally:
            self._depth -= 1

    def path(self, node: ast.expr | None, scope: Scope) -> str:
        """Return the library's qualified name that `node` is, or the empty string."""
        value = self.value(node, scope)
        return value if isinstance(value, str) else ""

    def _first(self, nodes: list[ast.expr], scope: Scope) -> Value | None:
        for node in nodes:
            value = self.value(node, scope)
            if value is not None:
                return value
        return None
