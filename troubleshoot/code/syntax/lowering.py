"""Newer syntax rewritten for an older parser, line for line, so that every interpreter reads every Python.

What the rewritten source means does not matter, only that names, calls and lines stay where they were: type parameters
are left out, `except A, B:` gets its parentheses back, an f-string becomes a sum of its parts.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

Edit = tuple[int, int, bytes]
"""From this byte up to that one, put this instead."""
ONLY_LATELY_STARRED = ("subscript", "list_comprehension", "set_comprehension", "generator_expression")


@functools.cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_python

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def lowered(source: bytes) -> bytes:
    """Return `source` with the syntax of Python 3.11 to 3.15 expressed in that of 3.10."""
    root = _parser().parse(source).root_node
    return _applied(source, 0, len(source), _edits(source, root))


def _applied(source: bytes, start: int, end: int, edits: Iterator[Edit]) -> bytes:
    parts = []
    for first, last, text in edits:
        parts += [source[start:first], text]
        start = last
    return b"".join((*parts, source[start:end]))


def _edits(source: bytes, node: Node) -> Iterator[Edit]:
    """Yield what to change within `node`, from the front to the back, nothing inside something else."""
    if node.type == "type_parameter" and node.parent is not None and node.parent.type.endswith("_definition"):
        yield node.start_byte, node.end_byte, _newlines(source, node)
    elif node.type == "type_alias_statement":
        yield from _type_alias(source, node)
    elif node.type == "concatenated_string" and any(_is_rewritten(source, child) for child in node.children):
        yield from _concatenation(source, node)
    elif _is_rewritten(source, node):
        yield node.start_byte, node.end_byte, _sum(source, node)
    elif _is_new_star(source, node):
        first = node.children[0]
        yield first.start_byte, first.end_byte, b" "
        for child in node.children[1:]:
            yield from _edits(source, child)
    elif _is_lazy(source, node) and node.next_sibling is not None:
        yield node.start_byte, node.next_sibling.start_byte, b""
    elif node.type == "except_clause":
        yield from _except(source, node)
    else:
        for child in node.children:
            yield from _edits(source, child)


def _text(source: bytes, node: Node) -> bytes:
    return source[node.start_byte : node.end_byte]


def _is_lazy(source: bytes, node: Node) -> bool:
    """Return whether `node` is the word before an import, which the grammar does not know yet."""
    # To find a sibling costs as much as there are: only where it is needed.
    if node.type != "ERROR" or _text(source, node) != b"lazy":
        return False
    after = node.next_sibling
    if after is None:
        return False
    first = after.children[0] if after.type == "block" else after
    return first.type.startswith("import_")


def _is_new_star(source: bytes, node: Node) -> bool:
    """Return whether `node` is `*Ts` in an annotation or in brackets, or what a comprehension unpacks."""
    if node.type == "splat_type" or (node.type == "list_splat" and _stands_in(node) in ONLY_LATELY_STARRED):
        return True
    if not node.type.endswith("_splat"):
        return False
    # Of most comprehensions that unpack the grammar knows nothing yet, and takes their `for` for a mistake.
    inside = [part for child in node.children for part in (child, *child.children)]
    return any(part.type == "ERROR" and b"for" in _text(source, part).split() for part in inside)


def _stands_in(node: Node) -> str:
    """Return the type of the node that starts before `node`; the grammar takes `*a.b()` for a call of `*a.b`."""
    around = node.parent
    while around is not None and around.start_byte == node.start_byte:
        around = around.parent
    return around.type if around is not None else ""


def _newlines(source: bytes, node: Node) -> bytes:
    """Return the line breaks inside `node`, escaped, so that the lines below keep their numbers."""
    return b"\\\n" * source.count(b"\n", node.start_byte, node.end_byte)


def _type_alias(source: bytes, node: Node) -> Iterator[Edit]:
    """Make `type X[T] = …` an assignment."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    name = _text(source, left).partition(b"[")[0].strip()
    yield node.start_byte, right.start_byte, name + b" = " + _newlines(source, left)
    yield from _edits(source, right)


def _except(source: bytes, node: Node) -> Iterator[Edit]:
    """Put several exceptions into parentheses, and take the star of a group away."""
    head = [child for child in node.children if child.type not in ("block", "comment")]
    star = next((child for child in head if child.type == "except*"), None)
    if star is not None:
        yield star.start_byte, star.end_byte, b"except "
    elif source[node.start_byte : node.start_byte + 7] == b"except*":
        yield node.start_byte, node.start_byte + 7, b"except "
    else:
        for child in head:
            if child.type == "*":
                yield child.start_byte, child.end_byte, b" "
    names = [child for child in head if child.is_named]
    if any(child.type == "," for child in head) and names:
        yield names[0].start_byte, names[0].start_byte, b"("
        yield names[-1].end_byte, names[-1].end_byte, b")"
    for child in node.children:
        if child.type == "block":
            yield from _edits(source, child)


def _is_rewritten(source: bytes, node: Node) -> bool:
    """Return whether `node` is a string with expressions in it, or a template string, which has them or not."""
    if node.type != "string":
        return False
    start = node.children[0]
    is_template = b"t" in _text(source, start).lower()
    return is_template or any(child.type == "interpolation" for child in node.children)


def _concatenation(source: bytes, node: Node) -> Iterator[Edit]:
    """Add up strings that stand side by side, as no sum can stand beside a string."""
    yield node.start_byte, node.start_byte, b"("
    strings = [child for child in node.children if child.type == "string"]
    for string in strings:
        if string is not strings[0]:
            yield string.start_byte, string.start_byte, b"+ "
        yield from _edits(source, string)
    yield node.end_byte, node.end_byte, b")"


def _sum(source: bytes, node: Node) -> bytes:
    """Return an f-string as a sum of its literals and expressions, on as many lines."""
    parts: list[bytes] = []
    for child in node.children:
        if child.type == "string_content":
            text = _text(source, child).decode("utf-8", "replace")
            parts.append(repr(text).encode())
        elif child.type == "interpolation":
            parts += [_lowered_expression(source, inner) for inner in _expressions(child)]
    missing = source.count(b"\n", node.start_byte, node.end_byte) - sum(part.count(b"\n") for part in parts)
    # An empty f-string in front keeps it one for whoever looks for them.
    return b"(" + b" + ".join((b"f'{0}'", *parts)) + b"\n" * max(0, missing) + b")"


def _expressions(interpolation: Node) -> Iterator[Node]:
    """Yield the expression of an interpolation, and those in its format."""
    for child in interpolation.named_children:
        if child.type == "format_specifier":
            for nested in child.named_children:
                yield from _expressions(nested)
        elif child.type not in ("type_conversion", "comment"):
            yield child


def _lowered_expression(source: bytes, node: Node) -> bytes:
    return b"(" + _applied(source, node.start_byte, node.end_byte, _edits(source, node)) + b")"
