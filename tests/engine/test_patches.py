"""Each patch mends its detector's own broken example, leaves the rest as it is, and changes nothing a second time."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.patched import CATALOG, PATCHED, apply_all, proposals, write
from troubleshoot.detectors import detectors
from troubleshoot.patches import has_function, module_of

DETECTORS = detectors()
MENDED = {
    cause: function.EXAMPLE
    for cause in PATCHED
    if has_function(cause) and hasattr(function := module_of(cause), "EXAMPLE")
}
EXAMPLES = {
    **{cause: DETECTORS[cause].BROKEN for cause in PATCHED if cause in DETECTORS},
    **{cause: MENDED[cause] for cause in PATCHED if cause in MENDED},
}


@pytest.mark.parametrize("cause", PATCHED)
def test_a_patch_comes_from_a_template_or_a_function(cause):
    patch = next(fix.patch for fix in CATALOG.causes[cause].fixes.values() if fix.patch)
    assert (patch.edit is None) == has_function(cause)
    assert cause in EXAMPLES


@pytest.mark.parametrize("cause", EXAMPLES)
def test_the_broken_example_is_mended_where_a_patch_is_proposed(cause, tmp_path):
    folder = write(tmp_path, EXAMPLES[cause])
    _, before = proposals(folder, cause)
    offered = [item for item in before if item.changes]
    assert offered
    assert all(item.verified[:2] == ("parsed", "silent") for item in offered)
    assert all(item.changes or item.withheld for item in before)
    apply_all(folder, cause)
    _, after = proposals(folder, cause)
    assert not any(item.changes for item in after)
    assert len(after) <= len(before) - len(offered)


@pytest.mark.parametrize("cause", EXAMPLES)
def test_line_ends_stay(cause, tmp_path):
    plain = apply_all(write(tmp_path / "plain", EXAMPLES[cause]), cause)
    carried = apply_all(write(tmp_path / "crlf", each(EXAMPLES[cause], crlf)), cause)
    assert carried == each(plain, crlf)


@pytest.mark.parametrize("cause", EXAMPLES)
def test_tabs_stay(cause, tmp_path):
    plain = apply_all(write(tmp_path / "plain", EXAMPLES[cause]), cause)
    carried = apply_all(write(tmp_path / "tabs", each(EXAMPLES[cause], tabs)), cause)
    for name, text in carried.items():
        # Where nothing is indented yet, nobody knows by what.
        expected = tabs(plain[name]) if "\n    " in EXAMPLES[cause][name] else plain[name]
        assert without_layout(text) == without_layout(expected)


def tabs(data: bytes) -> bytes:
    """Indent by tabs; what stands inside a text of several lines is no indentation, but these examples have none."""
    return re.sub(rb"(?m)^(?:    )+", lambda found: b"\t" * (len(found[0]) // 4), data)


def without_layout(data: bytes) -> bytes:
    """How long a line may be is counted in characters, so with tabs a call may have one line instead of several."""
    return re.sub(rb",?\s+(?=[)\]}])|(?<=[(\[{])\s+|(?<=,)\s+", b"", data)


def each(files, change):
    return {name: change(text.encode() if isinstance(text, str) else text) for name, text in files.items()}


def crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


READERS = "".join(
    f"""

class Log{number}:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        print(await Request(scope, receive).body())
        await self.app(scope, receive, send)


app.add_middleware(Log{number})
"""
    for number in range(4)
)


def test_what_does_not_go_together_is_offered_one_by_one(tmp_path):
    source = f"from fastapi import FastAPI, Request\n\napp = FastAPI()\n{READERS}"
    folder = write(tmp_path, {"main.py": source})
    _, offered = proposals(folder, "middleware/consumes-body", "middleware/does-not-forward")
    assert [item.withheld for item in offered] == [""] * 8
    assert all(item.changes for item in offered)


def test_what_python_does_not_take_is_not_put_together(tmp_path):
    """One call makes the endpoint a plain one, and the other one waits in it with `await`."""
    source = (
        "import time\n\nimport requests\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        '@app.get("/rate")\nasync def rate(url: str):\n    time.sleep(1)\n    return requests.get(url, timeout=3).text\n'
    )
    cause = "performance/blocking-call-in-async-endpoint"
    folder = write(tmp_path, {"main.py": source})
    maker, offered = proposals(folder, cause)
    changes, taken = maker.together(offered)
    assert (len(offered), len(taken)) == (2, 1)
    compile(changes["main.py"], "main.py", "exec")
    after = apply_all(folder, cause)["main.py"]
    compile(after, "main.py", "exec")
    assert b"await asyncio.sleep(1)" in after
    assert b"await run_in_threadpool(requests.get" in after


def test_curing_some_of_many_brings_nothing_to_the_others(tmp_path):
    """A call that many endpoints lead to is told once, and where fewer are left each of them is told."""
    head = """\
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as session:
        yield session


def count(db: Session):
    return db.execute(text("SELECT count(*) FROM items")).scalar()
"""
    cured = """

@app.post("/cured/{number}")
async def cured_{number}(db: Session = Depends(get_db)):
    db.commit()
    return count(db)
"""
    left = """

@app.post("/left/{number}")
async def left_{number}(request: Request, db: Session = Depends(get_db)):
    await request.body()
    return count(db)
"""
    endpoints = [text.replace("{number}", str(number)) for number in range(10) for text in (cured, left)]
    source = head.replace("import Depends, FastAPI", "import Depends, FastAPI, Request") + "".join(endpoints)
    maker, offered = proposals(write(tmp_path, {"main.py": source}), "database/sync-session-in-async-endpoint")
    _, taken = maker.together(offered)
    assert sorted(item.finding.function for item in taken) == [f"cured_{number}" for number in range(10)]


EMPTY = re.compile(rb"^\n", re.MULTILINE)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_outside_the_edits_stays(data, tmp_path_factory):
    cause = data.draw(st.sampled_from(sorted(EXAMPLES)))
    noise = data.draw(st.sampled_from(["# noise é\n", "\n# noise\n\n", "#  noise\t\n", "\f# noise\n"]))
    example = EXAMPLES[cause]
    name = data.draw(st.sampled_from(sorted(example)))
    places = [found.start() for found in re.finditer(r"^(?:@|def |async def |class )", example[name], re.MULTILINE)]
    places = [place for place in places if example[name][:place].endswith("\n\n\n")]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    noisy = {**example, name: example[name][:place] + noise + example[name][place:]}
    folder = tmp_path_factory.mktemp("outside")
    plain = apply_all(write(folder / "plain", example), cause)
    with_noise = apply_all(write(folder / "noisy", noisy), cause)
    assert with_noise[name].count(noise.encode()) == 1
    without = {**with_noise, name: with_noise[name].replace(noise.encode(), b"")}
    # Beside a comment that stands alone, other empty lines are too many.
    assert {path: EMPTY.sub(b"", data) for path, data in without.items()} == {
        path: EMPTY.sub(b"", data) for path, data in plain.items()
    }
