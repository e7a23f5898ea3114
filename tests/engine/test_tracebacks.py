"""Tracebacks: whatever a logger has put around them, the exception and the user's own frame are found."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troubleshoot.sources.tracebacks import tracebacks

PLAIN = """\
Traceback (most recent call last):
  File "/srv/app/.venv/lib/python3.12/site-packages/starlette/routing.py", line 75, in app
    response = await f(request)
               ^^^^^^^^^^^^^^^^
  File "/srv/app/shop/orders.py", line 31, in create_order
    total = compute(order)
  File "/srv/app/shop/prices.py", line 7, in compute
    return order.total
  File "/srv/app/.venv/lib/python3.12/site-packages/sqlalchemy/orm/attributes.py", line 566, in __get__
    return self.impl.get(state, dict_)
sqlalchemy.orm.exc.DetachedInstanceError: Instance <Order> is not bound to a Session
"""


def wrapped(prefix: str) -> list[str]:
    return [f"{prefix}{line}" for line in PLAIN.splitlines()]


PREFIXES = {
    "none": "",
    "compose": "web-1  | ",
    "journald": "Nov 23 10:11:12 host uvicorn[123]: ",
    "kubernetes": "2026-11-23T10:11:12.123456789Z stderr F ",
    "docker -t": "2026-11-23T10:11:12.123456789Z ",
    "group": "    | ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_the_own_frame_and_the_exception_are_found(prefix):
    (found,) = tracebacks([f"{prefix}INFO: before", *wrapped(prefix), f"{prefix}INFO: after"])
    assert found.own_frame is not None
    assert (found.own_frame.function, found.own_frame.line, found.own_frame.module) == ("compute", 7, "prices")
    assert found.exceptions == ("sqlalchemy.orm.exc.DetachedInstanceError: Instance <Order> is not bound to a Session",)
    assert (found.first, found.last) == (1, 11)


def test_a_changing_timestamp_in_front_of_each_line_is_no_obstacle():
    lines = [f"2026-11-23 10:11:{second:02},{second:03} {line}" for second, line in enumerate(PLAIN.splitlines())]
    (found,) = tracebacks(lines)
    assert found.exceptions[0].startswith("sqlalchemy.orm.exc.DetachedInstanceError")


def test_chained_exceptions_are_one_traceback():
    second = PLAIN.replace(
        "sqlalchemy.orm.exc.DetachedInstanceError: Instance <Order> is not bound to a Session", "ValueError: no"
    )
    text = f"{PLAIN}\nDuring handling of the above exception, another exception occurred:\n\n{second}"
    (found,) = tracebacks(text.splitlines())
    assert [exception.split(":")[0] for exception in found.exceptions] == [
        "sqlalchemy.orm.exc.DetachedInstanceError",
        "ValueError",
    ]


def test_an_exception_group_is_one_traceback():
    text = """\
  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/main.py", line 9, in lifespan
  |     async with create_task_group() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/jobs.py", line 3, in job
    |     raise ValueError("no")
    | ValueError: no
    +------------------------------------
INFO: after
"""
    (found,) = tracebacks(text.splitlines())
    assert found.exceptions[-1] == "ValueError: no"
    assert found.own_frame is not None
    assert found.own_frame.function == "job"


def test_half_a_traceback_counts_as_far_as_it_goes():
    (found,) = tracebacks(PLAIN.splitlines()[:7])
    assert found.exceptions == ()
    assert found.own_frame is not None
    assert found.own_frame.function == "create_order" or found.own_frame.function == "compute"


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_a_file_that_is_no_python_has_neither_header_nor_function(prefix):
    lines = [
        '  File "/srv/shop/main.py", line 3',
        "    uvicorn main:app",
        "            ^^^^",
        "SyntaxError: invalid syntax",
    ]
    (found,) = tracebacks([f"{prefix}{line}" for line in ("server starts", *lines, "server ends")])
    assert found.exceptions == ("SyntaxError: invalid syntax",)
    assert (found.own_frame.file, found.own_frame.line) == ("/srv/shop/main.py", 3)
    assert list(tracebacks([lines[0], "server ends"])) == []


def test_frames_of_libraries_are_not_the_users_own():
    lines = [
        "Traceback (most recent call last):",
        '  File "starlette/middleware/base.py", line 3, in f',
        '  File "<string>", line 1, in g',
        "ValueError",
    ]
    (found,) = tracebacks(lines)
    assert found.own_frame is None


@given(
    st.lists(
        st.sampled_from(
            [*PLAIN.splitlines(), "", "During handling of the above exception, x", "noise", json.dumps(PLAIN)]
        )
    )
)
def test_nothing_in_a_log_can_upset_it(lines):
    for found in tracebacks(lines):
        assert 0 <= found.first <= found.last < len(lines)


@pytest.mark.parametrize(
    ("file", "module", "own"),
    [
        ("/srv/shop/tokens.py", "tokens", True),
        ("C:\\shop\\tokens.py", "tokens", True),
        ("/srv/shop/orders.py", "tokens", False),
        ("/srv/shop/.venv/lib/python3.12/site-packages/tokens.py", "tokens", False),
        ("/srv/shop/tokens.py", "shop.tokens", False),
    ],
)
def test_a_file_that_imports_itself_is_told_from_a_circle(file: str, module: str, own: bool):
    lines = [
        "Traceback (most recent call last):",
        f'  File "{file}", line 1, in <module>',
        f"    from {module} import Token",
        f"ImportError: cannot import name 'Token' from partially initialized module '{module}' ({file})",
    ]
    assert next(tracebacks(lines)).parts[-1].is_at("in its namesake") is own
