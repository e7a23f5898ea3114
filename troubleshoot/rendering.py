"""Templates to text: sandboxed, strict about names, confined to their folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import jinja2
import jinja2.meta
import jinja2.sandbox

from troubleshoot.catalog import template_stem
from troubleshoot.content import Content
from troubleshoot.errors import KnowledgeError, Problem
from troubleshoot.model import Catalog, Cause

LANGUAGES: Mapping[str, str] = {
    "py": "python", "conf": "nginx", "sh": "bash", "toml": "toml", "yaml": "yaml", "yml": "yaml",
    "ini": "ini", "js": "javascript", "html": "html", "sql": "sql", "md": "markdown", "txt": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A rendered template, and the file it belongs in."""

    text: str
    file_name: str
    language: str


class Renderer:
    """Renders the templates of one content folder."""

    def __init__(self, content: Content, catalog: Catalog) -> None:
        self.content = content
        self.catalog = catalog
        self.environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
            loader=jinja2.FileSystemLoader(content.templates),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["cell"] = _cell

    def fix(self, cause: Cause, fix: str, values: Mapping[str, str]) -> Snippet:
        """Render one fix of `cause`. Raises `KnowledgeError` as `render` does."""
        return self.render(template_stem(cause, fix), values, cause.fixes[fix].file_name)

    def probe(self, name: str, values: Mapping[str, str]) -> Snippet:
        """Render the probe `name`. Raises `KnowledgeError` as `render` does."""
        return self.render(f"probes/{name}", values)

    def report(self, values: Mapping[str, object]) -> str:
        """Render the Markdown report."""
        return self.render("report", values).text

    def names(self, stem: str) -> set[str]:
        """Return the names that a template leaves to be filled; none if it cannot be parsed."""
        name = self.catalog.templates[stem]
        try:
            tree = self.environment.parse((self.content.templates / name).read_text(encoding="utf-8"))
        except jinja2.TemplateSyntaxError:
            return set()
        return jinja2.meta.find_undeclared_variables(tree)

    def render(self, stem: str, values: Mapping[str, object], file_name: str = "") -> Snippet:
        """Render the template with this stem. Raises `KnowledgeError` if it cannot be rendered with these names."""
        template = PurePosixPath(self.catalog.templates[stem].removesuffix(".j2"))
        extension = template.suffix.removeprefix(".")
        if not file_name:
            name = stem.rpartition("/")[2].replace(".", "-")
            file_name = f"{name.replace('-', '_') if extension == 'py' else name}.{extension}"
        try:
            text = self.environment.get_template(f"{template}.j2").render(values)
        except jinja2.TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            path = str(self.content.templates / f"{template}.j2")
            raise KnowledgeError([Problem(path, line, f"cannot be rendered: {error.message}")]) from error
        return Snippet(text=text, file_name=file_name, language=LANGUAGES.get(extension, "text"))


def _cell(text: str) -> str:
    """Return `text` as it may stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
