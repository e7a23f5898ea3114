"""Whoever writes a log, a source file or a version file cannot keep the program busy: ten times the text, ten times the
time, whatever it is made of."""

import io
import json
import subprocess
import sys
import time

import pytest
from projects import APP, write

from tests.fuzz.fragments import FRAME, HEADER, RUNS, SECRETLY
from troubleshoot.code.scan import scan
from troubleshoot.code.settings import Settings
from troubleshoot.inspection.described import Place
from troubleshoot.redaction import plain, redact, shown, without_secrets
from troubleshoot.sources.clients import refused_in, requests_in
from troubleshoot.sources.complaint import ComplaintSource
from troubleshoot.sources.findings import FindingsSource
from troubleshoot.sources.language import other_framework
from troubleshoot.sources.live import LiveLog
from troubleshoot.sources.logs import LogSource, Wanted
from troubleshoot.sources.tracebacks import episodes
from troubleshoot.sources.versions import ProjectSource
from troubleshoot.versions.lines import versions_in
from troubleshoot.versions.prose import versions_said

SMALL, LARGE = 10_000, 100_000
FAST = 0.2
"""Seconds of processor time for 100 KB that nobody minds, whatever the ratio."""


def is_linear(work, unit):
    """Return whether `work` takes at most 25 times as long for ten times as much text, two more chances given."""
    small, large = (unit * SMALL)[:SMALL], (unit * LARGE)[:LARGE]
    for _ in range(3):
        started = time.process_time()
        work(large)
        taken = time.process_time() - started
        if taken < FAST:
            return True
        started = time.process_time()
        work(small)
        if taken < 25 * (time.process_time() - started):
            return True
    return False


@pytest.fixture(scope="session")
def wanted(catalog):
    return Wanted.all_of(catalog)


@pytest.fixture
def log(catalog, wanted):
    return lambda text: list(LogSource(catalog, io.BytesIO(text.encode()), "app.log", wanted=wanted).collect())


@pytest.mark.parametrize("work", [redact, without_secrets, plain, shown], ids=lambda work: work.__name__)
def test_redaction(work):
    assert [unit for unit in (*RUNS, *SECRETLY) if not is_linear(work, unit)] == []


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        f"{HEADER}{FRAME}{{}}",
        f"{HEADER}{FRAME}ValueError: {{}}\n",
        f"{{}}{HEADER}{FRAME}ValueError\n",
        'INFO:     127.0.0.1:50000 - "GET /{} HTTP/1.1" 404 Not Found\n',
    ],
    ids=["alone", "in a traceback", "in a message", "before a traceback", "in an address"],
)
def test_a_log(log, form):
    assert [unit for unit in RUNS if not is_linear(lambda text: log(form.replace("{}", text)), unit)] == []


