"""From YAML files to a `Catalog`: strict, all mistakes at once, compiled once and then read from the cache."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from troubleshoot import limits
from troubleshoot.catalog import compiled
from troubleshoot.catalog.cache import CATALOG, cache_file, read_cache, write_cache
from troubleshoot.catalog.content import Content
from troubleshoot.errors import KnowledgeError, Problem, did_you_mean
from troubleshoot.lazy import pattern
from troubleshoot.model import Catalog, Cause, Family, Question, Symptom

if TYPE_CHECKING:
    import pydantic

    from troubleshoot.catalog.strict_yaml import Path as YamlPath

T = TypeVar("T")

KINDS: Mapping[str, type[Any]] = {"families": Family, "symptoms": Symptom, "questions": Question}
WORDS = {"families": "family", "symptoms": "symptom", "questions": "question", "causes": "cause"}
ID = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
VERIFIED = "verified.yaml"
PATCH = ".patch.j2"
"""The ending of a template for a part of the user's own source."""


def load(content: Content) -> Catalog:
    """Return the catalog of `content`, from the cache when nothing has changed since it was compiled.

    Raises `KnowledgeError` with every problem found.
    """
    cached = cache_file(content, CATALOG)
    if cached is not None:
        # A damaged or foreign cache is not worth a word: it is compiled anew.
        with suppress(OSError, ValueError, KeyError, TypeError):
            return compiled.load(read_cache(cached), content)
    catalog = compile_catalog(content)
    if cached is not None:
        with suppress(OSError):
            write_cache(cached, compiled.dump(catalog, content))
    return catalog


def compile_catalog(content: Content) -> Catalog:
    """Read and check every file of `content`. Raises `KnowledgeError` with every problem found."""
    from troubleshoot.catalog.consistency import check

    reader = _Reader(content)
    catalog = reader.read()
    check(catalog, reader.files, reader.complain)
    if reader.problems:
        raise KnowledgeError([_naming_its_pack(problem, content) for problem in reader.problems])
    return catalog


class _Reader:
    """Reads each file into its dataclass, and remembers where everything stood."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.lines: dict[str, Mapping[YamlPath, int]] = {}
        self.files: dict[tuple[str, str], str] = {}
        self.values: dict[str, dict[str, Any]] = {kind: {} for kind in (*KINDS, "causes")}
        self.templates: dict[str, str] = {}
        self.verified: Mapping[str, str] = {}
        self.origins: dict[str, str] = {}
        self.overridden: dict[str, str] = {}

    def read(self) -> Catalog:
        for pack in self.content.folders:
            self.read_pack(pack)
            self.read_templates(pack)
        if self.content.beside:
            self.values = {kind: _in_order(values) for kind, values in self.values.items()}
        return Catalog(
            **self.values,
            templates=self.templates,
            verified_with=self.verified,
            origins=self.origins,
            overridden=self.overridden,
        )

    def read_pack(self, pack: Content) -> None:
        folder = pack.knowledge
        for path in sorted(folder.rglob("*.yaml")):
            parts = path.relative_to(folder).with_suffix("").parts
            if path.relative_to(folder).as_posix() == VERIFIED:
                verified = self.read_file(path, dict[str, str], None) or {}
                self.verified = self.verified if pack.name else verified
                continue
            if len(parts) != 2 or not all(ID.fullmatch(part) for part in parts):
                self.complain(path, (), "expected knowledge/FOLDER/NAME.yaml, both in lower case with hyphens")
                continue
            kind, type_ = (parts[0], KINDS[parts[0]]) if parts[0] in KINDS else ("causes", Cause)
            id_ = "/".join(parts) if kind == "causes" else parts[1]
            if (kind, id_) in self.files:
                self.override(kind, id_, pack)
            self.files[kind, id_] = str(path)
            if kind == "causes" and pack.name:
                self.origins[id_] = pack.name
            value = self.read_file(path, type_, id_)
            if isinstance(value, Cause):
                value = replace(value, phrases=(*value.phrases, *self.more_phrases(path, value)))
            if value is not None:
                self.values[kind][id_] = value

    def override(self, kind: str, id_: str, pack: Content) -> None:
        """Note that a pack has taken something over; with a cause go its templates."""
        self.overridden[f"{WORDS[kind]} {id_}"] = pack.name
        if kind == "causes":
            self.templates = {stem: name for stem, name in self.templates.items() if _cause_of(stem) != id_}

    def read_file(self, path: Path, type_: type[T], id_: str | None) -> T | None:
        from troubleshoot.catalog import strict_yaml

        try:
            text = limits.read(path, "knowledge file").decode("utf-8")
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

    def more_phrases(self, path: Path, cause: Cause) -> Iterator[str]:
        """Yield the phrases that stand in a file of their own beside a cause, one a line; a repeated one is refused."""
        beside = path.with_suffix(compiled.PHRASES)
        if not beside.exists():
            return
        seen = {phrase.lower(): 0 for phrase in cause.phrases}
        try:
            phrases = list(compiled.numbered_phrases(beside))
        except (OSError, UnicodeDecodeError) as error:
            self.complain(beside, (), f"cannot be read: {error}")
            return
        for number, phrase in phrases:
            if phrase.lower() in seen:
                where = f"in line {seen[phrase.lower()]}" if seen[phrase.lower()] else f"in {path.name}"
                self.problems.append(Problem(str(beside), number, f"this phrase stands {where} already"))
            else:
                seen[phrase.lower()] = number
                yield phrase

    def validate(self, path: Path, type_: type[T], value: object) -> T | None:
        import pydantic

        try:
            return cast("T", adapter(type_).validate_python(value))  # type: ignore[arg-type] # a class is hashable
        except pydantic.ValidationError as error:
            for detail in error.errors(include_url=False):
                where = tuple(part for part in detail["loc"] if part != "[key]")
                self.complain(path, where, _explain(detail, where, type_))
            return None

    def read_templates(self, pack: Content) -> None:
        folder = pack.templates
        found: dict[str, str] = {}
        for path in sorted(folder.rglob("*.j2")):
            name = path.relative_to(folder).as_posix()
            stem = name.removesuffix(".j2")
            if not name.endswith(PATCH):
                stem = stem.rpartition(".")[0]
            if stem in found:
                self.complain(path, (), f"stands beside {found[stem]}; a fix has one template")
            found[stem] = name
            if stem in self.templates:
                self.overridden[f"template {name}"] = pack.name
        self.templates |= found

    def complain(self, path: Path | str, where: YamlPath, message: str) -> None:
        lines = self.lines.get(str(path), {})
        while where and where not in lines:
            where = where[:-1]
        self.problems.append(Problem(str(path), lines.get(where, 1), message))


def _naming_its_pack(problem: Problem, content: Content) -> Problem:
    """Return a problem that names the pack which it is in, if its path does not."""
    path = Path(problem.path)
    for pack in content.folders:
        within = path.is_relative_to(pack.knowledge) or path.is_relative_to(pack.templates)
        if within and pack.name not in problem.path:
            return problem._replace(message=f"{problem.message} (in the pack {pack.name})")
    return problem


def _cause_of(stem: str) -> str:
    return stem.partition(".")[0]


def _in_order(values: Mapping[str, T]) -> dict[str, T]:
    """Return what several packs have given in the order in which the files of one folder are read."""
    return dict(sorted(values.items(), key=lambda item: f"{item[0]}.yaml".split("/")))


@functools.cache
def adapter(type_: type[Any]) -> pydantic.TypeAdapter[Any]:
    """Return what reads plain values into `type_`, and knows their JSON Schema."""
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
