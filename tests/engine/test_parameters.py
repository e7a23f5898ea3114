"""Parameters: typed values from evidence, settings, a prompt or the default; nothing that could inject code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.errors import UsageError
from troubleshoot.fixes.parameters import CHECKS, fill, is_valid, parse_settings
from troubleshoot.model import Evidence, Parameter


def parameter(type_: str, default: str = "thing", source: str = "", choices: tuple[str, ...] = ()) -> Parameter:
    return Parameter(about="it", type=type_, default=default, source=source, choices=choices)  # type: ignore[arg-type]


GOOD = [
    ("identifier", "get_db"),
    ("url_path", "/items/{item_id}"),
    ("import_path", "app.main"),
    ("integer", "30"),
    ("url", "postgresql+asyncpg://user:pw@db:5432/app?ssl=1"),
    ("text", "one line, in words"),
]
BAD = [
    ("identifier", "class"),
    ("identifier", "a b"),
    ("identifier", "x;import os"),
    ("url_path", "items"),
    ("url_path", '/"); import os; ("'),
    ("import_path", "app..main"),
    ("import_path", "app:main:more"),
    ("integer", "-1"),
    ("integer", "1;2"),
    ("url", "javascript"),
    ("url", 'http://x"+y'),
    ("text", "two\nlines"),
    ("text", '"""'),
    ("text", "{{ 1 }}"),
    ("text", "$(rm)"),
]


@pytest.mark.parametrize(("type_", "value"), GOOD)
def test_a_value_of_the_type_is_taken(type_, value):
    assert {"name": value} == fill({"name": parameter(type_)}, (), {"name": value})


@pytest.mark.parametrize(("type_", "value"), BAD)
def test_a_value_that_would_break_the_code_is_refused(type_, value):
    with pytest.raises(UsageError, match=r"^--set name=.*: expected "):
        fill({"name": parameter(type_)}, (), {"name": value})


@pytest.mark.parametrize("type_", CHECKS)
@given(value=st.text())
def test_no_value_can_break_out_of_its_place(type_, value):
    if is_valid(parameter(type_), value):
        assert not set(value) & set("\"'\\\n\r`$<>")
        assert type_ == "text" or not set(value) & set(" ;()")


def test_a_choice_is_one_of_its_choices():
    fruit = parameter("choice", "apple", choices=("apple", "pear"))
    assert fill({"name": fruit}, (), {"name": "pear"}) == {"name": "pear"}
    with pytest.raises(UsageError, match="expected one of apple, pear"):
        fill({"name": fruit}, (), {"name": "plum"})


def seen(**captured: str) -> Evidence:
    return Evidence(kind="signal", subject="family/cause", source="log", what="", captured=captured)


def test_settings_go_before_evidence_before_the_prompt_before_the_default():
    blanks = {"name": parameter("identifier", source="function")}
    assert fill(blanks, [seen(function="found")], {"name": "given"}) == {"name": "given"}
    assert fill(blanks, [seen(function="found")], {}, lambda *_: "typed") == {"name": "found"}
    assert fill(blanks, [], {}, lambda *_: "typed") == {"name": "typed"}
    assert fill(blanks) == {"name": "thing"}


def test_evidence_that_does_not_fit_is_passed_over():
    assert fill({"name": parameter("identifier", source="function")}, [seen(function="<lambda>")]) == {"name": "thing"}


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="--set nmae: no such parameter; there are name"):
        fill({"name": parameter("identifier")}, (), {"nmae": "x"})


def test_a_setting_needs_an_equals_sign():
    assert parse_settings(["a=b=c"]) == {"a": "b=c"}
    with pytest.raises(UsageError, match="--set a: expected NAME=VALUE"):
        parse_settings(["a"])
