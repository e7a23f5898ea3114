"""Questions drawn by questionary: arrows, numbers, letters, or typing to filter. Drawn on standard error."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import questionary
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import ConditionalContainer, Dimension, FormattedTextControl, ScrollOffsets, Window
from prompt_toolkit.output import create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from questionary.prompts.common import InquirerControl

from troubleshoot.ui.asker import A_SENTENCE, BACK, MARGIN, Check, Labels, Told, fitted, habits_of, keys_of
from troubleshoot.ui.waiting import BREATH, is_waiting

POINTER = 3
"""Columns that questionary puts in front of a choice."""
FEWEST_TO_FILTER = 10
"""So many options are filtered by what is typed; fewer are chosen by a key."""
NEWLINE = "\n"
SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O?.)?")
"""What a terminal sends for a key that is no character."""
PIECE = 1 << 16
"""Bytes that are read at once of what is pasted."""
ESCAPE_SECONDS = 0.1
"""After which Escape is that key, and not the beginning of another one's sequence."""


class DrawnAsker:
    """Choices under a pointer, and what was chosen left behind as one line."""

    is_drawn = True

    def __init__(self) -> None:
        self._output = create_output(stdout=sys.stderr)
        # The terminal's answer where its cursor is would arrive in the middle of what is being pasted.
        if isinstance(self._output, Vt100_Output):
            self._output.enable_cpr = False

    def choose(self, text: str, options: Labels, actions: Labels, default: str = "", rows: int = 0) -> str:
        """Return the id of the option or action chosen. Raises `Told`."""
        menu = Menu(options, actions)
        question = questionary.select(
            _with_instruction(text, menu.instruction),
            choices=menu.choices(),
            default=default if default in options else None,
            instruction=" ",
            use_search_filter=menu.is_filtered,
            use_jk_keys=False,
            style=_style(),
            qmark="?",
            output=self._output,
        )
        menu.attach(question.application, rows)
        chosen = str(question.unsafe_ask())
        label = options[chosen] if chosen in options else actions[chosen]
        self.say(fitted(f"? {text}  {label}", len("? ")))
        return chosen

    def write(self, text: str, default: str = "", check: Check = lambda _: "") -> str:
        """Return a line of text for which `check` has nothing to say."""
        asked = questionary.text(
            text,
            default=default,
            validate=lambda value: check(value) or True,
            style=_style(),
            output=self._output,
        )
        return str(asked.unsafe_ask())

    def describe(self, text: str) -> str:
        """Return what was typed or pasted; Enter ends it, unless more of a paste is waiting."""
        keys = KeyBindings()

        @keys.add("enter", eager=True)
        def _(event: KeyPressEvent) -> None:
            rest = _waiting(event)
            event.current_buffer.insert_text(f"\n{rest.removesuffix(NEWLINE)}" if rest else "")
            if not rest or rest.endswith(NEWLINE):
                event.current_buffer.validate_and_handle()

        asked = questionary.text(
            f"{fitted(text, len('? '))}\n>",
            multiline=True,
            instruction="",
            key_bindings=keys,
            style=_style(),
            output=self._output,
        )
        return str(asked.unsafe_ask())

    def say(self, text: str = "") -> None:
        """Show a line."""
        print(text, file=sys.stderr)  # noqa: T201


