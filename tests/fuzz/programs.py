"""The doors behind which most of the program stands: source, an application, templates, the command line."""

from __future__ import annotations

import configparser
import io
import json
import os
import re
import shlex
import sys
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random

import yaml

from tests.fuzz import seeds
from tests.fuzz.door import door, folder
from tests.fuzz.doors import check_observed
from tests.fuzz.printed import check_json, check_obeys_nobody, check_printed, check_report
from tests.fuzz.seeds import FILE, catalog, renderer
from tests.fuzz.strategies import fragment, grafted, regrown, spoilt
from troubleshoot import __main__ as program
from troubleshoot import toml
from troubleshoot.catalog.naming import find_fix
from troubleshoot.cli.patch import patchable_with
from troubleshoot.code.progress import no_progress
from troubleshoot.code.scan import ScanReport, gather
from troubleshoot.code.search import find
from troubleshoot.code.settings import Settings
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.errors import ExitCode, KnowledgeError
from troubleshoot.fixes.parameters import fill, is_valid
from troubleshoot.fixes.rendering import Snippet
from troubleshoot.formats import inspection, outline, outline_text
from troubleshoot.inspection.facts import establish
from troubleshoot.inspection.reading import read
from troubleshoot.inspection.report import report
from troubleshoot.model import Parameter
from troubleshoot.patching.proposals import Patcher
from troubleshoot.sources.app import evidence_of

NAMED = re.compile(rf"^{FILE}([a-z_][a-z_/]*\.py)$", re.MULTILINE)

SEVERAL = re.compile(r"server_name .*")
"""Where nginx takes as many words as somebody wants to give."""


@door(seeds.sources, vary=grafted, examples=25)
def source(data: bytes) -> None:
    """An application in one file or several is searched, and changed as proposed."""
    first, *rest = NAMED.split(data.decode(errors="surrogateescape"))
    files = dict(zip(rest[::2], rest[1::2], strict=True)) if rest else {"main.py": first}
    with folder() as place:
        for name, text in files.items():
            path = place / name
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode(errors="surrogateescape"))
        _scan(place)


def _scan(place: Path) -> None:
    found = gather([place], Settings(folder=place))
    findings = tuple(unsuppressed(find(found, catalog(), {}, no_progress, patchable_with(renderer)), found.data))
    patcher = Patcher(found, renderer())
    proposals = patcher.proposals([item for item in findings if item.patch])
    changes, _ = patcher.together(proposals)
    for text in (*(item.withheld for item in proposals), *(item.why for item in found.skipped)):
        assert "bug in troubleshoot" not in text, text
    for item in findings:
        assert 1 <= item.line <= item.end_line
        assert item.column >= 1
    changed = found.changed(changes)
    assert all(changed.module(path) is not None for path in changes)
    scanned = ScanReport(
        files=len(found.paths), findings=findings, skipped=tuple(found.skipped), proposals=tuple(proposals)
    )
    check_report(scanned, catalog(), found.data)


@door(seeds.descriptions, vary=regrown, examples=40)
def description(data: bytes) -> None:
    """A child process describes an application."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        app = read(value, Path.cwd())
    except RecursionError:
        return
    facts = establish(app)
    check_observed([item for fact in facts for item in evidence_of(catalog(), fact, "main:app")])
    found = report(catalog(), "main:app", app, facts)
    check_obeys_nobody(outline_text.write(outline.outline(found)))
    check_json(inspection.write_json(found))


def refilled(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return a template with other values: words that other templates take, what looks like them, what breaks out."""
    value = json.loads(data)
    known = list(json.loads(random.choice(others))["set"].values())
    for name in value["set"]:
        text = random.choice((*known, *TEMPTING, value["set"][name]))
        if random.random() < 0.5:
            text = spoilt(random, text.encode(), others).decode(errors="replace")
        value["set"][name] = text[:300]
    return json.dumps(value).encode()


TEMPTING = (
    *("print", "self", "None", "__debug__", "_", "match", "type", "app", "a.b.c:d", "x" * 300, "ﬁ", "async", "1", "0"),
    *(
        "/{a}/{b:path}",
        "/{",
        "/}",
        "//",
        "/{a",
        "/{a}}",
        "/~:",
        "http://a:b@c/%s?x={y}",
        "http://[::1]:1/",
        "%s",
        "{x}",
    ),
    *(
        "a\n",
        "a, b",
        "a:",
        "- a",
        "a = b",
        "[a]",
        "no",
        "null",
        "1.0",
        "0x10",
        "(a)",
        "a | b",
        "a && b",
        "!a",
        "*a",
        "@a",
    ),
)


