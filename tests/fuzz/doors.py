"""The doors through which single files and texts come in, and what holds of any that do."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tests.fuzz import seeds
from tests.fuzz.door import door, file, folder, text_of
from tests.fuzz.printed import check_line, check_obeys_nobody, check_printed, check_session
from tests.fuzz.seeds import catalog, content, renderer, wanted
from tests.fuzz.strategies import regrown
from troubleshoot.catalog import strict_yaml
from troubleshoot.catalog.cache import LEXICON, cache_file
from troubleshoot.code.baseline import read_baseline
from troubleshoot.code.settings import Settings, check_names, read_settings
from troubleshoot.code.walk import Walk, is_pattern
from troubleshoot.investigation.kept import keep, take_up
from troubleshoot.investigation.session import Session
from troubleshoot.model import Evidence, Skipped, Version
from troubleshoot.redaction import plain, redact, shown, without_secrets
from troubleshoot.sources.answers import AnswersSource, read_answers
from troubleshoot.sources.complaint import ComplaintSource
from troubleshoot.sources.findings import FindingsSource
from troubleshoot.sources.live import LiveLog
from troubleshoot.sources.logs import LogSource
from troubleshoot.sources.pasted import take_apart
from troubleshoot.sources.tracebacks import episodes, tracebacks
from troubleshoot.sources.versions import FILES, ProjectSource
from troubleshoot.sources.words import read_words
from troubleshoot.versions.lines import versions_in


def check_observed(items: Sequence[Evidence | Version | Skipped]) -> None:
    """Assert that what a source has observed is of its types, and can be shown once a session has taken it in."""
    for item in items:
        assert isinstance(item, (Evidence, Version, Skipped))
        if isinstance(item, Evidence):
            check_line(item.what)
            assert all(plain(value) == value for value in item.captured.values())
    session = Session(catalog())
    session.examine(_Observed(items))
    for version in session.versions:
        check_line(f"{version.text} {version.location}")
    for skipped in session.skipped:
        check_line(f"{skipped.location} {skipped.why}")


@dataclass(frozen=True)
class _Observed:
    items: Sequence[Evidence | Version | Skipped]

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        yield from self.items


@door(seeds.logs, examples=400)
def redaction(data: bytes) -> None:
    text = text_of(data)
    once = redact(text)
    assert redact(once) == once
    assert "<secret " not in without_secrets(text) or "<secret " in text
    check_printed(plain(text))
    for width in (20, 200):
        line = shown(text, width)
        check_line(line)
        check_obeys_nobody(line)
        assert len(line) <= width


@door(seeds.logs, examples=150)
def log(data: bytes) -> None:
    check_observed(list(LogSource(catalog(), io.BytesIO(data), "app.log", wanted=wanted()).collect()))


@door(seeds.logs, examples=30)
def answer(data: bytes) -> None:
    session = Session(catalog())
    session.examine(LogSource(catalog(), io.BytesIO(data), "app.log", wanted=wanted()))
    check_session(session, renderer())


@door(seeds.complaints, examples=30)
def complaint(data: bytes) -> None:
    text = data.decode(errors="replace")
    index, words = cache_file(content(), LEXICON), read_words_once()
    source = ComplaintSource(catalog(), text, index=index, words=words, wanted=wanted())
    check_observed(list(source.collect()))


@cache
def read_words_once() -> object:
    return read_words(content().knowledge)


@door(seeds.logs, examples=200)
def traceback(data: bytes) -> None:
    lines = text_of(data).split("\n")
    last = -1
    for found in tracebacks(lines):
        assert last < found.first <= found.last < len(lines)
        last = found.last
    position = 0
    for first, end, _ in episodes(lines):
        assert first == position < end
        position = end
    assert position == len(lines)


@door(seeds.logs, examples=200)
def live(data: bytes) -> None:
    log, read = LiveLog(), []
    for start in range(0, len(data), 100):
        read += log.feed(data[start : start + 100], start / 1000)
        read += log.tick(start / 1000 + 0.05)
    read += log.close()
    assert b"".join(read) == data


@door(seeds.complaints, examples=200)
def pasted(data: bytes) -> None:
    found = take_apart(data.decode(errors="replace"))
    assert all(text.strip() and "\n" not in text for text in found.paragraphs)
    assert all(code.endswith("\n") for code in found.code)


@door(seeds.yaml, examples=200)
def yaml(data: bytes) -> None:
    value, lines, problems = strict_yaml.load(data.decode(errors="replace"), "input.yaml")
    for problem in problems:
        assert problem.line >= 1
        check_printed(str(problem))
    assert lines[()] == 1
    if not problems:
        json.dumps(value)


@door(seeds.yaml, examples=100)
def answers(data: bytes) -> None:
    with file(data) as path:
        check_observed(list(AnswersSource(catalog(), read_answers(path)).collect()))


@door(seeds.settings, examples=100)
def settings(data: bytes) -> None:
    with file(data, "pyproject.toml") as path:
        found = read_settings(path.parent)
        assert isinstance(found, Settings)
        check_names(found, catalog())
        Walk(str(path.parent), found.exclude, str(found.folder)).files()


@door(seeds.versions, examples=150)
def versions(data: bytes) -> None:
    """Of a project with one file, of the name in the first line."""
    name, _, rest = data.partition(b"\n")
    names = [pattern for pattern, *_ in FILES]
    given = os.fsdecode(name).replace("/", "").replace("\0", "")
    file_name = given if given.startswith("requirements") and given.endswith(".txt") else names[len(name) % len(names)]
    with folder() as place:
        path = place / os.fsdecode(os.fsencode(file_name.replace("*", "x"))[:200])
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rest)
        check_observed(list(ProjectSource(place).collect()))
    for line in rest.decode(errors="replace").splitlines():
        for _, version in versions_in(line):
            check_line(version)


@door(seeds.findings, vary=regrown, examples=100)
def findings(data: bytes) -> None:
    with file(data) as path:
        found = list(FindingsSource(catalog(), path).collect())
    check_observed(found)
    if found:
        session = Session(catalog())
        session.examine(_Observed(found))
        check_session(session, renderer())


@door(seeds.sessions, vary=regrown, examples=30)
def session(data: bytes) -> None:
    with file(data) as path:
        found = take_up(catalog(), path)
        check_session(found, renderer())
        keep(found, path, force=True)
        again = take_up(catalog(), path)
    assert (again.steps, again.outcomes, again.versions) == (found.steps, found.outcomes, found.versions)
    ask = found.next_question()
    if ask is not None:
        found.tell(ask, next(iter(ask.options)))
        check_session(found, renderer())


@door(seeds.baselines, vary=regrown, examples=150)
def baseline(data: bytes) -> None:
    with file(data) as path:
        found = read_baseline(path)
    assert all(count > 0 for count in found.values())


@door(seeds.ignores, examples=60)
def ignore(data: bytes) -> None:
    names = ("main.py", "app/main.py", "app/a b.py", "a/b/c.py")
    patterns = [line for line in data.decode(errors="replace").splitlines() if is_pattern(line)]
    with folder() as place:
        for name in names:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).touch()
        (place / ".gitignore").write_bytes(data)
        for walk in (Walk(str(place)), Walk(str(place), patterns)):
            assert set(walk.files()) <= set(names)
            assert walk.skipped == []
