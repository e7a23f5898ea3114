"""From YAML files to a `Catalog`: strict, all mistakes at once, compiled once and then read from the cache."""

from __future__ import annotations

import functools
import pickle
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from troubleshoot.cache import cache_file, write_cache
from troubleshoot.content import Content
from troubleshoot.errors import KnowledgeError, Problem, UsageError
from troubleshoot.model import (
    NONE_OF_THESE,
    SYMPTOM_QUESTION,
    TELL_QUESTION,
    Catalog,
    Cause,
    Family,
    Question,
    Symptom,
)

if TYPE_CHECKING:
    import pydantic

    from troubleshoot.strict_yaml import Path as YamlPath

T = TypeVar("T")

KINDS: Mapping[str, type[Any]] = {"families": Family, "symptoms": Symptom, "questions": Question}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERIFIED = "verified.yaml"


def load(content: Content) -> Catalog:
    """Return the catalog of `content`, from the cache when nothing has changed since it was compiled.

    Raises `KnowledgeError` with every problem found.
    """
    cached = cache_file(content, ".pickle")
    if cached is not None:
        # A damaged or foreign cache is not worth a word: it is compiled anew.
        with suppress(Exception):
            catalog = pickle.loads(cached.read_bytes())
            if isinstance(catalog, Catalog):
                return catalog
    catalog = compile_catalog(content)
    if cached is not None:
        with suppress(OSError):
            write_cache(cached, pickle.dumps(catalog, protocol=5))
    return catalog


def compile_catalog(content: Content) -> Catalog:
    """Read and check every file of `content`. Raises `KnowledgeError` with every problem found."""
    reader = _Reader(content)
    catalog = reader.read()
    _check_consistency(catalog, reader)
    if reader.problems:
        raise KnowledgeError(reader.problems)
    return catalog


