"""`# troubleshoot: ignore[cause]` comments."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache

from troubleshoot.catalog.naming import stem
from troubleshoot.code.failures import has_failed
from troubleshoot.code.files import Files
from troubleshoot.errors import did_you_mean
from troubleshoot.model import Finding

# A bracket that is never closed asks for nothing: it must not ignore more than it names.
COMMENT = re.compile(r"#\s*troubleshoot:\s*ignore(?![\w-])(?:\s*\[(?P<causes>[^][]*)\]|(?!\s*\[))")
NOQA = re.compile(r"#\s*noqa\s*:\s*(?P<rules>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)", re.IGNORECASE)
WORD = b"troubleshoot:"
EVERYTHING = frozenset(("*",))
LAYOUT = (tokenize.ENCODING, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
UNUSED = "unused-ignore"
UNUSED_TITLE = "A comment ignores nothing"
"""What stands in the place of a cause, and of its title, where a comment ignores nothing."""


@dataclass(frozen=True, slots=True)
class Comment:
    """Asks to ignore `causes`, `*` for all of them, on some lines; it stands at `line` and `column`, from 1."""

    line: int
    column: int
    causes: frozenset[str]
    lines: set[int] = field(default_factory=set)

    def ignores(self, finding: Finding) -> bool:
        """Return whether a finding in the same file is to be ignored."""
        return finding.line in self.lines and not self.causes.isdisjoint(("*", *_names(finding.cause)))


def _names(cause: str) -> tuple[str, str]:
    """Return what a cause may be called."""
    return cause, stem(cause)


def unsuppressed(findings: Iterable[Finding], source: Callable[[str], bytes]) -> Iterator[Finding]:
    """Yield the findings that no comment asks to be ignored.

    A comment holds for the statement it stands on, from its first line to its last; on a line of its own for the
    statement right below, or, inside brackets, for the line below. `source` returns what is in a file.
    """
    comments = cache(lambda path: _comments(source(path)))
    for finding in findings:
        if not any(comment.ignores(finding) for comment in comments(finding.path)):
            yield finding


def unused(findings: Iterable[Finding], files: Files, known: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each comment, in the files to be told of, that ignores none of `findings`, or no such cause.

    `known` are the causes that there are. Where not everything was examined, nothing is said.
    """
    unsure = {item.location.partition(":")[0] for item in files.skipped}
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.path, []).append(finding)
    for path in files.paths:
        if path not in files.aside and path not in unsure:
            for comment in _comments(files.data(path)):
                told = [item.cause for item in found.get(path, ()) if comment.ignores(item)]
                ignored = {name for cause in told for name in _names(cause)}
                left = sorted(name for name in comment.causes - ignored if not has_failed(name, tuple(files.skipped)))
                if left and not (comment.causes == EVERYTHING and (ignored or "." in unsure)):
                    yield Finding(
                        path=path,
                        line=comment.line,
                        column=comment.column,
                        end_line=comment.line,
                        cause=UNUSED,
                        severity="warning",
                        function="",
                        message=_why(left, known),
                    )


def _why(names: Sequence[str], known: Collection[str]) -> str:
    if names[0] in ("", *EVERYTHING):
        return "this comment ignores nothing"
    there = {name for cause in known for name in _names(cause)}
    wrong = [f"there is no cause {name!r}{did_you_mean(name, known)}" for name in names if name not in there]
    right = [name for name in names if name in there]
    return "; ".join([*([f"this comment ignores nothing of {', '.join(right)}"] if right else []), *wrong])


def is_settled(line: str, rules: Iterable[str]) -> bool:
    """Return whether a `# noqa: RULE` on a line accepts what one of these patterns of ruff's rules is about."""
    accepted = NOQA.search(line)
    names = re.split(r"[,\s]+", accepted["rules"].strip()) if accepted else []
    return any(fnmatchcase(name, rule) for name in names for rule in rules)


def _comments(data: bytes) -> list[Comment]:
    if WORD not in data:
        return []
    found: list[Comment] = []
    above: list[Comment] = []
    on: list[Comment] = []
    first = 0
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            line = token.start[0]
            if token.type == tokenize.COMMENT:
                asked = list(_asked(token))
                found += asked
                if token.line[: token.start[1]].strip():
                    # Its own line at once, in case that the statement never ends.
                    on += asked
                    _cover(asked, [line])
                elif first:
                    _cover(asked, [line + 1])
                else:
                    above += asked
            elif token.type == tokenize.NEWLINE:
                _cover([*above, *on], range(first, line + 1))
                above, on, first = [], [], 0
            elif token.type == tokenize.NL:
                if not first and not token.line.strip():
                    above = []
            elif token.type not in LAYOUT and not first:
                first = line
    except (tokenize.TokenError, SyntaxError, IndentationError):
        # Newer syntax; what was found before it holds.
        pass
    return found


def _cover(comments: Iterable[Comment], lines: Iterable[int]) -> None:
    numbers = set(lines)
    for comment in comments:
        comment.lines.update(numbers)


def _asked(token: tokenize.TokenInfo) -> Iterator[Comment]:
    """Yield what a comment asks to ignore."""
    line, column = token.start
    for match in COMMENT.finditer(token.string):
        causes = match["causes"]
        names = EVERYTHING if causes is None else frozenset(name.strip() for name in causes.split(","))
        yield Comment(line, column + match.start() + 1, names)
