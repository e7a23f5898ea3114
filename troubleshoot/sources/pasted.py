"""What people paste into a complaint, told apart from what they say: logs, bodies, shell sessions, code."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from troubleshoot.sources.reports import stretch
from troubleshoot.sources.tracebacks import tracebacks

LONGEST = 200_000
"""Characters of a complaint that are read."""
LONGEST_TITLE = 200
LONGEST_LINE = 2_000
"""Characters of a line by which it is judged what it is."""
FEW = 3
"""So many lines that look like Python are, even where they do not parse."""
FENCES = ("```", "~~~")
FENCE = re.compile(r"^\s{0,12}(?:```|~~~)[`~]{0,20}\s{0,12}(?P<rest>.*)")
UNDERLINE = re.compile(r"[\s|]{0,200}~*\^[~^]*\s*$")
"""What Python puts below the part of a statement that failed; it may begin and end as a fence does."""
LANGUAGE = re.compile(r"[\w+#.\-]{0,20}$")
COMMENT = re.compile(r"<!--(?:(?!-->)[\s\S]){0,20000}-->")
LOG = re.compile(
    r"""^[>\s|]{0,12}(?:
        (?:INFO|ERROR|WARN(?:ING)?|DEBUG|CRITICAL|FATAL|TRACE)\b\s{0,12}(?:[:|\-\[(]|[a-z_]\w{0,40}\.[\w.]{1,60}\s)
      | (?:INFO|ERROR|WARN(?:ING)?|DEBUG|CRITICAL)\s{2,12}\S
      | \S{1,300}:\d{1,6}:\s\w{0,40}Warning\b | (?:->\s{1,6})?[A-Z][\w\s]{1,60}\(cost=
      | \[?\d{4}-\d\d-\d\d[T\s]\d\d:\d\d | \[?\d\d:\d\d:\d\d | [A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d
      | \S{1,80}\s+-\s+-?\s*\[?.{0,40}"(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD)\s/
      | (?:E\s+)?(?:[A-Za-z_]\w*\.){0,8}[A-Z]\w*(?:Error|Exception|Warning|NotFound|Timeout|Denied)(?::\s|$)
      | (?:E\s+)?(?:[a-z_]\w*\.){1,8}[A-Z]\w*:\s
      | [\w.\-]{1,40}\s+\|\s | File\s"[^"]{1,300}",\sline\s\d
      | Traceback\s\(most | During\shandling\sof | The\sabove\sexception | Exception\sin\s
      | (?:ERROR|error):\s | npm\sERR | Process\sSpawnProcess | \(?sqlalchemy\.exc
    )""",
    re.VERBOSE,
)
RAISED = re.compile(r"(?:[A-Za-z_]\w{0,40}\.){0,8}[A-Z]\w{0,60}(?:Error|Exception): \S")
"""The last line of a traceback, or all that somebody shows of it."""
SHELL = re.compile(
    r"""^\s{0,8}(?:\$ | PS\s[^>]{0,200}> | [A-Z]:\\[^>]{0,200}>
      | (?:\([\w.\-]{1,40}\)\s|[\w\-]{1,40}@[\w\-]{1,60}).{0,100}[$\#%]
    )\s+\S""",
    re.VERBOSE,
)
VERSION = re.compile(
    r"""^[\s\-*|]{0,8}[A-Za-z][\w.\-\[\]]{0,60}(?:\s*={2,3}\s*|\s*\|\s*|\s+)v?\d+\.\d+[\w.+\-]*\s*\|?\s*(?:pypi\S*)?$""",
)
BODY = re.compile(r"""^\s{0,200}(?:[{}\[\]][,\]}]{0,4}\s*$|["']\w{1,40}["']\s?:|[{\[]\s?["'{\[])""")
TELLING = re.compile(
    r"""^\s{0,200}(?:from\s+[\w.]+\s+import\b | import\s+[\w.]+\s*$ | (?:async\s+)?def\s+\w+\s*\(
      | class\s+\w+.{0,200}:\s*$ | @\w+(?:\.\w+)*\(
      | \w{1,40}\s*=\s*(?:await\s+)?(?:requests|httpx)\.[\w.]{1,40}\()""",
    re.VERBOSE,
)
"""Lines without which a few statements are not taken for Python: prose is full of words that Python has, too."""
STATEMENT = re.compile(
    r"""^\s{0,200}(?:
        import\s+[\w.]+(?:\s+as\s+\w+|\s*,) | @\w+(?:\.\w+)*\s*$
      | (?:(?:async\s+)?(?:with|for)|if|elif|while|except)\b.{0,300}:\s*$ | (?:else|try|finally|except):\s*$
      | raise\s+\w+ | await\s+[\w.]+\( | yield\b | pass\s*$ | assert\s
      | [A-Za-z_][\w.]*(?:\[[^\]]{1,80}\])?\s*(?::\s*[\w.\[\], |"']{1,120})?\s*=\s*\S | [\w.]{1,80}\(.{0,200}[\),(]\s*$
    )""",
    re.VERBOSE,
)
OPEN = re.compile(
    r"""^\s{0,200}(?:return\b | [)\]}]{1,6},?:?\s*$ | \# | "{3} | '{3} | ["'\w.*\[({].{0,200}[,({\[]\s*$)
      | ^\s{1,200}[a-z_]\w{0,40}\s?:\s?[\w.\[\], |"']{1,120}$""",
    re.VERBOSE,
)
"""Lines that could be anything."""
QUOTATION = re.compile(r"(?m)(?:^>(?:[ \t][^\n]*)?(?:\n|\Z)){3,}")
QUOTE = re.compile(r"(?m)^>[ \t]?")
"""Three lines or more that are quoted: people set off by it what the server printed."""
MARKS = re.compile(r"^\s{0,40}(?:>\s?|#{1,6}\s+|[-*+]\s+|\d{1,2}[.)]\s+)+")
OF_THE_PAGE = re.compile(
    r"""^\s{0,40}(?:[-*+]\s+\[[ xX]?\] | \#{1,6}\s+(?:\S{1,40}\s*){1,4}$ | \*\*[^*]{1,60}\*\*:?\s*$
      | [_*]*(?:No\ response|N/A)[_*.]*\s*$
      | [`*]*(?:[vV]?\d{1,4}(?:\.\w{1,9}){1,4}|Windows|Linux|macOS)[`*]*\s*$
      | [-*+\s]{0,8}[`*]*(?:OS|Operating\ System|Platform|Browser|\w{1,20}\ [vV]ersion)\b
        (?:\s?\[[^\]]{1,60}\])?[`*]*:.{0,40}$
      | [-*+\s\d.]{0,8}[`*]*[A-Za-z][\w\-]{1,30}(?:\[\w{1,20}\])?[`*]*\s?(?:==|[:=(]|\s)\s?[`*vV]{0,4}
        \d{1,4}(?:\.\w{1,9}){1,4}[`*),.]*\s*$
    )""",
    re.VERBOSE,
)
"""What an issue's template asks for: checklists, short headings, fields that hold a version or were left empty."""
CODE_LANGUAGES = frozenset(("python", "py", "python3"))
OTHER_LANGUAGES = frozenset("dockerfile yaml yml toml ini nginx js javascript ts tsx html sql".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint taken apart: what is said, a paragraph each; what looks like a log; what looks like Python.

    `paragraphs` are without the markup of the page and what its template asks for; `prose` is what is said as it was
    written. `log` keeps its lines as they are. `other` is what is neither: configuration, other languages.
    """

    paragraphs: tuple[str, ...]
    prose: str
    log: str
    code: tuple[str, ...]
    other: str


def take_apart(text: str) -> Complaint:
    """Return what `text` holds."""
    text = COMMENT.sub("\n", text[:LONGEST].replace("\r\n", "\n")).lstrip("\n")
    text = QUOTATION.sub(lambda found: QUOTE.sub("", found.group()), text)
    title, _, rest = text.partition("\n")
    if rest.strip() and len(title) <= LONGEST_TITLE and not (title[:1].isspace() or rest[:1].isspace()):
        # A title is a sentence of its own, though it has no full stop.
        text = f"{title}\n\n{rest}"
    said: list[str] = []
    prose: list[str] = []
    logs: list[str] = []
    code: list[str] = []
    other: list[str] = []
    for lines, language in _blocks(text.split("\n")):
        for kind, run in _kinds(lines) if language is None else _kinds_of_block(lines, language):
            if kind == "log":
                logs += [*run, ""]
            elif kind == "code":
                code.append("\n".join(run) + "\n")
            elif kind == "said":
                said += _paragraphs(run)
                prose += run
            else:
                other += run
    return Complaint(tuple(said), "\n".join(prose), "\n".join(logs), tuple(code), "\n".join(other))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[list[str], str | None]]:
    """Yield what stands outside and inside of fences, with the language that a fence names.

    What is written behind a fence, or in front of the one that closes, belongs to the block.
    """
    block: list[str] = []
    language: str | None = None
    for line in lines:
        line = FENCES[0] if line.strip() == "`" else line
        is_underline = UNDERLINE.match(line) is not None
        fence = None if is_underline else FENCE.match(line)
        said = fence["rest"].rstrip() if fence else line
        if language is not None:
            text = said.rstrip()
            is_last = (text.endswith(FENCES) and not is_underline) or (fence is not None and not text)
            if said or fence is None:
                block.append(text.rstrip("`~") if is_last else said)
            if is_last:
                if block:
                    yield block, language
                block, language = [], None
        elif fence is None:
            block.append(line)
        elif FENCES[0] in said:
            # Both fences stand in one line, as if it were a word of the text.
            block.append(said.replace(FENCES[0], " ").rstrip())
        else:
            if block:
                yield block, None
            named, _, rest = said.partition(" ")
            if not LANGUAGE.match(said) and named.lower() not in CODE_LANGUAGES:
                named, rest = "", said
            language, block = named.lower(), [rest] if rest else []
    if block:
        yield block, language


def _kinds_of_block(lines: Sequence[str], language: str) -> list[tuple[str, list[str]]]:
    """Return a fenced block as what it is, the errors apart that people add to their code within one fence."""
    kind = _kind_of_block(lines, language)
    runs = list(_kinds(lines)) if kind == "code" and any(map(RAISED.match, lines)) else []
    errors = [run for of_run, run in runs if of_run == "log" and any(map(RAISED.match, run))]
    rest = [line for run in (run for _, run in runs if run not in errors) for line in run] if errors else list(lines)
    return [(kind, rest), *(("log", run) for run in errors)]


def _kind_of_block(lines: Sequence[str], language: str) -> str:
    """Return what a fenced block is: people put logs into fences that say Python, and code into those that don't."""
    if language in OTHER_LANGUAGES:
        return "other"
    if stretch(lines) is not None:
        # A report of pytest quotes the source of the tests.
        return "log"
    kinds = [kind for kind, run in _kinds(lines) for line in run if line.strip()]
    if not kinds:
        return "other"
    if "code" in kinds and kinds.count("code") >= kinds.count("log"):
        return "code"
    if "log" in kinds:
        return "log"
    return "code" if language in CODE_LANGUAGES else "other"


def _kinds(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield runs of lines of one kind: `log`, `code` or `said`."""
    kinds = [_kind_of_line(line[:LONGEST_LINE]) for line in lines]
    for traceback in tracebacks(lines):
        kinds[traceback.first : traceback.last + 1] = ["log"] * (traceback.last + 1 - traceback.first)
    report = stretch(lines)
    for first, last in [*_bodies(lines, kinds), *([report] if report else [])]:
        kinds[first : last + 1] = ["log"] * (last + 1 - first)
    for index in range(1, len(kinds)):
        before, here = kinds[index - 1 : index + 1]
        is_further_in = lines[index][:1].isspace()
        if is_further_in and before == "said" and here == "log":
            kinds[index - 1] = "log"
        elif is_further_in and before == "log" and here == "said":
            kinds[index] = "log"
    # Empty lines, and lines that could be anything, belong to what stands around them.
    for index, kind in enumerate(kinds):
        if kind == "blank" and index and kinds[index - 1] == "code" and _goes_on(lines, kinds, index):
            kinds[index] = "code"
            continue
        if kind in ("blank", "open"):
            before = kinds[index - 1] if index else ""
            after = next((later for later in kinds[index + 1 : index + 8] if later not in ("blank", "open")), "")
            kinds[index] = before if before == after or (kind == "open" and before in ("log", "code")) else "said"
    position = 0
    for kind, group in groupby(kinds):
        count = len(list(group))
        run = list(lines[position : position + count])
        position += count
        if kind == "code" and not _is_python(run):
            kind = "said" if len(run) < FEW else "other"
        yield kind, run


def _goes_on(lines: Sequence[str], kinds: Sequence[str], index: int) -> bool:
    """Return whether what follows empty lines stands further in, as the rest of a function does."""
    below = next((at for at in range(index, len(lines)) if kinds[at] != "blank"), len(lines))
    return below < len(lines) and kinds[below] == "open" and lines[below][:1].isspace()


def _is_python(run: Sequence[str]) -> bool:
    """Return whether a run of lines that look like statements is source, rather than prose with Python's words."""
    if not any(TELLING.match(line[:LONGEST_LINE]) for line in run):
        return False
    if len(run) >= FEW:
        return True
    try:
        ast.parse(textwrap.dedent("\n".join(run)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _bodies(lines: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each piece of JSON that is printed over several lines."""
    first, depth = 0, 0
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if not depth and not (kind == "log" and line.rstrip().endswith(("{", "["))):
            continue
        first = first if depth else index
        depth = max(0, depth + line.count("{") + line.count("[") - line.count("}") - line.count("]"))
        if not depth:
            yield first, index


def _kind_of_line(line: str) -> str:
    if not line.strip():
        return "blank"
    if LOG.match(line) or SHELL.match(line) or VERSION.match(line) or BODY.match(line):
        return "log"
    if TELLING.match(line) or STATEMENT.match(line):
        return "code"
    return "open" if OPEN.match(line) else "said"


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs in `lines`, a line of a list for itself, without the marks of headings and lists."""
    paragraph: list[str] = []
    for line in [*(line for line in lines if not OF_THE_PAGE.match(line)), ""]:
        text = MARKS.sub("", line).strip()
        if paragraph and (not text or text != line.strip()):
            yield " ".join(paragraph)
            paragraph = []
        if text:
            paragraph.append(text)
