"""Templates to text: sandboxed, strict about names, confined to their folder."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from troubleshoot.catalog.cache import SKELETONS, cache_file, read_cache, write_cache
from troubleshoot.catalog.content import Content
from troubleshoot.catalog.naming import template_stem
from troubleshoot.errors import KnowledgeError, Problem, UsageError
from troubleshoot.fixes.parameters import Prompt, fill
from troubleshoot.model import Catalog, Cause, Evidence

if TYPE_CHECKING:
    import jinja2

Skeleton: TypeAlias = Sequence[tuple[str, str]]
"""A template that only fills in names, taken apart into pairs of a text and the name that follows it (or nothing)."""

LANGUAGES: Mapping[str, str] = {
    "py": "python", "conf": "nginx", "sh": "bash", "toml": "toml", "yaml": "yaml", "yml": "yaml",
    "ini": "ini", "js": "javascript", "html": "html", "sql": "sql", "md": "markdown", "txt": "text",
}  # fmt: skip


STAND_IN = "name_of_nothing_else"
"""Stands for a name, to see which other names a snippet has."""


class Snippet(NamedTuple):
    """A rendered template, and the file it belongs in."""

    text: str
    file_name: str
    language: str


class Tailored(NamedTuple):
    """A fix in the user's own names, and the values of its parameters."""

    snippet: Snippet
    values: Mapping[str, str]


class Renderer:
    """Renders the templates of the knowledge and of the packs beside it.

    Templates that only fill in names are kept in the cache taken apart, because loading Jinja takes longer than
    everything else that an answer needs.
    """

    def __init__(self, content: Content, catalog: Catalog) -> None:
        self.content = content
        self.catalog = catalog

    def tailored(
        self,
        cause: Cause,
        fix: str,
        evidence: Iterable[Evidence] = (),
        given: Mapping[str, str] | None = None,
        prompt: Prompt | None = None,
    ) -> Tailored:
        """Render one fix of `cause` in the user's own names, wherever they come from; for that see `fill`.

        Raises `UsageError` for what is `given` and does not fit, and `KnowledgeError` as `render` does.
        """
        values = fill(cause.fixes[fix].parameters, evidence, given, prompt)
        values = self.without_clashes(cause, fix, values, given or ())
        return Tailored(self.fix(cause, fix, values), values)

    def fix(self, cause: Cause, fix: str, values: Mapping[str, str]) -> Snippet:
        """Render one fix of `cause`. Raises `KnowledgeError` as `render` does."""
        return self.render(template_stem(cause, fix), values, cause.fixes[fix].file_name)

    def without_clashes(
        self, cause: Cause, fix: str, values: Mapping[str, str], given: Container[str] = ()
    ) -> dict[str, str]:
        """Return `values`, with the default for each name that the snippet has for something else.

        A function called `start` in a snippet with another `start` would be code that does something else. Raises
        `UsageError` for such a name of a parameter in `given`.
        """
        stem, kept = template_stem(cause, fix), dict(values)
        for name, parameter in cause.fixes[fix].parameters.items():
            if parameter.type != "identifier" or kept[name] == parameter.default:
                continue
            names = _names_in(self._text(stem, {**kept, name: STAND_IN}))
            if names >= {STAND_IN, kept[name]}:
                if name in given:
                    raise UsageError(f"--set {name}={kept[name]}: the snippet has this name for something else")
                kept[name] = parameter.default
        return kept

    def probe(self, name: str, values: Mapping[str, str]) -> Snippet:
        """Render the probe `name`. Raises `KnowledgeError` as `render` does."""
        return self.render(f"probes/{name}", values)

    def render(self, stem: str, values: Mapping[str, object], file_name: str = "") -> Snippet:
        """Render the template with this stem. Raises `KnowledgeError` if it cannot be rendered with these names."""
        template = PurePosixPath(self.catalog.templates[stem].removesuffix(".j2"))
        extension = template.suffix.removeprefix(".")
        if not file_name:
            name = stem.rpartition("/")[2].replace(".", "-")
            file_name = f"{name.replace('-', '_') if extension == 'py' else name}.{extension}"
        return Snippet(text=self._text(stem, values), file_name=file_name, language=LANGUAGES.get(extension, "text"))

    def names(self, stem: str) -> set[str]:
        """Return the names that a template leaves to be filled; none if it cannot be parsed."""
        import jinja2.meta

        try:
            return jinja2.meta.find_undeclared_variables(self._parsed(stem))
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError):
            return set()

    def _text(self, stem: str, values: Mapping[str, object]) -> str:
        skeleton = self._skeletons.get(stem)
        if skeleton is not None and all(not name or name in values for _, name in skeleton):
            return "".join(f"{text}{values[name] if name else ''}" for text, name in skeleton)
        import jinja2

        try:
            return self._environment.get_template(self.catalog.templates[stem]).render(values)
        except jinja2.TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            path = str(self._path(stem))
            raise KnowledgeError([Problem(path, line, f"cannot be rendered: {error.message}")]) from error
        except Exception as error:  # a template may do anything with the values that it is given
            path = str(self._path(stem))
            why = f"cannot be rendered: {type(error).__name__}: {error}"
            raise KnowledgeError([Problem(path, 1, why)]) from error

    @cached_property
    def _environment(self) -> jinja2.Environment:
        import jinja2
        import jinja2.sandbox

        return jinja2.sandbox.ImmutableSandboxedEnvironment(
            loader=jinja2.FileSystemLoader([pack.templates for pack in reversed(self.content.folders)]),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _parsed(self, stem: str) -> jinja2.nodes.Template:
        return self._environment.parse(self._path(stem).read_text(encoding="utf-8"))

    def _path(self, stem: str) -> Path:
        return self.content.template_file(self.catalog.templates[stem])

    @cached_property
    def _skeletons(self) -> Mapping[str, Skeleton]:
        """The templates that only fill in names, by stem; read from the cache, or taken apart and written there."""
        path = cache_file(self.content, SKELETONS)
        if path is None:
            return {}
        with suppress(OSError, ValueError):
            kept: Mapping[str, Skeleton] = json.loads(read_cache(path))
            return kept
        skeletons = self.skeletons()
        with suppress(OSError):
            write_cache(path, json.dumps(skeletons).encode())
        return skeletons

    def skeletons(self) -> Mapping[str, Skeleton]:
        """Return the templates that only fill in names, by stem, taken apart anew."""
        return {stem: skeleton for stem in self.catalog.templates if (skeleton := self._taken_apart(stem))}

    def _taken_apart(self, stem: str) -> Skeleton | None:
        """Return the skeleton of a template; None if it does more than fill in names, or cannot be parsed."""
        import jinja2
        import jinja2.nodes

        try:
            body = self._parsed(stem).body
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError):
            return None
        pieces: list[tuple[str, str]] = []
        for output in body:
            if not isinstance(output, jinja2.nodes.Output):
                return None
            for node in output.nodes:
                if isinstance(node, jinja2.nodes.TemplateData):
                    pieces.append((node.data, ""))
                elif isinstance(node, jinja2.nodes.Name):
                    pieces.append(("", node.name))
                else:
                    return None
        return pieces


def _names_in(text: str) -> set[str]:
    """Return the names that Python source defines or uses; none if it is no Python."""
    import ast

    names: set[str] = set()
    with suppress(SyntaxError):
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Name():
                    names.add(node.id)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    names.add(node.name)
                case ast.arg():
                    names.add(node.arg)
                case ast.alias():
                    names.add(node.asname or node.name.partition(".")[0])
    return names