def test_a_log_of_long_prefixes_and_one_of_many_errors(log):
    def after_a_long_prefix(text):
        log(f"{text}{HEADER}" + FRAME * (len(text) // 30))

    def of_many_errors(text):
        log("".join(f"{HEADER}{FRAME}E{number}: {text[:5]}\n" for number in range(len(text) // 50)))

    assert [unit for unit in ("a", "1", " ", "1 ") if not is_linear(after_a_long_prefix, unit)] == []
    assert is_linear(of_many_errors, "a")


def test_a_traceback_in_a_json_record(log):
    def work(text):
        log(json.dumps({"message": f"{HEADER}{FRAME}{text}\nsqlalchemy.exc.MissingGreenlet: greenlet_spawn"}) + "\n")

    assert [unit for unit in RUNS if not is_linear(work, unit)] == []


def test_a_log_that_is_being_written():
    def work(text):
        live, data = LiveLog(), text.encode()
        for start in range(0, len(data), 4096):
            list(live.feed(data[start : start + 4096], start / 1e5))
        list(live.close())
        list(episodes(text.split("\n")))

    assert [unit for unit in RUNS if not is_linear(work, unit)] == []


def test_a_complaint(catalog):
    def work(text):
        list(ComplaintSource(catalog, text).collect())

    assert [unit for unit in RUNS[::4] if not is_linear(work, unit)] == []


@pytest.mark.parametrize("work", [lambda text: list(versions_said(text)), lambda text: other_framework(text, "")])
@pytest.mark.parametrize("unit", ["we use fastapi 0.95.1, ", "worked fine in my Flask and was ok "])
def test_what_a_complaint_names_again_and_again(work, unit):
    assert is_linear(work, unit)


@pytest.mark.parametrize("form", ["{}", "fastapi{}x", "fastapi=={}", "fastapi ==0.95.1{}x", "fastapi @ {}"])
def test_versions(tmp_path, form):
    def work(text):
        line = form.replace("{}", text)
        list(versions_in(line))
        pinned = json.dumps(line.removeprefix("fastapi"), ensure_ascii=False).replace("\x7f", "")
        write(
            tmp_path,
            {
                "requirements.txt": line,
                "environment.yml": f"- {line}",
                "Pipfile.lock": f'{{"default": {{"fastapi": {{"version": {pinned}}}}}}}',
                "pyproject.toml": f"[project]\ndependencies = [{pinned}]\n[tool.poetry.dependencies]\nfastapi = {pinned}\n",
            },
        )
        list(ProjectSource(tmp_path).collect())

    assert [unit for unit in RUNS if not is_linear(work, unit)] == []


def test_other_tools_findings(catalog, tmp_path):
    def work(text):
        place = {"physicalLocation": {"artifactLocation": {"uri": text}, "region": {"startLine": 1}}}
        result = {"ruleId": "ASYNC251", "message": {"text": text}, "locations": [place]}
        run = {"tool": {"driver": {"name": "ruff"}}, "results": [result]}
        (tmp_path / "ruff.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
        list(FindingsSource(catalog, tmp_path / "ruff.sarif").collect())

    assert [unit for unit in RUNS if not is_linear(work, unit)] == []


def test_names_in_an_application():
    assert [unit for unit in RUNS if not is_linear(lambda text: Place(name=f"app.{text}").short, unit)] == []


SOURCE = {
    "a comment": (
        "{}# {}\n",
        ("a", " ", "# troubleshoot: ignore[", "# troubleshoot: ignore [a", "# troubleshoot: ignore"),
    ),
    "a string": ("{}QUERY = '{}'\n", ("a", " ", "select ", "( ", "{", "{{a")),
    "lines": ("{}{}", ("\n", "a\n", "x = [\n", "import a\n", " \n", "from a import b\n")),
    "code": (
        "{}{}\n",
        ("a.", "clients[", "clients[a", "patch.dict(", "del ", "cookie:<", "lazy ", "(", "[]", "f'{a}'"),
    ),
    "an address": ('{}@app.get("/{}")\ndef more(): ...\n', ("a", "{", "{a", "{a:", "{a}")),
    "an annotation": ('{}def more(a: "{}"): ...\n', ("a", "a.", "a[", "list[", "|", "a|", "-")),
    "a query": ('{}@app.get("/q")\ndef q(a, db):\n    db.execute(f"{}{a}")\n', ("a", " ", "( ", "select ")),
    "a broadcast": (
        "{}clients = []\nasync def all():\n    for c in clients:\n        await c()\n{}\n",
        ("clients[", "c["),
    ),
    "a router": ("{}from fastapi import APIRouter\nrouter = APIRouter()\n{}", ("\n", "import ", "from ")),
}


@pytest.mark.parametrize("place", SOURCE)
def test_source(content, catalog, tmp_path, place, environment, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", environment["XDG_CACHE_HOME"])
    form, units = SOURCE[place]

    def work(text):
        first, _, rest = form.partition("{}")
        whole = first + APP + rest.replace("{}", text, 1)
        write(
            tmp_path, {"main.py": whole, "test_main.py": f"import main\nmain.app.dependency_overrides[1] = 2\n{whole}"}
        )
        scan([tmp_path], Settings(folder=tmp_path), content, lambda: catalog)

    assert [unit for unit in units if not is_linear(work, unit)] == []


def test_a_long_line_does_not_keep_a_server_waiting(environment, tmp_path):
    program = f"""
import sys, time
sys.stderr.write({HEADER!r} + '  File "/srv/app.py", line 3, in f\\n' + "ValueError: " + "a-" * 100_000 + "\\n")
started = time.monotonic()
for _ in range(3000):
    sys.stderr.write("x" * 1000 + "\\n")
    time.sleep(0.0005)
print(time.monotonic() - started)
"""
    command = [sys.executable, "-m", "troubleshoot", "run", "--", sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, timeout=100)
    assert float(done.stdout) < 20


CLIENTS = (
    "requests.get(",
    "httpx.post('a', ) ",
    'fetch("a", \n ',
    'axios.post("a", {b, ',
    "curl -X POST -d '{",
    "form.append('x', ",
    '"loc": ["body", "a"], "msg": "Field required", ',
)


@pytest.mark.parametrize("work", [requests_in, refused_in], ids=lambda work: work.__name__)
@pytest.mark.parametrize("unit", CLIENTS)
def test_what_clients_send(work, unit):
    assert is_linear(work, unit)
