"""Every file of the site, by its place in the folder: the same knowledge gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import jinja2
from markupsafe import Markup

from troubleshoot import __version__, program
from troubleshoot.catalog.content import Content
from troubleshoot.detectors import searched_for
from troubleshoot.errors import UsageError
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.formats.words import verified
from troubleshoot.model import Catalog, Cause, Fix, Symptom
from troubleshoot.site import prose
from troubleshoot.site.likeness import Lookalike, lookalikes
from troubleshoot.site.recognised import Recognised, best_message, listed, recognised, texts_of
from troubleshoot.site.searching import Entry, index_of
from troubleshoot.versions.names import TITLES
from troubleshoot.versions.ranges import in_words

HERE = Path(__file__).parent
ASSETS = ("style.css", "search.js", "page.js")
MARK = f'<meta name="generator" content="{program.NAMES[0]} '
"""What every page has at its head, and by which an old one is known as ours."""
ORDER = ("always", "often", "sometimes", "common", "occasional", "rare")
"""Words of likelihood and of frequency, the most first."""
FREQUENCIES = {"common": "met often", "occasional": "met now and then", "rare": "met rarely"}
SAID = 6
"""Phrases shown of how people describe something."""
PAGE_TITLE = 60
"""Characters of a title from which on no message is added to it."""


def address_of(text: str) -> str:
    """Return the address that pages are served below, with `/` at its end. Raises `UsageError` if it is none."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        if not sound or parts.username is not None or re.search(r"[\s\x00-\x1f<>\"']", text):
            raise ValueError
    except ValueError:
        raise UsageError("--url: expected an address such as https://example.org/errors/") from None
    return text.rstrip("/") + "/"


