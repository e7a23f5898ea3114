"""The pages: everything that is known is on them, as HTML without a mistake, and nothing is fetched from elsewhere."""

import posixpath
import re
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from parsing import told

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.site.messages import messages_of
from troubleshoot.site.pages import Site
from troubleshoot.versions.ranges import in_words

CONTENT = find_content()
CATALOG = load(CONTENT)
COLOUR = re.compile(r"--([\w-]+): #([0-9a-f]{6})")


def shown(text):
    """Return a sentence of the knowledge as it reads on a page."""
    return told(re.sub(r"`([^`]*)`", r"\1", text))


def test_every_cause_symptom_and_family_has_a_page_and_there_is_nothing_else(written, pages):
    assert set(pages) == {
        *("index.html", "404.html", "messages.html"),
        *(f"causes/{cause}.html" for cause in CATALOG.causes),
        *(f"symptoms/{symptom}.html" for symptom in CATALOG.symptoms),
        *(f"families/{family}.html" for family in CATALOG.families),
    }
    others = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()} - set(pages)
    assert others == {"style.css", "page.js", "search.js", "search-index.js"}


def leads_to(place, address):
    """Return which file, and which place on it, an address leads to on a page; None for one elsewhere."""
    parts = urlsplit(address)
    if parts.scheme:
        return None
    target = posixpath.join(posixpath.dirname(place), unquote(parts.path)) if parts.path else place
    return posixpath.normpath(target), parts.fragment


def test_every_link_leads_somewhere(written, pages):
    files = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    ids = {place: {e.attributes["id"] for e in page.elements if "id" in e.attributes} for place, page in pages.items()}
    for place, page in pages.items():
        for name, address in {
            (element.name, element.attributes[name])
            for element in page.elements
            for name in ("href", "src", "action")
            if name in element.attributes
        } - {("link", "data:,")}:
            found = leads_to(place, address)
            assert found or name == "a", (place, address)
            if found:
                assert found[0] in files, (place, address)
                assert not found[1] or found[1] in ids[found[0]], (place, address)


def test_every_page_can_be_reached_from_the_start(pages):
    seen, left = set(), {"index.html"}
    while left:
        place = left.pop()
        seen.add(place)
        found = {leads_to(place, address) for address in {link.attributes["href"] for link in pages[place].all("a")}}
        left |= {target[0] for target in found if target} - seen
    assert seen == set(pages) - {"404.html"}


