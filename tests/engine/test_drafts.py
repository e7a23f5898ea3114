"""Edits of a draft: statements change places with what belongs to them, and no comment is lost."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.patching.arguments import drop
from troubleshoot.patching.blocks import move_behind
from troubleshoot.patching.compositions import Composition
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import undecorate
from troubleshoot.patching.texts import WithheldError


def drafted(folder, source, edit):
    """The source after `edit(draft, module)`."""
    (folder / "main.py").write_text(source)
    project = Project(Files(str(folder), ["main.py"]))
    module = project.files.module("main.py")
    draft = Draft(project)
    edit(draft, module)
    return draft.changes()["main.py"].decode()


def test_a_statement_moves_with_its_comments_and_leaves_no_gap(tmp_path):
    source = "a = 1\n\n# why\nb = f(\n    1,  # one\n)  # end\n\n\ndef g():\n    pass\n"
    moved = drafted(tmp_path, source, lambda draft, module: move_behind(draft, module, *module.tree.body[1:3]))
    assert moved == "a = 1\n\n\ndef g():\n    pass\n\n\n# why\nb = f(\n    1,  # one\n)  # end\n"


def test_a_statement_moves_out_of_its_function_under_another_name(tmp_path):
    source = "def g(x):\n\tx.add(\n\t\t1)\n\n\ny = 1\nz = 2\n"

    def edit(draft, module):
        inner = module.tree.body[0].body[0]
        move_behind(draft, module, inner, module.tree.body[1], (inner.value.func.value, "y"))

    assert drafted(tmp_path, source, edit) == "def g(x):\n\tpass\n\n\ny = 1\ny.add(\n\t1)\nz = 2\n"


@pytest.mark.parametrize(
    ("source", "index", "expected"),
    [
        ("f(1, a=2, b=3)\n", 0, "f(a=2, b=3)\n"),
        ("f(1, a=2, b=3)\n", 1, "f(1, b=3)\n"),
        ("f(\n    1,\n    a=2,\n    b=3,\n)\n", 2, "f(\n    1,\n    a=2,\n)\n"),
        ("f(1)\n", 0, "f()\n"),
    ],
)
def test_an_argument_goes_with_its_comma(tmp_path, source, index, expected):
    def edit(draft, module):
        call = module.tree.body[0].value
        items = [*call.args, *call.keywords]
        drop(draft, module, items, items[index])

    assert drafted(tmp_path, source, edit) == expected


def test_a_decorator_goes_with_all_its_lines(tmp_path):
    source = "@first\n@second(\n    1,\n)\ndef f():\n    pass\n"
    gone = drafted(
        tmp_path, source, lambda draft, module: undecorate(draft, module, module.tree.body[0].decorator_list[1])
    )
    assert gone == "@first\ndef f():\n    pass\n"


@pytest.mark.parametrize("source", ["a = 1\nb = 2  # why\n", "a = 1\nb = (  # why\n    2\n)\n"])
def test_what_would_lose_a_comment_is_withheld(tmp_path, source):
    with pytest.raises(WithheldError, match="comment"):
        drafted(tmp_path, source, lambda draft, module: draft.delete(module, module.tree.body[1]))


def test_a_number_sign_in_a_text_is_no_comment(tmp_path):
    assert drafted(tmp_path, 'a = 1\nb = "#"\n', lambda draft, module: draft.delete(module, module.tree.body[1]))


def test_a_name_that_is_taken_is_imported_as_another(tmp_path):
    source = "from fastapi import HTTPException\n\nx = 1\n"
    asked = ("starlette.exceptions.HTTPException", "StarletteHTTPException")
    names = []

    def edit(draft, module):
        names.append(draft.name(module, asked[0]))
        names.append(draft.name(module, asked[0], alias=asked[1]))

    imported = drafted(tmp_path, source, edit)
    # FastAPI's serves as well, unless it is said that it would not.
    assert names == ["HTTPException", "StarletteHTTPException"]
    assert "from starlette.exceptions import HTTPException as StarletteHTTPException\n" in imported
    ast.parse(imported)


def test_an_import_stands_with_its_package_where_the_rest_is_not_sorted(tmp_path):
    source = (
        "import requests\nfrom fastapi import FastAPI\nfrom fastapi.responses import Response\n\nfrom app.x import y\n"
    )
    imported = drafted(
        tmp_path, source, lambda draft, module: draft.name(module, "fastapi.concurrency.run_in_threadpool")
    )
    assert imported.splitlines()[2] == "from fastapi.concurrency import run_in_threadpool"


SOURCE = "a = 1\nb = [2, 3]\n\n\ndef f():\n    return a\n"


@st.composite
def edits(draw):
    """Replacements and insertions, some of which make no Python."""
    several = draw(st.lists(st.tuples(st.integers(0, len(SOURCE)), st.integers(0, 5), TEXTS), min_size=1, max_size=3))
    return [(start, min(start + length, len(SOURCE)), text) for start, length, text in several]


TEXTS = st.sampled_from(["", "9", "c", "\nd = 4\n", "(", "# x"])


@settings(max_examples=300, deadline=None)
@given(several=st.lists(edits(), max_size=8))
def test_what_composes_is_found_at_once_as_one_by_one(several, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "main.py").write_text(SOURCE)
    project = Project(Files(str(folder), ["main.py"]))
    module = project.files.module("main.py")
    drafts = []
    for places in several:
        draft = Draft(project)
        for start, end, text in places:
            draft.put(module, start, end, text)
        drafts += [draft] if draft.composes(["main.py"]) else []
    at_once, slowly = Composition(project), Composition(project)
    taken = at_once.take_in(drafts)
    assert taken[:1] in ([], [True])
    assert taken == [slowly.take_in([draft]) == [True] for draft in drafts]
    assert at_once.draft().changes() == slowly.draft().changes()
    for data in at_once.draft().changes().values():
        ast.parse(data)
