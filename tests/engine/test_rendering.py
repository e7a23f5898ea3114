"""Rendering: sandboxed, strict about names, the same with and without the cache."""

import pytest

from troubleshoot.catalog.content import Content
from troubleshoot.errors import KnowledgeError, UsageError
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog


@pytest.fixture
def render(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def render(text: str, **values: str) -> str:
        (tmp_path / "probe.py.j2").write_text(text)
        catalog = Catalog(
            families={}, symptoms={}, questions={}, causes={}, templates={"probe": "probe.py.j2"}, verified_with={}
        )
        (tmp_path / "knowledge").mkdir(exist_ok=True)
        return Renderer(Content(tmp_path / "knowledge", tmp_path), catalog).render("probe", values).text

    return render


def test_names_are_filled_in(render):
    assert render("def {{ name }}(): ...\n", name="go") == "def go(): ...\n"


def test_templates_may_decide(render):
    assert render("{% if name == 'go' %}\nyes\n{% endif %}\n", name="go") == "yes\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ missing }}", "'missing' is undefined"),
        ("{{ name", "unexpected end of template"),
        ("{{ name.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{% include '../../etc/passwd' %}", "../../etc/passwd"),
    ],
    ids=["undefined", "syntax", "sandbox", "outside"],
)
def test_what_cannot_be_rendered_is_named_with_its_file(render, text, why):
    with pytest.raises(KnowledgeError) as caught:
        render(text, name="go")
    assert "probe.py.j2" in str(caught.value)
    assert why in str(caught.value)


def test_the_cache_changes_nothing(content, catalog, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    taken_apart = Renderer(content, catalog)
    whole = Renderer(content, catalog)
    whole.__dict__["_skeletons"] = {}
    for cause in catalog.causes.values():
        for fix in cause.fixes:
            values = fill(cause.fixes[fix].parameters)
            assert taken_apart.fix(cause, fix, values) == whole.fix(cause, fix, values)


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        ("reindex", "reindex"),
        ("start", "work"),
        ("time", "work"),
        ("dict", "work"),
        ("pid", "work"),
        ("terminate", "terminate"),
    ],
    ids=["of its own", "a function", "a module", "a builtin", "an argument", "only a method"],
)
def test_a_name_that_the_snippet_has_for_something_else_is_not_put_in(content, catalog, value, becomes):
    cause = catalog.causes["deployment/forked-child-keeps-sockets"]
    values = fill(cause.fixes["spawn"].parameters, given={"work": value})
    assert Renderer(content, catalog).without_clashes(cause, "spawn", values)["work"] == becomes
    if value != becomes:
        with pytest.raises(UsageError, match=f"work={value}"):
            Renderer(content, catalog).without_clashes(cause, "spawn", values, {"work"})


def test_two_names_are_not_put_into_one_snippet_as_the_same(content, catalog):
    cause = catalog.causes["performance/coroutine-not-awaited"]
    values = fill(cause.fixes["await-it"].parameters, given={"endpoint": "save", "coroutine": "save"})
    kept = Renderer(content, catalog).without_clashes(cause, "await-it", values)
    assert (kept["endpoint"], kept["coroutine"]) == ("create_entry", "save")


def test_a_name_in_a_text_is_put_in_whatever_it_is(content, catalog):
    cause = catalog.causes["middleware/session-middleware-missing"]
    values = fill(cause.fixes["add-session-middleware"].parameters, given={"cookie": "app"})
    assert Renderer(content, catalog).without_clashes(cause, "add-session-middleware", values, {"cookie"}) == values
