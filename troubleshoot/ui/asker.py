"""How questions are put. Everything goes to standard error."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

Labels: TypeAlias = Mapping[str, str]
"""What can be chosen: ids, and what they are called."""
Check = Callable[[str], str]
"""Returns what is wrong with a text, or nothing."""
MARGIN = 6
"""Columns in front of the text of a choice: the pointer, and its key."""
A_SENTENCE = 12
"""Characters from which on what was typed or pasted, where a choice was expected, is something to be read."""
WHY = ":why"
"""The action behind the key `?`."""
BACK = ":back"
"""The action behind Escape."""
KEYS: Mapping[str, str] = {WHY: "?"}
YES_AND_NO = ("yes", "no")


class Told(Exception):  # noqa: N818 - no error: somebody has more to say
    """Where a choice was expected, a text was pasted."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Asker(Protocol):
    """Puts one question at a time. Raises KeyboardInterrupt when the user breaks off.

    `is_drawn` says whether what it shows may have colours and boxes.
    """

    is_drawn: bool

    def choose(self, text: str, options: Labels, actions: Labels, default: str = "", rows: int = 0) -> str:
        """Return the id of the option or action chosen. Raises `Told`.

        `rows` is how many rows of the terminal the choices may take, where there is something above them to be seen.
        """

    def write(self, text: str, default: str = "", check: Check = lambda _: "") -> str:
        """Return a line of text for which `check` has nothing to say."""

    def describe(self, text: str) -> str:
        """Return what was typed or pasted, of however many lines."""

    def say(self, text: str = "") -> None:
        """Show a line."""


def agrees(asker: Asker, text: str, yes: str = "Yes", no: str = "No") -> bool:
    """Return whether somebody says yes. Raises `Told`."""
    return asker.choose(text, {"yes": yes, "no": no}, {}) == "yes"


def ask_what(asker: Asker) -> str:
    """Return what is wrong, in somebody's own words, or nothing."""
    asker.say(fitted("Let us find out what is wrong. Ctrl-C stops and keeps your answers."))
    return asker.describe("What do you see? Describe it, or paste the error (nothing, for a list):")


def fitted(text: str, indent: int = 0) -> str:
    """Return `text` broken into lines that fit the terminal, all but the first indented by `indent` columns."""
    width = max(20, shutil.get_terminal_size().columns - 1)
    lines = [
        textwrap.fill(line, width - indent, break_long_words=False, break_on_hyphens=False) or line
        for line in text.splitlines()
    ]
    return ("\n" + " " * indent).join("\n".join(lines).splitlines())


def keys_of(actions: Labels, taken: Mapping[str, str]) -> dict[str, str]:
    """Return a key for each action: its own, or the first letter of its name that nothing else has."""
    keys = dict(taken)
    for action in actions:
        letters = (KEYS[action],) if action in KEYS else action.strip(":")
        keys[next(letter for letter in letters if letter not in keys)] = action
    return {key: name for key, name in keys.items() if name in actions}


def habits_of(options: Labels, taken: Mapping[str, str]) -> dict[str, str]:
    """Return the letters that people press for yes and no without looking, where they mean nothing else."""
    return {name[0]: name for name in YES_AND_NO if name in options and name[0] not in taken}
