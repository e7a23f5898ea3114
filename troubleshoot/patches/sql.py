"""The text of a statement taken apart at its values, and written again with parameters in their places."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from troubleshoot.code.topics.statements import parts_of
from troubleshoot.patching.texts import WithheldError

PIECE = re.compile(
    r"(?P<prefix>[a-zA-Z]{0,2})(?P<quote>'''|\"\"\"|'|\")(?P<inside>(?:\\.|(?!(?P=quote)).)*)(?P=quote)", re.DOTALL
)
FIELD = re.compile(r"(?P<quote>\\?'|)(?P<before>%?)\{(?P<value>[^{}]+)\}(?P<after>%?)(?P=quote)")
OPERATOR = re.compile(r"(?:[=<>]|\bi?like|\bbetween)\s*$|\bvalues\s*\([^()]*$", re.IGNORECASE)
"""What stands before a value, at the end of what stands before it."""
GIVEN = re.compile(r"%(?:\((\w+)\))?s")
NAMED = re.compile(r"\{(\w*)\}")
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value in a text: what stands before and behind it, and whether it is in the quotes of SQL."""

    value: ast.expr
    before: str
    behind: str
    is_quoted: bool

    @property
    def holds_value(self) -> bool:
        """Whether a parameter may stand there: in quotes, or beside an operator; not where a name belongs."""
        return not self.behind.startswith("::") and (self.is_quoted or OPERATOR.search(self.before) is not None)

    @property
    def around(self) -> tuple[str, str]:
        """The `%` of a pattern that stand in the quotes with the value."""
        return self.before[self.before.rindex("'") + 1 :] if self.is_quoted else "", (
            self.behind[: self.behind.index("'")] if self.is_quoted else ""
        )


def slots_of(text: ast.expr) -> tuple[list[str], list[Slot]]:
    """Return the literal parts of a text, one more than there are slots, and the slots between them."""
    literals, values = [""], []
    for part in _interleaved(text):
        if isinstance(part, str):
            literals[-1] += part
        else:
            values.append(part)
            literals.append("")
    slots = []
    for index, value in enumerate(values):
        before, behind = literals[index], literals[index + 1]
        is_quoted = re.search(r"'%?$", before) is not None and re.match(r"%?'", behind) is not None
        rest = behind[behind.index("'") + 1 :] if is_quoted else behind
        whole = "".join(literals[: index + 1])
        slots.append(Slot(value, whole, behind if is_quoted else rest, is_quoted))
        if is_quoted and rest.startswith("::"):
            raise WithheldError("a cast stands behind the value, where text() wants CAST(… AS …)")
    return literals, slots


def _interleaved(text: ast.expr) -> list[str | ast.expr]:
    """Return the parts of a text in order. Raises `WithheldError` for one that is put together in a rarer way."""
    if isinstance(text, ast.BinOp) and isinstance(text.op, ast.Mod) and isinstance(text.left, ast.Constant):
        given = text.right.elts if isinstance(text.right, ast.Tuple) else [text.right]
        named = _by_name(text.right.keys, text.right.values) if isinstance(text.right, ast.Dict) else {}
        if re.search(r"%(?!\(\w+\)s|s|%)", str(text.left.value)):
            raise WithheldError("its text is formatted in a way that a parameter cannot be")
        return [
            part.replace("%%", "%") if isinstance(part, str) else part
            for part in _filled(GIVEN, str(text.left.value), given, named)
        ]
    if (
        isinstance(text, ast.Call)
        and isinstance(text.func, ast.Attribute)
        and isinstance(text.func.value, ast.Constant)
    ):
        named = {item.arg: item.value for item in text.keywords if item.arg}
        literal = str(text.func.value.value)
        if "{" in NAMED.sub("", literal) or any(name.isdigit() for name in NAMED.findall(literal)):
            raise WithheldError("its text is formatted in a way that a parameter cannot be")
        return _filled(NAMED, literal, text.args, named)
    if isinstance(text, ast.JoinedStr) and any(
        isinstance(item, ast.FormattedValue) and (item.conversion != -1 or item.format_spec) for item in text.values
    ):
        raise WithheldError("its text is formatted in a way that a parameter cannot be")
    if isinstance(text, ast.Call):
        raise WithheldError("its text is made elsewhere")
    return parts_of(text)


def _by_name(keys: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> dict[str, ast.expr]:
    pairs = zip(keys, values, strict=True)
    return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}


def _filled(
    place: re.Pattern[str], literal: str, given: Sequence[ast.expr], named: dict[str, ast.expr]
) -> list[str | ast.expr]:
    """Return a text's literal parts, and what is given for its places between them."""
    parts: list[str | ast.expr] = []
    position, waiting = 0, list(given)
    for found in place.finditer(literal):
        value = named.get(found[1]) if found[1] else (waiting.pop(0) if waiting else None)
        if value is None or isinstance(value, ast.Starred):
            raise WithheldError("nobody knows what is put into its text")
        parts += [literal[position : found.start()], value]
        position = found.end()
    return [*parts, literal[position:]]


def rewritten(text: ast.expr, source: str, placeholder: Callable[[int], str]) -> str:
    """Return the source of a text with placeholders for the slots that have one, an f-string in its own layout."""
    literals, slots = slots_of(text)
    expected = ""
    for index, slot in enumerate(slots):
        before = literals[index]
        if placeholder(index) and slot.is_quoted:
            left, right = slot.around
            before = before.removesuffix(f"'{left}")
            literals[index + 1] = literals[index + 1].removeprefix(f"{right}'")
        expected += before + (placeholder(index) or f"{{{ast.unparse(slot.value)}}}")
    expected += literals[-1]
    if isinstance(text, ast.JoinedStr):
        new = _edited(source, placeholder)
    else:
        new = f'"{expected}"'
        is_plain = all(map(placeholder, range(len(slots)))) and re.search(r'["\\\n\r]', expected) is None
        if not is_plain or len(new) > LONGEST_TEXT:
            raise WithheldError("its text is put together in a way of its own")
    if _told(new) != expected:
        raise WithheldError("its text is put together in a way of its own")
    return new


def _edited(source: str, placeholder: Callable[[int], str]) -> str:
    """Return an f-string, of one or several pieces, with placeholders in its fields."""
    if "{{" in source or "}}" in source:
        raise WithheldError("its text has braces of its own")
    count = -1

    def field(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return placeholder(count) or found[0]

    def piece(found: re.Match[str]) -> str:
        prefix, inside = found["prefix"], found["inside"]
        if "f" in prefix.lower():
            inside = FIELD.sub(field, inside)
            if "{" not in inside:
                prefix = prefix.replace("f", "").replace("F", "")
        return f"{prefix}{found['quote']}{inside}{found['quote']}"

    return PIECE.sub(piece, source)


def _told(source: str) -> str:
    """Return what a text says, with the source of its values in braces."""
    try:
        parts = parts_of(ast.parse(f"({source})", mode="eval").body)
    except SyntaxError as error:
        raise WithheldError("its text is put together in a way of its own") from error
    return "".join(part if isinstance(part, str) else f"{{{ast.unparse(part)}}}" for part in parts)
