"""Whether one route takes every path of another, against all short paths and against `re` itself."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troubleshoot.inspection.paths import covers

CONVERTORS = {
    "str": "[^/]+",
    "path": ".*",
    "int": "[0-9]+",
    "float": r"[0-9]+(\.[0-9]+)?",
    "uuid": "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
}
SHORT = ["/" + "".join(letters) for size in range(8) for letters in itertools.product("/a1.", repeat=size)]


def pattern(path: str) -> str:
    """Return what Starlette compiles `path` to."""
    parts = re.split(r"\{(\w+)(?::(\w+))?\}", path)
    text = re.escape(parts[0])
    for name, kind, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text += f"(?P<{name}>{CONVERTORS[kind or 'str']}){re.escape(literal)}"
    return f"^{text}$"


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("/users/{id}", "/users/me", True),
        ("/users/{id:int}", "/users/me", False),
        ("/users/{id}", "/users/{id:int}", True),
        ("/users/{id:int}", "/users/{id}", False),
        ("/users/{id}", "/users/me/posts", False),
        ("/users/{id}", "/users/", False),
        ("/{rest:path}", "/users/{id}", True),
        ("/users/{id}", "/users/{rest:path}", False),
        ("/users/{id}", "/users/{id:uuid}", True),
        ("/numbers/{n:float}", "/numbers/{n:int}", True),
        ("/numbers/{n:int}", "/numbers/{n:float}", False),
        ("/files/{name}.{kind}", "/files/a.txt", True),
        ("/files/{name}", "/files/{name}.{kind}", True),
        ("/files/{name}.{kind}", "/files/{name}", False),
        ("/a/{x}/c", "/a/b/{y}", False),
        ("/a/{x}/c", "/a/b/c", True),
        ("/static/{path:path}", "/static", False),
        ("/static/{path:path}", "/static/", True),
        ("/café/{x}", "/café/crème", True),
    ],
)
def test_which_paths_a_route_takes(earlier, later, expected):
    assert covers(pattern(earlier), pattern(later)) is expected


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (r"^/(?P<a>\w+)$", r"^/(?P<b>[a-z]+\d?)$", True),
        (r"^/(?P<a>\d+)$", r"^/(?P<b>\w+)$", False),
        (r"^/(?P<a>en|fr|de)$", r"^/(?P<b>fr)$", True),
        (r"^/(?P<a>en|fr|de)$", r"^/(?P<b>it|fr)$", False),
        (r"^/(?P<a>a{2,4})$", r"^/(?P<b>aaa?)$", True),
        (r"^/(?P<a>a{2,4})$", r"^/(?P<b>a+)$", False),
        (r"^/(?P<a>[^0-9/]+?)$", r"^/(?P<b>\D+)$", False),
        # What no regular language holds, or what is too large, is never said to cover anything.
        (r"^/(?P<a>(?!me).+)$", r"^/(?P<b>you)$", False),
        (r"^/(?P<a>(?i:me))$", r"^/(?P<b>ME)$", False),
        (r"^/(?P<a>(.)\2)$", r"^/(?P<b>aa)$", False),
        (r"^/(?P<a>[ab]*a[ab]{16})$", r"^/(?P<b>[ab]*a[ab]{16})$", False),
    ],
)
def test_which_paths_a_convertor_of_ones_own_takes(earlier, later, expected):
    assert covers(earlier, later) is expected


segments = st.sampled_from(["a", "1", "a1", "{N}", "{N:int}", "{N:float}", "{N:path}", "a{N}", "{N}.", ""])
templates = st.lists(segments, min_size=1, max_size=2).map(
    lambda parts: "".join("/" + part.replace("N", f"n{index}") for index, part in enumerate(parts))
)


@settings(max_examples=100, deadline=None)
@given(templates, templates)
def test_the_verdict_is_that_of_all_short_paths(earlier, later):
    first, second = re.compile(pattern(earlier)), re.compile(pattern(later))
    expected = all(first.match(path) for path in SHORT if second.match(path))
    assert covers(pattern(earlier), pattern(later)) is expected