@door(seeds.templates, vary=refilled, examples=150)
def template(data: bytes) -> None:
    """A fix or a probe is filled in."""
    try:
        value = json.loads(data)
        name, given = str(value["of"]), {str(key): str(item) for key, item in value["set"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    if "#" in name:
        cause, fix = find_fix(catalog(), name)
        parameters = catalog().causes[cause].fixes[fix].parameters
    elif name in catalog().questions and (probe := catalog().questions[name].probe):
        parameters = probe.parameters
    else:
        return
    usable = {key: item for key, item in given.items() if key not in parameters or is_valid(parameters[key], item)}
    values = fill(parameters, (), usable)
    assert all(is_valid(parameters[key], item) for key, item in values.items())
    usual = {key: item.default for key, item in parameters.items()}
    for different in [values, *({**usual, key: item} for key, item in values.items())]:
        try:
            if "#" in name:
                filled, plain = (renderer().fix(catalog().causes[cause], fix, item) for item in (different, usual))
            else:
                filled, plain = (renderer().probe(probe.template, item) for item in (different, usual))
        except KnowledgeError as error:
            raise AssertionError(different) from error
        check_printed(filled.text)
        assert shape(filled, parameters, different) == shape(plain, parameters, usual), different
    fill(parameters, (), given)


def shape(snippet: Snippet, parameters: dict[str, Parameter], values: dict[str, str]) -> object:
    """Return what of a snippet no value may change; raises if it cannot be read as its language."""
    text = snippet.text
    if snippet.language == "python":
        compile(text, snippet.file_name, "exec", dont_inherit=True)
        kinds = [item.type for item in tokenize.generate_tokens(io.StringIO(text).readline)]
        # A path to import has as many names as it likes.
        names = re.sub(f"({tokenize.NAME} {tokenize.OP} )+(?={tokenize.NAME} )", "", " ".join(map(str, kinds)) + " ")
        return names if any(item.type == "import_path" for item in parameters.values()) else kinds
    if snippet.language == "toml":
        return _outline(toml.loads(text))
    if snippet.language == "yaml":
        return [_outline(item) for item in yaml.safe_load_all(text)]
    if snippet.language == "ini":
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.read_string(text)
        return {name: list(parser[name]) for name in parser}
    if snippet.language in ("bash", "nginx"):
        words = [_words(line) for line in SEVERAL.sub("", text.replace("\\\n", " ")).splitlines()]
        bare = re.sub(r'"[^"]*"', "", text)
        return words, [bare.count(mark) for mark in "{;}"] if snippet.language == "nginx" else []
    return text.count("\n")


def _words(line: str) -> int | None:
    """Return how many words a shell would see; None for a line that is only part of something quoted."""
    try:
        return len(shlex.split(line, comments=True))
    except ValueError:
        return None


def _outline(value: object) -> object:
    """Return what a value is made of, without the leaves."""
    if isinstance(value, dict):
        return [_outline(item) for item in value.values()]
    return [_outline(item) for item in value] if isinstance(value, list) else None


def retyped(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return a command line with words that are spoilt, moved, or taken from others."""
    words = data.split(b"\0")
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randint(0, len(words))
        more = random.choice(random.choice(others).split(b"\0"))
        words[at : at + random.choice((0, 1, 1))] = random.choice(
            ([more], [more], [fragment(random)], [more + fragment(random)], [b"--" + more], [])
        )
    return b"\0".join(word[:500] for word in words)


def is_confined(words: Sequence[str]) -> bool:
    """Return whether a command line leaves the folder alone that it is run in, and starts nothing."""
    known = {word for line in seeds.commands() for word in line.decode().split("\0")}
    if any(word not in known and re.search(r"[/~]|\.\.", word) for word in words):
        return False
    return not {"--app", "--python", "test", "check", "inspect", "run"} & {word.partition("=")[0] for word in words}


@contextmanager
def typed(words: Sequence[str], place: Path) -> Iterator[None]:
    """Stand in `place`, with a command line that has these words and with nothing on standard input."""
    before = sys.argv, sys.stdin, Path.cwd()
    sys.argv, sys.stdin = ["troubleshoot", *words], io.TextIOWrapper(io.BytesIO())
    os.chdir(place)
    try:
        yield
    finally:
        sys.argv, sys.stdin, here = before
        os.chdir(here)


@door(seeds.commands, vary=retyped, examples=40)
def command(data: bytes) -> None:
    """A command is typed in a folder with a project, and nothing stands on standard input."""
    # What the system hands over has no NUL in it.
    words = [word.decode(errors="surrogateescape") for word in data.split(b"\0")]
    if not is_confined(words):
        return
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with folder() as place, redirect_stdout(out), redirect_stderr(err), typed(words, place):
        _lay_out(place)
        code = program.run()
        out.flush()
        err.flush()
        left = {path.name for path in place.parent.iterdir()}
    assert code in set(ExitCode) - {ExitCode.BUG, ExitCode.INTERRUPTED}, code
    for stream in (out, err):
        check_printed(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    assert left <= {"input", "shop"}, left


def _lay_out(place: Path) -> None:
    (place / "app").mkdir()
    (place / "app" / "main.py").write_bytes(seeds.sources()[1].partition(b"\n")[2])
    (place / "app.log").write_bytes(seeds.logs()[0])
    (place / "answers.yaml").write_bytes(seeds.yaml()[-1])
    (place / "ruff.sarif").write_bytes(seeds.findings()[0])
    (place / "kept.json").write_bytes(seeds.sessions()[0])
    (place / "known.json").write_bytes(seeds.baselines()[0])