class Menu:
    """The choices of one question, and the keys that reach them."""

    def __init__(self, options: Labels, actions: Labels) -> None:
        self.options = options
        self.actions = actions
        self.is_filtered = len(options) >= FEWEST_TO_FILTER
        numbers = {} if self.is_filtered else {str(number): option for number, option in enumerate(options, start=1)}
        letters = keys_of(actions, numbers)
        self.keys = letters if not self.is_filtered else {key: name for key, name in letters.items() if key == "?"}
        self.keys = {**({} if self.is_filtered else habits_of(options, letters)), **self.keys, **numbers}

    @property
    def instruction(self) -> str:
        """What may be pressed."""
        return "(type to filter, arrows, Enter)" if self.is_filtered else "(keys or arrows, Enter)"

    def choices(self) -> list[Any]:
        """Return the choices as questionary takes them, each behind its key."""
        key_of = {name: key for key, name in self.keys.items()}
        made: list[Any] = []
        for name, label in {**self.options, **self.actions}.items():
            if self.actions and name == next(iter(self.actions)):
                made.append(questionary.Separator(" "))
            key = key_of.get(name, "")
            made.append(
                questionary.Choice(f"{key:<2} {fitted(label, MARGIN)}" if key else fitted(label, POINTER), name)
            )
        return made

    def attach(self, application: Any, rows: int) -> None:
        """Add our keys, and a line that says how much there is below, to a drawing of at most `rows` rows, if given."""
        control = next(item for item in application.layout.find_all_controls() if isinstance(item, InquirerControl))
        window = next(item for item in application.layout.find_all_windows() if item.content is control)
        if rows:
            window.height = Dimension(max=rows)
        window.scroll_offsets = ScrollOffsets(top=1, bottom=2)
        below = Window(FormattedTextControl(lambda: _below(window, control)), height=1)
        parts = application.layout.container.children
        place = next(at for at, row in enumerate(parts) if getattr(row, "content", None) is window)
        parts.insert(place + 1, ConditionalContainer(below, Condition(lambda: bool(_below(window, control)))))
        application.erase_when_done = True
        application.ttimeoutlen = ESCAPE_SECONDS
        application.key_bindings = merge_key_bindings([application.key_bindings, self._bindings(control)])

        # How much there is below is known only after the first drawing.
        def again(_: Any) -> None:
            application.after_render -= again
            application.invalidate()

        application.after_render += again

    def _bindings(self, control: InquirerControl) -> KeyBindings:
        keys = KeyBindings()

        @keys.add(Keys.BracketedPaste, eager=True)
        def _(event: KeyPressEvent) -> None:
            self._take(event, control, event.data)

        @keys.add(Keys.Any)
        def _(event: KeyPressEvent) -> None:
            if event.data.isprintable():
                self._take(event, control, event.data)

        for key in [*(chr(code) for code in range(32, 127)), "enter"]:

            @keys.add(key, eager=True)
            def _(event: KeyPressEvent) -> None:
                self._take(event, control, NEWLINE if event.key_sequence[0].key == Keys.ControlM else event.data)

        @keys.add("home", eager=True)
        def _(_: KeyPressEvent) -> None:
            control.pointed_at = 0

        @keys.add("end", eager=True)
        def _(_: KeyPressEvent) -> None:
            control.pointed_at = control.choice_count - 1

        @keys.add("escape", eager=True)
        def _(event: KeyPressEvent) -> None:
            if control.search_filter:
                control.search_filter = None
                control.pointed_at = 0
            elif BACK in self.actions:
                event.app.exit(result=BACK)

        return keys

    def _take(self, event: KeyPressEvent, control: InquirerControl, data: str) -> None:
        """Take in what was typed; what arrives at once and is longer than a choice was pasted."""
        arrived = _lines(data) + _waiting(event)
        if len(arrived.strip()) >= A_SENTENCE:
            event.app.exit(exception=Told(arrived))
            return
        for key in arrived:
            if self._press(event, control, key):
                return

    def _press(self, event: KeyPressEvent, control: InquirerControl, key: str) -> bool:
        """Do what one key means; return whether that ends the question."""
        if key == NEWLINE:
            chosen = control.get_pointed_at().value
        elif key.lower() in self.keys and not control.search_filter:
            chosen = self.keys[key.lower()]
        else:
            if self.is_filtered:
                control.add_search_character(key)  # type: ignore[arg-type] # it is added to a text
            return False
        if chosen is None:
            return False
        event.app.exit(result=chosen)
        return True


def _with_instruction(text: str, instruction: str) -> str:
    """Return a question with what may be pressed, which gets a line of its own where it does not fit behind it."""
    lines = fitted(text, len("? ")).splitlines()
    last = f"{lines[-1]}  {instruction}"
    ends = [last] if fitted(last, MARGIN) == last else [lines[-1], f"  {instruction}"]
    return "\n".join([*lines[:-1], *ends])


def _waiting(event: KeyPressEvent) -> str:
    """Return, and take away, what has arrived behind the key pressed, or does so within a breath."""
    queue = event.app.key_processor.input_queue
    text = "".join(key.data for key in queue)
    queue.clear()
    rest = b""
    while is_waiting(BREATH) and (piece := os.read(event.app.input.fileno(), PIECE)):
        rest += piece
    return _lines(SEQUENCE.sub("", text + rest.decode("utf-8", "replace")))


def _lines(text: str) -> str:
    return text.replace("\r\n", NEWLINE).replace("\r", NEWLINE)


def _below(window: Window, control: InquirerControl) -> StyleAndTextTuples:
    """Return a line that says how many choices are below what is seen, or nothing."""
    seen = window.render_info
    if seen is None or not seen.displayed_lines:
        return []
    last, line, hidden = seen.last_visible_line(), 0, 0
    for choice in control.filtered_choices:
        lines = str(choice.title).count("\n") + 1
        hidden += line + lines - 1 > last and choice.value is not None
        line += lines
    return [("class:instruction", f"   ↓ {hidden} more below")] if hidden else []


def _style() -> questionary.Style:
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
