"""The folder: written whole or not at all, and what others have put there stays."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from parsing import parsed

PAGE = '<meta name="generator" content="troubleshoot 0.0.1">'


@pytest.fixture
def small(tmp_path):
    """A small knowledge of one's own, in which a pack's author means no good."""
    folder = tmp_path / "pack"
    files = {
        "knowledge/families/app.yaml": "title: <b>Apps</b>\nabout: 'About <i>\"apps\"</i> & more.'\n",
        "knowledge/symptoms/breaks.yaml": "group: '<u>G'\ntitle: It <script>alert(1)</script> breaks\nsignatures: ['<script>a']\n",
        "knowledge/questions/how.yaml": "text: How </title>?\nwhy: W\neffort: glance\noptions: {so: '</dd><script>', no: n}\n",
        "knowledge/app/index.yaml": """
title: A `</code><script>alert(1)</script>` cause
tell: An <img src=x onerror=alert(1)> "quoted" tell.
frequency: common
symptoms: {breaks: always}
answers: {how: {so: always}}
signals:
  - {pattern: '</script><script>alert\\(2\\)', weight: confirms, within: '<svg onload=x>'}
phrases: ['</li><script>alert(3)</script>']
explanation: |
  <script>alert(4)</script> ![p](https://example.org/p.png) [l](javascript:alert(5)) <https://example.org>
unproven: No <b>reason</b>.
fixes:
  mend: {title: 'Mend <b>', check: 'Look <i>', risk: '<s>', steps: ['<p>']}
references: ['javascript:alert(6)', 'https://example.org/"><script>']
examples: {matches: ['</script><script>alert(2)']}
""",
        "templates/app/index.py.j2": 'TEXT = "</code></pre><script>alert(7)</script>"\n',
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return "--only-knowledge", "--knowledge", str(folder)


def files_of(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "state" not in path.parts
    }


def test_knowledge_of_ones_own_is_text_and_never_markup(site, small):
    code, out, err = site("out", before=small)
    assert (code, out) == (0, "out/index.html\n")
    assert err.startswith("wrote out: 10 files, ")
    for path in sorted((site.folder / "out").rglob("*.html")):
        text = path.read_text()
        page = parsed(text)
        names = {element.attributes["src"].rpartition("/")[2] for element in page.all("script")}
        assert names <= {"page.js", "search.js", "search-index.js"}
        assert not page.all("img", "svg", "i", "u", "s")
        assert not [element for element in page.elements if "onerror" in element.attributes]
        assert not [link for link in page.all("a") if link.attributes["href"].startswith("javascript:")]
    page = parsed((site.folder / "out/causes/app/index.html").read_text())
    assert page.one("h1").text == "A </code><script>alert(1)</script> cause"
    assert [code.text for code in page.all("pre")] == ['TEXT = "</code></pre><script>alert(7)</script>"\n']
    assert "This fix has no reproduction; it was reviewed but not run." in page.one("main").text
    assert "FastAPI" not in "".join(p.read_text() for p in (site.folder / "out").rglob("*.html"))


def test_with_an_address_there_is_a_sitemap_and_the_missing_page_leads_back(site, small):
    assert site("out", "--url", "https://example.org/errors", before=small)[0] == 0
    places = {f"https://example.org/errors/{path}" for path in files_of(site.folder / "out") if path.endswith(".html")}
    sitemap = (site.folder / "out/sitemap.xml").read_text()
    assert {line.split("<")[2][4:] for line in sitemap.splitlines() if "<loc>" in line} == {
        place for place in places if not place.endswith("404.html")
    }
    for path in (site.folder / "out").rglob("*.html"):
        page = parsed(path.read_text())
        canonical = next(link for link in page.all("link") if link.attributes["rel"] == "canonical")
        assert canonical.attributes["href"] in places
    missing = parsed((site.folder / "out/404.html").read_text())
    assert {"https://example.org/errors/index.html", "https://example.org/errors/messages.html"} <= {
        link.attributes["href"] for link in missing.all("a")
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        'https://a/"',
        "https://[a",
    ],
)
def test_an_address_that_is_none_is_refused(site, small, url):
    assert site("out", "--url", url, before=small) == (
        2,
        "",
        "troubleshoot: --url: expected an address such as https://example.org/errors/\n",
    )
    assert files_of(site.folder) == {}


def test_a_folder_that_has_something_in_it_is_left_alone(site, small):
    (site.folder / "out").mkdir()
    (site.folder / "out/mine.txt").write_text("mine")
    before = files_of(site.folder)
    assert site("out", before=small) == (
        2,
        "",
        "troubleshoot: out: exists already; choose another name or add --force\n",
    )
    assert files_of(site.folder) == before


@pytest.mark.parametrize("name", ["out", "."])
def test_an_empty_folder_is_filled(site, small, name, tmp_path):
    site.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    (site.folder / name).mkdir(exist_ok=True)
    assert site(name, before=small)[0] == 0
    assert "index.html" in files_of(site.folder / name)
    assert not [path for path in site.folder.rglob(".*") if path.is_file() or path.is_dir()]


def test_with_force_pages_are_replaced_old_ones_go_and_what_others_have_put_there_stays(site, small):
    assert site("out", before=small)[0] == 0
    fresh = files_of(site.folder / "out")
    out = site.folder / "out"
    (out / "index.html").write_text("old")
    (out / "causes/app/gone.html").write_text(PAGE)
    others = {
        "CNAME": b"x",
        "causes/app/mine.html": b"<p>mine</p>",
        "mine.html": PAGE.encode(),
        "symptoms/mine.css": b"y",
    }
    for name, data in others.items():
        (out / name).write_bytes(data)
    assert site("out", "--force", before=small)[0] == 0
    assert files_of(out) == {**fresh, **others}


@pytest.mark.parametrize(
    ("obstacle", "message"),
    [
        ("file", "out: is no folder"),
        ("nowhere", "out: is a link to nowhere"),
        ("page", "out/symptoms/breaks.html: is in the way of a page"),
        ("folder", "out/causes: is in the way of a folder"),
        ("link", "out/causes/app: is in the way of a folder"),
    ],
)
def test_what_is_in_the_way_is_said_and_nothing_is_changed(site, small, obstacle, message, tmp_path):
    out = site.folder / "out"
    if obstacle == "file":
        out.write_text("mine")
    elif obstacle == "nowhere":
        out.symlink_to("nowhere")
    elif obstacle == "page":
        (out / "symptoms/breaks.html").mkdir(parents=True)
    elif obstacle == "folder":
        out.mkdir()
        (out / "causes").write_text("mine")
    else:
        (out / "causes").mkdir(parents=True)
        (tmp_path / "elsewhere").mkdir()
        (out / "causes/app").symlink_to(tmp_path / "elsewhere")
    before = files_of(site.folder)
    assert site("out", "--force", before=small) == (2, "", f"troubleshoot: {message}\n")
    assert files_of(site.folder) == before
    assert not (tmp_path / "elsewhere").exists() or not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("name", ["missing/out", "file/out", "/proc/out", "x" * 300])
def test_a_folder_that_cannot_be_made_is_said(site, small, name):
    (site.folder / "file").write_text("mine")
    code, out, err = site(name, before=small)
    assert (code, out) == (2, "")
    assert err.startswith(f"troubleshoot: {name}: cannot be ")
    assert err.count("\n") == 1
    assert files_of(site.folder) == {"file": b"mine"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_must_not_be_written_is_said(site, small):
    (site.folder / "out").mkdir(mode=0o555)
    assert site("out", before=small) == (2, "", "troubleshoot: out: cannot be written: Permission denied\n")


def test_knowledge_that_is_none_is_said_and_nothing_is_written(site, small):
    assert site("out", before=("--knowledge", "nowhere"))[::2] == (
        2,
        "troubleshoot: nowhere: no folders knowledge/ and templates/ here\n",
    )
    Path(small[-1], "templates/app/index.py.j2").write_text("{{ unknown }}")
    code, out, err = site("out", before=small)
    assert (code, out) == (3, "")
    assert "index.py.j2:1: cannot be rendered" in err
    assert files_of(site.folder) == {}


def interrupted(site):
    """Write the site, and interrupt it once there is something in its folder; return what became of the process."""
    (site.folder / "out").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "troubleshoot", "knowledge", "site", "out"],
        cwd=site.folder,
        env=site.environment,
        stderr=subprocess.PIPE,
    )
    while process.poll() is None and not list((site.folder / "out").iterdir()):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def test_an_interruption_leaves_nothing_behind(site):
    code, err = interrupted(site)
    for _ in range(8):
        if code:
            break
        # It was written before the signal came.
        shutil.rmtree(site.folder / "out")
        code, err = interrupted(site)
    assert code == 130
    assert b"Traceback" not in err
    assert files_of(site.folder / "out") == {}
