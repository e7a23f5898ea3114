"""Questions as numbered lines, for screen readers and dumb terminals."""

from __future__ import annotations

import sys

from troubleshoot.ui.asker import A_SENTENCE, Check, Labels, Told, fitted, habits_of, keys_of
from troubleshoot.ui.waiting import BREATH, is_waiting


class NumberedAsker:
    """Numbered choices, one line each."""

    is_drawn = False

    def choose(self, text: str, options: Labels, actions: Labels, default: str = "", rows: int = 0) -> str:  # noqa: ARG002 - lines scroll
        """Return the id of the option or action whose number or letter was typed. Raises `Told`."""
        numbers = {str(number): option for number, option in enumerate(options, start=1)}
        letters = keys_of(actions, numbers)
        self.say()
        self.say(fitted(text))
        for number, option in numbers.items():
            chosen = " (chosen before)" if option == default else ""
            self.say(f"  {number}. {fitted(options[option] + chosen, 5)}")
        for letter, action in letters.items():
            self.say(f"  {letter}. {fitted(actions[action], 5)}")
        keys = numbers | letters | habits_of(options, letters)
        while True:
            typed = self._read("Number or letter: ")
            if not typed and default:
                return default
            if typed.lower() in keys:
                return keys[typed.lower()]
            if len(typed) >= A_SENTENCE or (typed and is_waiting(BREATH)):
                raise Told("\n".join([typed, *self._rest()]))
            self.say(f"Please type one of {', '.join(keys)}.")

    def write(self, text: str, default: str = "", check: Check = lambda _: "") -> str:
        """Return the line typed, or the default for an empty one."""
        while True:
            typed = self._read(f"{text}{f' [{default}]' if default else ''} ") or default
            if wrong := check(typed):
                self.say(wrong)
                continue
            return typed

    def describe(self, text: str) -> str:
        """Return the lines typed up to an empty one, or to the end of what was pasted."""
        self.say(fitted(f"{text} An empty line ends it."))
        first = self._read("> ")
        return "\n".join([first, *self._typed()]) if first or is_waiting(BREATH) else ""

    def say(self, text: str = "") -> None:
        """Show a line."""
        print(text, file=sys.stderr)  # noqa: T201

    def _typed(self) -> list[str]:
        """Return what else is typed before an empty line or Ctrl-D; empty lines in the middle of a paste are kept."""
        lines = []
        while line := sys.stdin.readline():
            if not line.strip() and not is_waiting(BREATH):
                break
            lines.append(line.rstrip("\n"))
        return lines

    def _rest(self) -> list[str]:
        """Return the lines that are waiting already."""
        lines = []
        while is_waiting(BREATH) and (line := sys.stdin.readline()):
            lines.append(line.rstrip("\n"))
        return lines

    def _read(self, prompt: str) -> str:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()