def test_a_browser_loads_nothing_from_elsewhere(written, pages):
    for place, page in pages.items():
        assert {e.name for e in page.elements} <= {
            *("html", "head", "meta", "title", "link", "script", "style", "body", "header", "main", "footer", "nav"),
            *("section", "article", "div", "h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "a", "b", "em"),
            *("strong", "code", "pre", "span", "figure", "figcaption", "form", "label", "input", "details", "summary"),
        }, place
        assert not [e for e in page.elements if any(name.startswith("on") or name == "style" for name in e.attributes)]
    assert not re.search(r"url\(|@import|@font-face", (written / "style.css").read_text())
    for name in ("page.js", "search.js"):
        assert not re.search(r"https?:|fetch|XMLHttpRequest|import\(|innerHTML|eval", (written / name).read_text())


def test_a_page_can_be_found_by_ear_and_by_keyboard(pages):
    titles = [page.one("title").text for page in pages.values()]
    assert len(set(titles)) == len(titles)
    for place, page in pages.items():
        assert page.one("html").attributes["lang"]
        assert all(page.one(name) for name in ("h1", "header", "main", "footer"))
        named = {e.attributes.get("name"): e.attributes for e in page.all("meta")}
        assert len(named["description"]["content"]) > 10
        levels = [int(e.name[1]) for e in page.all("h1", "h2", "h3")]
        assert all(below - above <= 1 for above, below in pairwise(levels)), (place, levels)
        ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
        assert len(set(ids)) == len(ids), place
        for element in page.elements:
            if name := element.attributes.get("aria-labelledby"):
                assert name in ids, (place, name)
        labelled = {e.attributes["for"] for e in page.all("label")}
        for field in page.all("input"):
            assert field.attributes.get("aria-label") or field.attributes["id"] in labelled
        assert all(nav.attributes["aria-label"] for nav in page.all("nav"))
        assert all(told(link.text) for link in page.all("a"))
        assert page.all("a")[0].attributes["href"] == f"#{page.one('main').attributes['id']}"
        # What scrolls sideways can be scrolled with the keyboard.
        assert all(code.attributes["tabindex"] == "0" for code in page.all("pre"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(written, scheme):
    light, dark = re.findall(r":root \{(.*?)\}", (written / "style.css").read_text(), re.DOTALL)[:2]
    colours = dict(COLOUR.findall(light if scheme == "light" else dark))
    for ink in ("ink", "quiet", "accent", "keyword", "name", "string", "number", "comment"):
        for ground in ("paper", "code") if ink not in ("ink", "accent") else ("paper", "code", "accent-soft"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2.2 defines it."""

    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_a_cause_has_everything_on_its_page(pages):
    renderer = Renderer(CONTENT, CATALOG)
    for cause in CATALOG.causes.values():
        page = pages[f"causes/{cause.id}.html"]
        text = told(page.one("main").text)
        assert told(page.one("h1").text) == shown(cause.title)
        assert shown(cause.title) in told(page.one("title").text)
        assert shown(cause.tell) in text
        codes = [code.text for code in page.all("pre")]
        for name, fix in cause.fixes.items():
            assert renderer.fix(cause, name, fill(fix.parameters)).text in codes, (cause.id, name)
            assert all(shown(said) in text for said in (fix.title, fix.check, *fix.steps, fix.risk))
        for question, words in cause.answers.items():
            asked = CATALOG.questions[question]
            assert shown(asked.text) in text
            assert all(shown(asked.options[option]) in text for option in words)
        hrefs = {link.attributes["href"] for link in page.all("a")}
        assert {f"../../symptoms/{symptom}.html" for symptom in cause.symptoms} <= hrefs
        assert set(cause.references) <= hrefs
        assert all(shown(change) in text for change in cause.changed)
        assert all(in_words(range_) in text for range_ in cause.versions.values())
        assert all(f"{package} {version}" in text for package, version in CATALOG.verified_with.items())


def test_every_message_stands_where_it_leads(pages):
    index = {told(term.text) for term in pages["messages.html"].all("dt")}
    patterns = {f"causes/{c.id}.html": [s.pattern for s in c.signals] for c in CATALOG.causes.values()}
    patterns |= {f"symptoms/{s.id}.html": s.signatures for s in CATALOG.symptoms.values()}
    against = {s.pattern for c in CATALOG.causes.values() for s in c.signals if s.weight == "rules_out"}
    for place, found in patterns.items():
        codes = {told(code.text) for code in pages[place].all("code")}
        for pattern in found:
            assert messages_of(pattern), pattern
            assert codes >= set(messages_of(pattern)), (place, pattern)
            assert pattern in against or index >= set(messages_of(pattern)), pattern


def test_a_symptom_leads_to_its_causes_the_likeliest_first(pages):
    for symptom in CATALOG.symptoms.values():
        page = pages[f"symptoms/{symptom.id}.html"]
        links = [e.attributes["href"] for e in page.all("a") if "h3" in e.above]
        causes = [link.removeprefix("../causes/").removesuffix(".html") for link in links]
        assert sorted(causes) == sorted(c.id for c in CATALOG.causes.values() if symptom.id in c.symptoms)
        words = [("always", "often", "sometimes").index(CATALOG.causes[cause].symptoms[symptom.id]) for cause in causes]
        assert words == sorted(words)


def test_a_cause_is_mistaken_for_others_of_the_same_symptom_alone(pages):
    for cause in CATALOG.causes.values():
        page = pages[f"causes/{cause.id}.html"]
        links = [e.attributes["href"] for e in page.all("a") if "h3" in e.above]
        others = [link.removeprefix("../../causes/").removesuffix(".html") for link in links]
        assert cause.id not in others
        main = {symptom for symptom, word in cause.symptoms.items() if word != "sometimes"}
        for other in others:
            assert main & {symptom for symptom, word in CATALOG.causes[other].symptoms.items() if word != "sometimes"}


def test_the_same_knowledge_gives_the_same_bytes(written):
    for place, text in Site(CONTENT, CATALOG).files():
        assert (written / place).read_bytes() == text.encode(), place


def test_it_is_small_enough_to_be_put_anywhere(written):
    sizes = {path.name: path.stat().st_size for path in written.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 8_000_000
    assert sizes["search-index.js"] < 600_000