class _Reader:
    """Reads each file into its dataclass, and remembers where everything stood."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.lines: dict[str, Mapping[YamlPath, int]] = {}
        self.files: dict[tuple[str, str], str] = {}

    def read(self) -> Catalog:
        folder = self.content.knowledge
        values: dict[str, dict[str, Any]] = {kind: {} for kind in (*KINDS, "causes")}
        verified: Mapping[str, str] = {}
        for path in sorted(folder.rglob("*.yaml")):
            parts = path.relative_to(folder).with_suffix("").parts
            if path.relative_to(folder).as_posix() == VERIFIED:
                verified = self.read_file(path, dict[str, str], None) or {}
                continue
            if len(parts) != 2 or not all(ID.fullmatch(part) for part in parts):
                self.complain(path, (), "expected knowledge/FOLDER/NAME.yaml, both in lower case with hyphens")
                continue
            kind, type_ = (parts[0], KINDS[parts[0]]) if parts[0] in KINDS else ("causes", Cause)
            id_ = "/".join(parts) if kind == "causes" else parts[1]
            self.files[kind, id_] = str(path)
            value = self.read_file(path, type_, id_)
            if value is not None:
                values[kind][id_] = value
        return Catalog(**values, templates=self.templates(), verified_with=verified)

    def read_file(self, path: Path, type_: type[T], id_: str | None) -> T | None:
        from troubleshoot import strict_yaml

        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.complain(path, (), f"cannot be read: {error}")
            return None
        value, lines, problems = strict_yaml.load(text, str(path))
        self.lines[str(path)] = lines
        self.problems += problems
        if problems:
            return None
        if id_ is not None and isinstance(value, dict):
            if "id" in value:
                self.complain(path, ("id",), "the id is the file's place and name; take this line out")
                return None
            value = {**value, "id": id_}
        return self.validate(path, type_, value)

    def validate(self, path: Path, type_: type[T], value: object) -> T | None:
        import pydantic

        try:
            return cast("T", _adapter(type_).validate_python(value))  # type: ignore[arg-type] # a class is hashable
        except pydantic.ValidationError as error:
            for detail in error.errors(include_url=False):
                where = tuple(part for part in detail["loc"] if part != "[key]")
                self.complain(path, where, _explain(detail, where, type_))
            return None

    def templates(self) -> dict[str, str]:
        folder = self.content.templates
        found: dict[str, str] = {}
        for path in sorted(folder.rglob("*.j2")):
            name = path.relative_to(folder).as_posix()
            stem = name.removesuffix(".j2").rpartition(".")[0]
            if stem in found:
                self.complain(path, (), f"stands beside {found[stem]}; a fix has one template")
            found[stem] = name
        return found

    def complain(self, path: Path | str, where: YamlPath, message: str) -> None:
        lines = self.lines.get(str(path), {})
        while where and where not in lines:
            where = where[:-1]
        self.problems.append(Problem(str(path), lines.get(where, 1), message))


@functools.cache
def _adapter(type_: type[Any]) -> pydantic.TypeAdapter[Any]:
    import pydantic

    return pydantic.TypeAdapter(type_)


def _explain(detail: Any, where: YamlPath, type_: type[Any]) -> str:
    """Return a validation error as a sentence that says what to write instead."""
    key = str(where[-1]) if where else ""
    match detail["type"]:
        case "missing" | "missing_keyword_only_argument" | "missing_argument":
            return f"the key {key!r} is missing"
        case "unexpected_keyword_argument" | "extra_forbidden":
            known = sorted(_field_names(type_) - {"id"})
            return f"unknown key {key!r}{did_you_mean(key, known)}"
        case "literal_error":
            return f"{key}: {detail['input']!r} is not one of {detail['ctx']['expected']}"
        case "dataclass_type" | "dict_type" | "mapping_type":
            return f"{key or 'the file'}: expected a mapping (key: value)"
        case "tuple_type" | "list_type":
            return f"{key}: expected a list (- item)"
        case "string_type":
            return f"{key}: expected text"
        case _:
            return f"{key}: {detail['msg']}"


def _field_names(type_: type[Any]) -> set[str]:
    """Return the names of the fields of `type_` and of the dataclasses inside it."""
    from troubleshoot import model

    nested = [value for value in vars(model).values() if isinstance(value, type) and is_dataclass(value)]
    own = {field.name for field in fields(type_)} if is_dataclass(type_) else set()
    text = " ".join(str(field.type) for field in fields(type_)) if is_dataclass(type_) else ""
    for other in nested:
        if other is not type_ and re.search(rf"\b{other.__name__}\b", text):
            own |= _field_names(other)
    return own


def find_fix(catalog: Catalog, text: str) -> tuple[str, str]:
    """Return the ids of the cause and of the fix that `CAUSE` or `CAUSE#FIX` names. Raises `UsageError`."""
    cause, _, fix = text.partition("#")
    if cause not in catalog.causes:
        raise UsageError(f"no cause {cause!r}{did_you_mean(cause, catalog.causes)}; `troubleshoot list` shows them")
    fixes = catalog.causes[cause].fixes
    if fix and fix not in fixes:
        raise UsageError(f"{cause} has no fix {fix!r}; it has {', '.join(fixes)}")
    return cause, fix or next(iter(fixes))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the known words nearest to `word`, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.55)
    return f"; did you mean {' or '.join(repr(name) for name in near)}?" if near else ""


def _check_consistency(catalog: Catalog, reader: _Reader) -> None:
    """Complain of what no single file can show: references to what is not there, patterns that do not compile."""
    from troubleshoot.consistency import problems_of

    for cause in catalog.causes.values():
        path = reader.files["causes", cause.id]
        _check_cause(catalog, cause, path, reader)
        for where, message in problems_of(cause):
            reader.complain(path, where, message)
    for question in catalog.questions.values():
        path = reader.files["questions", question.id]
        if question.id in (SYMPTOM_QUESTION, TELL_QUESTION):
            reader.complain(path, (), f"the id {question.id!r} is taken by the program")
        if len(question.options) < 2:
            reader.complain(path, ("options",), "a question needs at least two options")
        if question.probe and f"probes/{question.probe.template}" not in catalog.templates:
            known = [name.removeprefix("probes/") for name in catalog.templates if name.startswith("probes/")]
            reader.complain(
                path,
                ("probe", "template"),
                f"no template probes/{question.probe.template}.*.j2{did_you_mean(question.probe.template, known)}",
            )
    for symptom in catalog.symptoms.values():
        path = reader.files["symptoms", symptom.id]
        for index, pattern in enumerate(symptom.signatures):
            _check_pattern(pattern, path, ("signatures", index), reader)


def _check_cause(catalog: Catalog, cause: Cause, path: str, reader: _Reader) -> None:
    if cause.family not in catalog.families:
        reader.complain(
            path,
            (),
            f"no family {cause.family!r} in knowledge/families{did_you_mean(cause.family, catalog.families)}",
        )
    for symptom in cause.symptoms:
        if symptom not in catalog.symptoms:
            hint = did_you_mean(symptom, catalog.symptoms)
            reader.complain(path, ("symptoms", symptom), f"no symptom {symptom!r}{hint}")
    for question, options in cause.answers.items():
        known = catalog.questions.get(question)
        if known is None:
            hint = did_you_mean(question, catalog.questions)
            reader.complain(path, ("answers", question), f"no question {question!r}{hint}")
            continue
        for option in options:
            if option not in known.options:
                hint = did_you_mean(option, known.options) or f"; it has {', '.join(known.options)}"
                reader.complain(path, ("answers", question, option), f"{question} has no option {option!r}{hint}")
    for index, signal in enumerate(cause.signals):
        _check_pattern(signal.pattern, path, ("signals", index, "pattern"), reader)
        if signal.within:
            _check_pattern(signal.within, path, ("signals", index, "within"), reader)
    for key, empty in (
        ("symptoms", not cause.symptoms),
        ("fixes", not cause.fixes),
        ("references", not cause.references),
    ):
        if empty:
            reader.complain(path, (key,), f"{key}: at least one is needed")
    for fix in cause.fixes:
        stem = template_stem(cause, fix)
        if stem not in catalog.templates:
            reader.complain(path, ("fixes", fix), f"no template templates/{stem}.*.j2 for the fix {fix!r}")
        for name, parameter in cause.fixes[fix].parameters.items():
            if not name.isidentifier() or name == NONE_OF_THESE:
                reader.complain(path, ("fixes", fix, "parameters", name), f"{name!r} cannot be a parameter's name")
            if (parameter.type == "choice") != bool(parameter.choices):
                reader.complain(
                    path,
                    ("fixes", fix, "parameters", name),
                    "choices go with the type choice, and it with them",
                )


def _check_pattern(pattern: str, path: str, where: YamlPath, reader: _Reader) -> None:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        text = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        reader.complain(path, where, f"not an RE2 pattern: {text}")


def template_stem(cause: Cause, fix: str) -> str:
    """Return the stem of the template of a fix: the cause's id, with `.fix` behind it for all but the first."""
    return cause.id if fix == next(iter(cause.fixes)) else f"{cause.id}.{fix}"
