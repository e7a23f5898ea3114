"""How a fix's parameters are asked for."""

from __future__ import annotations

from collections.abc import Callable

from troubleshoot.fixes.parameters import expected, is_valid
from troubleshoot.model import Parameter
from troubleshoot.ui.askers import new_asker


def parameter_prompt() -> Callable[[str, Parameter], str]:
    """Return what asks for a parameter's value, with its default to start from."""
    asker = new_asker(plain=False)

    def prompt(name: str, parameter: Parameter) -> str:
        def check(value: str) -> str:
            return "" if is_valid(parameter, value) else f"expected {expected(parameter)}"

        return asker.write(f"{name}, {parameter.about}:", parameter.default, check)

    return prompt
