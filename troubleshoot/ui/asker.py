"""How questions are put: drawn with arrow keys, or as plain numbered choices. Everything goes to standard error."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from troubleshoot import program
from troubleshoot.errors import AnswerNeededError
from troubleshoot.fixes.parameters import expected, is_valid
from troubleshoot.model import Parameter
from troubleshoot.ui import draws

POINTER = 3
"""Columns that questionary puts in front of a choice."""
Check = Callable[[str], str]
"""Returns what is wrong with a text, or nothing."""


class Asker(Protocol):
    """Puts one question at a time. Raises KeyboardInterrupt when the user breaks off."""

    def choose(self, text: str, options: Mapping[str, str], actions: Mapping[str, str], default: str = "") -> str:
        """Return the id of the option or action chosen."""

    def write(self, text: str, default: str = "", check: Check = lambda _: "") -> str:
        """Return a line of text for which `check` has nothing to say."""

    def say(self, text: str = "") -> None:
        """Show a line."""


def new_asker(*, plain: bool) -> Asker:
    """Return the asker that fits the terminal. Raises `AnswerNeededError` if there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise AnswerNeededError(
            f"there is no terminal to ask on; use `{program.name()} answer` with a complaint, --log or --answer"
        )
    return PlainAsker() if plain or not draws(sys.stderr) else DrawnAsker()


def parameter_prompt() -> Callable[[str, Parameter], str]:
    """Return what asks for a parameter's value, with its default to start from."""
    asker = new_asker(plain=False)

    def prompt(name: str, parameter: Parameter) -> str:
        def check(value: str) -> str:
            return "" if is_valid(parameter, value) else f"expected {expected(parameter)}"

        return asker.write(f"{name}, {parameter.about}:", parameter.default, check)

    return prompt


def fitted(text: str, indent: int = 0) -> str:
    """Return `text` broken into lines that fit the terminal, all but the first indented by `indent` columns."""
    width = max(20, shutil.get_terminal_size().columns - 1)
    lines = [
        textwrap.fill(line, width - indent, break_long_words=False, break_on_hyphens=False) or line
        for line in text.splitlines()
    ]
    return ("\n" + " " * indent).join("\n".join(lines).splitlines())


class PlainAsker:
    """Numbered choices, one line each, for screen readers and dumb terminals."""

    def choose(self, text: str, options: Mapping[str, str], actions: Mapping[str, str], default: str = "") -> str:
        """Return the id of the option or action whose number or letter was typed."""
        keys: dict[str, str] = {}
        self.say()
        self.say(fitted(text))
        for number, (option, label) in enumerate(options.items(), start=1):
            keys[str(number)] = option
            chosen = " (chosen before)" if option == default else ""
            self.say(f"  {number}. {fitted(label + chosen, 5)}")
        for action, label in actions.items():
            letter = next(letter for letter in action.strip(":") if letter not in keys)
            keys[letter] = action
            self.say(f"  {letter}. {label}")
        while True:
            typed = self._read("Number or letter: ").lower()
            if not typed and default:
                return default
            if typed in keys:
                return keys[typed]
            self.say(f"Please type one of {', '.join(keys)}.")

    def write(self, text: str, default: str = "", check: Check = lambda _: "") -> str:
        """Return the line typed, or the default for an empty one."""
        while True:
            typed = self._read(f"{text}{f' [{default}]' if default else ''} ") or default
            if wrong := check(typed):
                self.say(wrong)
                continue
            return typed

    def say(self, text: str = "") -> None:
        """Show a line."""
        print(text, file=sys.stderr)  # noqa: T201

    def _read(self, prompt: str) -> str:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()


class DrawnAsker:
    """Arrow keys and type-to-filter by questionary, drawn on standard error."""

    def __init__(self) -> None:
        from prompt_toolkit.output import create_output

        self._output = create_output(stdout=sys.stderr)

    def choose(self, text: str, options: Mapping[str, str], actions: Mapping[str, str], default: str = "") -> str:
        """Return the id of the option or action chosen."""
        import questionary

        choices: list[Any] = [
            questionary.Choice(fitted(label, POINTER), value=option) for option, label in options.items()
        ]
        if actions:
            choices.append(questionary.Separator(" "))
            choices += [questionary.Choice(label, value=action) for action, label in actions.items()]
        chosen = questionary.select(
            fitted(text, len("? ")),
            choices=choices,
            default=default if default in options else None,
            instruction="(arrows, Enter)",
            style=self._style(),
            qmark="?",
            output=self._output,
        ).unsafe_ask()
        return str(chosen)

    def write(self, text: str, default: str = "", check: Check = lambda _: "") -> str:
        """Return the text typed or pasted."""
        import questionary

        return str(
            questionary.text(
                text,
                default=default,
                validate=lambda value: check(value) or True,
                style=self._style(),
                output=self._output,
            ).unsafe_ask()
        )

    def say(self, text: str = "") -> None:
        """Show a line."""
        print(text, file=sys.stderr)  # noqa: T201

    def _style(self) -> Any:
        import os

        import questionary

        if os.environ.get("NO_COLOR"):
            return questionary.Style([("highlighted", "reverse"), ("answer", "bold"), ("question", "bold")])
        return questionary.Style(
            [
                ("qmark", "fg:ansigreen bold"),
                ("question", "bold"),
                ("answer", "fg:ansigreen"),
                ("pointer", "fg:ansigreen bold"),
                ("highlighted", "fg:ansigreen bold"),
                ("instruction", "fg:ansibrightblack"),
                ("separator", "fg:ansibrightblack"),
            ]
        )