class Site:
    """The pages of one catalog. `address` is where they will be served, if that is known."""

    def __init__(self, content: Content, catalog: Catalog, address: str = "") -> None:
        self.content = content
        self.catalog = catalog
        self.address = address

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield each file: its place, with `/`, and its text. Raises `KnowledgeError` if a fix cannot be rendered."""
        places = []
        for place, text in self._pages():
            places.append(place)
            yield place, text
        for name in ASSETS:
            yield name, (HERE / name).read_text(encoding="utf-8")
        yield "search-index.js", index_of(self._entries())
        if self.address:
            yield "sitemap.xml", self._sitemap(places)

    def _pages(self) -> Iterator[tuple[str, str]]:
        yield self._page("index.html", "start", groups=self._groups())
        yield self._page("404.html", "missing", style=prose.trusted((HERE / "style.css").read_text(encoding="utf-8")))
        yield self._page("messages.html", "messages", letters=listed(self.catalog))
        for family in self.catalog.families.values():
            yield self._page(f"families/{family.id}.html", "family", family=family, causes=self._causes[family.id])
        for symptom in self.catalog.symptoms.values():
            shown = [cause for cause in self.catalog.causes.values() if symptom.id in cause.symptoms]
            shown.sort(key=lambda cause: (ORDER.index(cause.symptoms[symptom.id]), ORDER.index(cause.frequency)))
            yield self._page(
                f"symptoms/{symptom.id}.html",
                "symptom",
                symptom=symptom,
                causes=shown,
                messages=texts_of(symptom),
            )
        for cause in self.catalog.causes.values():
            yield self._page(f"causes/{cause.id}.html", "cause", **self._cause(cause))

    def _page(self, place: str, template: str, **values: object) -> tuple[str, str]:
        root = self.address if template == "missing" else "../" * place.count("/")
        shared = {"root": root, "place": place, "address": self.address}
        return place, self._templates.get_template(f"{template}.html.j2").render(**shared, **values)

    def _cause(self, cause: Cause) -> Mapping[str, object]:
        return {
            "cause": cause,
            "title": self._title(cause),
            "family": self.catalog.families[cause.family],
            "recognised": recognised(cause),
            "fixes": [(name, fix, *self._rendered(cause, name, fix)) for name, fix in cause.fixes.items()],
            "proof": verified(self.catalog.verified(cause)),
            "alike": self._lookalikes[cause.id],
            "in_source": cause.id in self._searched,
            "answers": [(self.catalog.questions[question], words) for question, words in cause.answers.items()],
        }

    def _title(self, cause: Cause) -> str:
        """Return a title with the message that people search for, where it is not there already."""
        message = best_message(cause)
        return cause.title if len(cause.title) > PAGE_TITLE or not message else f"{cause.title}: {message}"

    def _rendered(self, cause: Cause, name: str, fix: Fix) -> tuple[str, Markup]:
        snippet = self._renderer.fix(cause, name, fill(fix.parameters))
        return snippet.file_name, prose.code(snippet.text, snippet.language)

    def _is_proven(self) -> bool:
        """Return whether every fix was run."""
        return bool(self.catalog.verified_with) and all(
            self.catalog.verified(cause) for cause in self.catalog.causes.values()
        )

    def _groups(self) -> Mapping[str, list[Symptom]]:
        groups: dict[str, list[Symptom]] = {}
        for symptom in self.catalog.symptoms.values():
            groups.setdefault(symptom.group, []).append(symptom)
        return groups

    def _entries(self) -> Iterator[Entry]:
        for cause in self.catalog.causes.values():
            found: list[Recognised] = recognised(cause)
            yield Entry(
                place=f"causes/{cause.id}.html",
                title=prose.plain(cause.title),
                kind=self.catalog.families[cause.family].title,
                about=prose.plain(cause.tell),
                texts=(
                    (9, f"{cause.title} {cause.id}"),
                    *((7 if item.weight == "confirms" else 4, text) for item in found for text in item.texts),
                    (4, cause.tell),
                    *((2, self.catalog.symptoms[symptom].title) for symptom in cause.symptoms),
                    *((2, fix.title) for fix in cause.fixes.values()),
                    (1, cause.explanation),
                ),
                phrases=cause.phrases,
            )
        for symptom in self.catalog.symptoms.values():
            yield Entry(
                place=f"symptoms/{symptom.id}.html",
                title=prose.plain(symptom.title),
                kind="symptom",
                about=symptom.group,
                texts=((9, symptom.title), (2, symptom.group), *((4, text) for text in texts_of(symptom))),
                phrases=symptom.phrases,
            )
        for family in self.catalog.families.values():
            yield Entry(
                place=f"families/{family.id}.html",
                title=family.title,
                kind="family",
                about=prose.plain(family.about),
                texts=((9, family.title), (3, family.about)),
            )

    def _sitemap(self, places: list[str]) -> str:
        rows = "".join(
            f"<url><loc>{escape(self.address + place)}</loc></url>\n" for place in places if place != "404.html"
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{rows}</urlset>\n'

    @cached_property
    def _causes(self) -> Mapping[str, list[Cause]]:
        """The causes of each family, those met most often first."""
        causes: dict[str, list[Cause]] = {family: [] for family in self.catalog.families}
        for cause in sorted(self.catalog.causes.values(), key=lambda cause: ORDER.index(cause.frequency)):
            causes[cause.family].append(cause)
        return causes

    @cached_property
    def _lookalikes(self) -> Mapping[str, tuple[Lookalike, ...]]:
        return lookalikes(self.catalog)

    @cached_property
    def _searched(self) -> frozenset[str]:
        return frozenset(searched_for(self.catalog))

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self.content, self.catalog)

    @cached_property
    def _templates(self) -> jinja2.Environment:
        templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        templates.tests["linked"] = prose.is_linked
        framework = next(iter(self.catalog.verified_with), "")
        named = TITLES.get(framework, framework)  # type: ignore[call-overload] # one's own knowledge names others
        templates.filters |= {"prose": prose.prose, "inline": prose.inline, "plain": prose.plain, "range": in_words}
        templates.globals |= {
            "catalog": self.catalog,
            "causes_of": self._causes,
            "framework": named,
            "site": f"{named} troubleshooting" if named else "Troubleshooting",
            "program": program.NAMES[0],
            "mark": prose.trusted(f'{MARK}{__version__}">'),
            "package": TITLES.get,
            "frequencies": FREQUENCIES,
            "said": SAID,
            "proven_with": verified(self.catalog.verified_with) if self._is_proven() else "",
        }
        return templates
