"""Values are what frozen dataclasses would be, in everything that the program relies on."""

import copy
import dataclasses
import pickle
from collections.abc import Mapping

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.model import Cause, Evidence, Finding, Signal, Skipped
from troubleshoot.values import frozen

findings = st.builds(
    Finding,
    path=st.sampled_from("ab"),
    line=st.integers(1, 3),
    column=st.integers(1, 2),
    end_line=st.just(9),
    cause=st.sampled_from(("a/b", "a/c")),
    severity=st.sampled_from(("error", "info")),
    function=st.just("f"),
    message=st.just("m"),
    captured=st.dictionaries(st.sampled_from("xy"), st.just("z")),
    minor=st.booleans(),
)


@frozen
class Base:
    """Has a default, and one that is made."""

    id: str
    words: tuple[str, ...] = ()
    named: Mapping[str, int] = dataclasses.field(default_factory=dict)


@frozen
class Derived(Base):
    """Adds to it."""

    title: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Ordered:
    path: str
    line: int
    column: int
    cause: str
    severity: str


def test_a_value_has_what_is_given_and_its_defaults():
    value = Derived(title="t", id="x")
    assert (value.id, value.words, value.named, value.title) == ("x", (), {}, "t")
    assert Derived(id="y", title="t").named is not value.named
    assert repr(value) == "Derived(id='x', words=(), named={}, title='t')"


@pytest.mark.parametrize("given", [{}, {"id": "x"}, {"id": "x", "title": "t", "more": 1}, {"title": "t", "more": 1}])
def test_what_is_missing_or_unknown_is_refused(given):
    with pytest.raises(TypeError, match="Derived: missing: "):
        Derived(**given)


def test_a_value_takes_keywords_only():
    with pytest.raises(TypeError):
        Base("x")


def test_nothing_of_a_value_can_be_changed():
    value = Base(id="x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.id = "y"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.id
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.more = "y"
    assert not hasattr(value, "__dict__")


def test_values_are_dataclasses_for_others():
    assert dataclasses.is_dataclass(Cause)
    own = [item.name for item in dataclasses.fields(Derived)]
    assert own == ["id", "words", "named", "title"]
    value = Derived(id="x", title="t")
    assert dataclasses.asdict(value) == {"id": "x", "words": (), "named": {}, "title": "t"}
    assert dataclasses.replace(value, title="u") == Derived(id="x", title="u")
    read = pydantic.TypeAdapter(Derived).validate_python({"id": "x", "words": ["a"], "title": "t"})
    assert read == Derived(id="x", words=("a",), title="t")
    with pytest.raises(pydantic.ValidationError):
        pydantic.TypeAdapter(Signal).validate_python({"pattern": "x", "weight": "supports", "more": 1})


def test_a_value_is_copied_and_pickled():
    value = Evidence(kind="signal", subject="a/b", source="log", what="w", captured={"x": "y"})
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == copy.deepcopy(value) == value


def test_values_of_two_classes_differ():
    assert Base(id="x") != Derived(id="x", title="t")
    assert Skipped(source="a", location="b", why="c") != ("a", "b", "c")
    assert len({Skipped(source="a", location="b", why="c") for _ in "xy"}) == 1


@given(findings, findings)
def test_findings_are_compared_by_their_place_and_not_by_what_they_captured(one, other):
    def key(item):
        return Ordered(path=item.path, line=item.line, column=item.column, cause=item.cause, severity=item.severity)

    assert (one == other) == (key(one) == key(other))
    assert (one < other) == (key(one) < key(other))
    assert one != other or hash(one) == hash(other)
    assert sorted([one, other]) == sorted([other, one])
