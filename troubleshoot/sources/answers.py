"""Answers given on the command line or in a file, checked against the questions there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from troubleshoot import limits
from troubleshoot.catalog.naming import find_cause
from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Catalog, Evidence, Version
from troubleshoot.redaction import shown

HELPED_QUESTION = "helped"
"""The id under which `helped=CAUSE` and `helped=no:CAUSE` say what became of a fix."""


LISTED = "; `troubleshoot list --questions` shows what there is"
VERSION_QUESTION = "version."
"""What stands before a package in `version.fastapi=0.95.1`, which says the version in use."""


class AnswersSource(NamedTuple):
    """Pairs of a question's id and an option's id, in the order given."""

    catalog: Catalog
    pairs: Sequence[tuple[str, str]]

    def collect(self) -> Iterator[Evidence | Version]:
        """Yield what each answer says. Raises `UsageError` for a question or option that is not there."""
        for question, option in self.pairs:
            if question.startswith(VERSION_QUESTION):
                yield _version(question.removeprefix(VERSION_QUESTION), option)
            else:
                yield from evidence_of(self.catalog, question, option)


def _version(name: str, text: str) -> Version:
    from troubleshoot.versions.names import TITLES, package_of, pinned

    _require("package", name.lower(), TITLES)
    package, version = package_of(name), pinned(text, bare=True)
    if package is None or version is None:
        raise UsageError(
            f"{VERSION_QUESTION}{name}={text}: expected a version such as 1.2.3, or 1.2.* for any of a series"
        )
    return Version(package=package, text=version, trust="answer", location="answer")


def evidence_of(catalog: Catalog, question: str, option: str, shown: Iterable[str] = ()) -> Iterator[Evidence]:
    """Yield what choosing `option` says; `shown` are the causes whose tells stood side by side.

    Raises `UsageError` for a question or option that is not there, with the nearest names.
    """
    if question == TELL_QUESTION:
        yield from _tells(catalog, option, shown)
    elif question == HELPED_QUESTION:
        value, _, cause = option.rpartition(":")
        cause = find_cause(catalog, cause)
        yield helped(catalog, cause, "no" if value == "no" else "yes")
    elif question == SYMPTOM_QUESTION:
        _require("symptom", option, catalog.symptoms)
        what = f"you see: {catalog.symptoms[option].title}"
        yield Evidence(kind="answer", subject=question, value=option, source="answer", what=what)
    else:
        _require("question", question, [*catalog.questions, SYMPTOM_QUESTION, TELL_QUESTION])
        known = catalog.questions[question]
        _require(f"option of {question}", option, known.options)
        what = f"{known.text} {known.options[option]}"
        yield Evidence(kind="answer", subject=question, value=option, source="answer", what=what)


def _tells(catalog: Catalog, option: str, shown: Iterable[str]) -> Iterator[Evidence]:
    if option != NONE_OF_THESE:
        option = find_cause(catalog, option)
        yield Evidence(
            kind="tell",
            subject=option,
            value="yes",
            source="answer",
            what=f"you recognise: {catalog.causes[option].tell}",
        )
    for cause in shown:
        if cause not in (option, NONE_OF_THESE):
            what = f"you do not recognise: {catalog.causes[cause].tell}"
            yield Evidence(kind="tell", subject=cause, value="no", source="answer", what=what)


def helped(catalog: Catalog, cause: str, value: str) -> Evidence:
    """Return what became of the fix of `cause`: `yes`, it helped, or `no`."""
    outcome = "helped" if value == "yes" else "did not help"
    what = f"the fix for “{catalog.causes[cause].title}” {outcome}"
    return Evidence(kind="outcome", subject=cause, value=value, source="answer", what=what)


def _require(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        few = f"; there are {', '.join(names)}" if len(names) <= 8 else ""
        raise UsageError(f"no {kind} {name!r}{did_you_mean(name, names) or few or LISTED}")


def parse_answers(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return `QUESTION=OPTION` words as pairs. Raises `UsageError` for a word without `=`."""
    pairs = []
    for word in words:
        question, equals, option = word.partition("=")
        if not equals or not question or not option:
            raise UsageError(f"--answer {word}: expected QUESTION=OPTION")
        pairs.append((question, option))
    return pairs


def read_answers(path: Path) -> list[tuple[str, str]]:
    """Read a YAML or JSON file that maps questions to options. Raises `UsageError` naming the file and the line."""
    from troubleshoot.catalog import strict_yaml

    try:
        text = limits.read(path, "answers file", only_file=False).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {_why(error)}") from error
    value, lines, problems = strict_yaml.load(text, str(path))
    if problems:
        raise UsageError(str(problems[0]))
    if not isinstance(value, Mapping):
        raise UsageError(f"{path}:1: expected a mapping (question: option)")
    for question, option in value.items():
        if not isinstance(option, str):
            raise UsageError(f"{path}:{lines[(question,)]}: {shown(question)}: expected the id of an option")
    return [(question, str(option)) for question, option in value.items()]


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8 text"
