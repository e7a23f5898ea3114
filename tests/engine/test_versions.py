"""Versions: read from wherever they stand, never with a traceback, and weighed against what the knowledge says."""

import json
import re
import subprocess
import sys

import pytest
from catalogs import catalog_of, cause
from hypothesis import given, settings
from hypothesis import strategies as st

from troubleshoot import limits
from troubleshoot.catalog.content import Content
from troubleshoot.catalog.loading import compile_catalog, load
from troubleshoot.engine.strengths import VERSION_BITS
from troubleshoot.errors import KnowledgeError, UsageError
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.formats import json as json_format
from troubleshoot.formats import markdown as markdown_format
from troubleshoot.formats import text as text_format
from troubleshoot.formats.explanation import write_text
from troubleshoot.investigation.answer import answer
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.kept import keep, take_up
from troubleshoot.investigation.session import Session
from troubleshoot.model import Skipped, Version
from troubleshoot.sources.versions import FILES, ProjectSource
from troubleshoot.versions.lines import versions_in
from troubleshoot.versions.ranges import holds, in_words, mistake_in
from troubleshoot.versions.weighing import in_use

UV_LOCK = """
version = 1
[[package]]
name = "fastapi"
version = "0.95.1"
source = { registry = "https://index.example/simple" }
[[package]]
name = "pydantic-core"
version = "2.1.0"
"""
REQUIREMENTS = """
--index-url https://example.org
# fastapi==0.1.0
fastapi[all]==0.103.2 ; python_version >= "3.8" \\
    --hash=sha256:abc
SQLAlchemy == 2.0.21  # the database
starlette>=0.27,<0.28
uvicorn~=0.23.0
pydantic==2.*
websockets @ https://example.org/websockets-12.0-cp311-cp311-linux_x86_64.whl
types-SQLAlchemy==1.4.53
"""
PLACES = {
    "uv.lock": (UV_LOCK, {"fastapi": "0.95.1"}),
    "poetry.lock": ('[[package]]\nname = "SQLAlchemy"\nversion = "1.4.54"\n', {"sqlalchemy": "1.4.54"}),
    "pdm.lock": ('[[package]]\nname = "uvicorn"\nversion = "0.23.2"\nextras = ["standard"]\n', {"uvicorn": "0.23.2"}),
    "pylock.toml": ('lock-version = "1.0"\n[[packages]]\nname = "starlette"\nversion = "0.27.0"\n', {"starlette": "0.27.0"}),
    "Pipfile.lock": (json.dumps({"default": {"fastapi": {"version": "==0.95.1"}}}), {"fastapi": "0.95.1"}),
    "requirements.txt": (
        REQUIREMENTS,
        {
            "fastapi": "0.103.2", "sqlalchemy": "2.0.21", "uvicorn": "0.23.*", "websockets": "12.0",
            "starlette": "0.27.*",
        },
    ),
    "environment.yml": ("dependencies:\n  - fastapi=0.95.1\n  - pip:\n    - uvicorn==0.23.2\n", {"fastapi": "0.95.1", "uvicorn": "0.23.2"}),
    "pyproject.toml": (
        '[project]\ndependencies = ["fastapi==0.95.*", "starlette>=0.2"]\n[tool.poetry.dependencies]\npydantic = "^2.5"\nuvicorn = {version = "^0.23.1"}\nsqlalchemy = "2.0.21"\n',
        {"fastapi": "0.95.*", "pydantic": "2.*", "uvicorn": "0.23.*", "sqlalchemy": "2.0.21"},
    ),
    "requirements-old.txt": (
        "pydantic>=1.10.2,!=1.10.3,<2.0.0\nsqlalchemy<2\nstarlette>=0.26,<0.28\nfastapi<0.100\nuvicorn>=0.2,<1,\nwebsockets<0",
        {"pydantic": "1.*", "sqlalchemy": "1.*", "uvicorn": "0.*"},
    ),
    "requirements-between.txt": (
        "pydantic>=1.10.8, <1.10.15\nsqlalchemy>=1.3,<1.5\nfastapi>=0.95,<0.110\nuvicorn>=0.20",
        {"pydantic": "1.10.*", "sqlalchemy": "1.*"},
    ),
    "requires.txt": ("pydantic[email]>=1.9.1,<2\nfastapi>=0.109.1,<1\n", {"pydantic": "1.*", "fastapi": "0.*"}),
    "requirements.in": ("pydantic~=1.10.13\nfastapi[all]~=0.96.0\n", {"pydantic": "1.10.*", "fastapi": "0.96.*"}),
    "setup.cfg": ("[options]\ninstall_requires =\n    fastapi==0.95.1\n    uvicorn\n", {"fastapi": "0.95.1"}),
}  # fmt: skip


def collected(folder):
    return list(ProjectSource(folder).collect())


def found(folder):
    return {item.package: item.text for item in collected(folder) if isinstance(item, Version)}


@pytest.fixture(autouse=True)
def _no_active_environment(monkeypatch):
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.mark.parametrize("name", PLACES)
def test_each_kind_of_file_is_read(name, tmp_path):
    text, expected = PLACES[name]
    (tmp_path / name).write_text(text)
    assert expected == found(tmp_path)
    assert {name} == {item.location for item in collected(tmp_path)}


def environment(folder, *names):
    packages = folder / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("")
    for name in names:
        (packages / name).mkdir()


def test_what_is_installed_is_believed_before_what_is_locked_and_that_before_what_is_asked_for(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["fastapi==0.93.0", "uvicorn==0.20.0"]')
    (tmp_path / "uv.lock").write_text(UV_LOCK.replace("pydantic-core", "starlette"))
    environment(tmp_path / ".venv", "fastapi-0.96.0.dist-info", "SQLAlchemy-1.4.54-py3.11.egg-info", "fastapi")
    expected = {"fastapi": "0.96.0", "sqlalchemy": "1.4.54", "starlette": "2.1.0", "uvicorn": "0.20.0"}
    assert expected == found(tmp_path)


def test_the_active_environment_counts_if_the_project_has_none(tmp_path, monkeypatch):
    environment(tmp_path / "elsewhere", "fastapi-0.96.0.dist-info")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "elsewhere"))
    project = tmp_path / "project"
    project.mkdir()
    assert found(project) == {"fastapi": "0.96.0"}


def test_a_lock_with_two_versions_of_a_package_says_nothing_of_it(tmp_path):
    (tmp_path / "uv.lock").write_text(UV_LOCK + '[[package]]\nname = "fastapi"\nversion = "0.96.0"\n')
    assert found(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("uv.lock", b"[[package", "is damaged: "),
        ("uv.lock", b"\xff", "it is not UTF-8 text"),
        ("Pipfile.lock", b"[" * 100_000, "it is nested too deeply"),
        ("setup.cfg", b"[options\n", "is damaged: File contains no section headers."),
        ("uv.lock", b"#" * 101, "cannot be read: it is longer than 0.0001 MB"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(name, content, why, tmp_path, monkeypatch):
    if "longer" in why:
        monkeypatch.setattr(limits, "LARGEST", {**limits.LARGEST, "version file": 100})
    (tmp_path / name).write_bytes(content)
    (item,) = collected(tmp_path)
    assert isinstance(item, Skipped)
    assert name == item.location
    assert item.why.startswith(why)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="nowhere: is not a folder"):
        collected(tmp_path / "nowhere")


@settings(deadline=None)
@given(
    st.sampled_from([reader for _, _, reader in FILES]),
    st.text() | st.sampled_from([text for text, _ in PLACES.values()]),
    st.text(),
)
def test_no_text_makes_a_reader_fail(reader, text, more):
    for content in (text, text + more, more + text, text[: len(more)]):
        try:
            pairs = list(reader(content))
        except (ValueError, RecursionError):
            continue
        assert all(isinstance(version, str) for _, version in pairs)


@settings(deadline=None)
@given(st.binary())
def test_no_bytes_make_a_project_fail(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("project")
    for name in PLACES:
        (folder / name).write_bytes(content)
    collected(folder)


LINES = {
    'File "/nix/store/0abc-python3.11-fastapi-0.95.0/lib/python3.11/site-packages/fastapi/x.py", line 3': {"fastapi": "0.95.0"},
    "Successfully installed SQLAlchemy-1.4.54 fastapi-0.95.1 pydantic-core-2.1.0": {"sqlalchemy": "1.4.54", "fastapi": "0.95.1"},
    "  Downloading fastapi-0.103.2-py3-none-any.whl (66 kB)": {"fastapi": "0.103.2"},
    "  Uninstalling fastapi-0.95.0:": {},
    " + fastapi==0.95.1": {"fastapi": "0.95.1"},
    " - fastapi==0.95.0": {},
    "SQLAlchemy==2.0.21": {"sqlalchemy": "2.0.21"},
    "fastapi                   0.95.1": {"fastapi": "0.95.1"},
    "Running uvicorn 0.23.2 with CPython 3.11.5 on Linux": {"uvicorn": "0.23.2"},
    "(Background on this error at: https://sqlalche.me/e/20/xd2s)": {"sqlalchemy": "2.0.*"},
    "(Background on this error at: https://sqlalche.me/e/14/xd2s)": {"sqlalchemy": "1.4.*"},
    "    For further information visit https://errors.pydantic.dev/2.5/v/missing": {"pydantic": "2.5.*"},
    "site-packages/fastapi-0.95.1.dist-info/METADATA": {"fastapi": "0.95.1"},
    "/site-packages/types_sqlalchemy-1.4.53.dist-info prometheus-fastapi-7.0.0": {},
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_a_log_names_versions(line, catalog, tmp_path, content):
    assert LINES[line] == dict(versions_in(line))
    (tmp_path / "app.log").write_text(f"INFO: started\n{line}\n")
    session = Session(catalog)
    examine(Intake(logs=[str(tmp_path / "app.log")]), session, content)
    assert LINES[line] == {package: version.text for package, version in session.in_use.items()}
    assert {f"{tmp_path / 'app.log'}:2"} >= {version.location for version in session.in_use.values()}


@settings(deadline=None)
@given(st.text())
def test_no_line_makes_the_search_fail(line):
    list(versions_in(line))


@pytest.mark.parametrize(
    ("range_", "version", "expected"),
    [
        ("<0.106 || >=0.118", "0.105.0", True),
        ("<0.106 || >=0.118", "0.110.1", False),
        ("<0.106 || >=0.118", "0.118.0", True),
        (">=2.0", "2.0.*", True),
        (">=2.0", "1.4.*", False),
        (">=2.0.5", "2.0.*", None),
        (">=2.0", "2.1.0b1", True),
        (">=2.0", "no version", None),
    ],
)
def test_a_version_lies_in_a_range_or_not_or_it_cannot_be_told(range_, version, expected):
    assert expected is holds(range_, version)


def test_an_explanation_says_for_which_versions_a_cause_and_a_fix_hold(pack):
    catalog = compile_catalog(pack())
    text = write_text(catalog, catalog.causes["family/cause"])
    assert "Versions\n  - FastAPI before 0.106" in text
    assert "troubleshoot fix family/cause#new\n      Only for FastAPI since 0.100." in text


def test_a_range_is_said_in_words():
    assert in_words("<0.106 || >=0.118") == "before 0.106 or since 0.118"
    assert in_words(">=0.106, <0.118") == "since 0.106 and before 0.118"
    assert in_words("==1.0.*") == "==1.0.*"
    assert mistake_in("<0.106 ||")
    assert not mistake_in("<0.106")


def test_the_user_is_believed_before_the_log_and_the_log_before_the_folder():
    known = [
        Version(package="fastapi", text=trust, trust=trust)
        for trust in ("answer", "log", "environment", "series", "pin")
    ]
    assert in_use(known)["fastapi"].text == "answer"
    assert in_use(known[1:])["fastapi"].text == "log"
    assert in_use(known[2:])["fastapi"].text == "environment"
    assert in_use(known[3:])["fastapi"].text == "series"


FILE = """\
title: Title
tell: Tell
frequency: common
symptoms: {symptom: always}
explanation: It happens.
versions: {fastapi: "<0.106"}
signals:
  - pattern: everybody means it
    weight: confirms
  - pattern: only the old mean it
    weight: confirms
    versions: {fastapi: "<0.90"}
fixes:
  new: {title: New fix, check: Check, versions: {fastapi: ">=0.100"}}
  old: {title: Old fix, check: Check}
references: [https://example.org]
examples: {matches: [example]}
phrases: [phrase]
"""


@pytest.fixture
def pack(tmp_path):
    """Return content with one cause that exists in some versions only."""

    def build(text=FILE):
        root = tmp_path / "pack"
        files = {
            "knowledge/families/family.yaml": "title: Family\nabout: About\n",
            "knowledge/symptoms/symptom.yaml": "group: Group\ntitle: Symptom\n",
            "knowledge/family/cause.yaml": text,
            "templates/family/cause.py.j2": "new = 1\n",
            "templates/family/cause.old.py.j2": "old = 1\n",
        }
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content)
        return Content(root / "knowledge", root / "templates")

    return build


def answered(content, *answers, project=None, log=None):
    catalog = load(content)
    session = Session(catalog)
    examine(
        Intake(answers=["tell=family/cause", *answers], source=project, logs=[log] if log else ()), session, content
    )
    return answer(session, Renderer(content, catalog), 3)


def bits(result):
    return {
        reason.evidence.what: reason.bits for reason in result.ranked[0].reasons if reason.evidence.kind == "version"
    }


def test_a_version_in_a_lock_file_speaks_against_a_cause_that_does_not_exist_there(pack, tmp_path):
    (tmp_path / "uv.lock").write_text(UV_LOCK.replace("0.95.1", "0.110.0"))
    before = answered(pack())
    result = answered(pack(), project=tmp_path)
    assert bits(result) == {"FastAPI 0.110.0 is locked; this happens only before 0.106": -6.0}
    assert result.ranked[0].probability < before.ranked[0].probability
    (tmp_path / "uv.lock").write_text(UV_LOCK)
    result = answered(pack(), project=tmp_path)
    assert bits(result) == {"FastAPI 0.95.1 is locked; this happens before 0.106": VERSION_BITS["inside"]}
    assert result.ranked[0].reasons[-1].evidence.location == "uv.lock"


def test_a_version_alone_points_at_nothing(pack, tmp_path):
    content = pack()
    (tmp_path / "uv.lock").write_text(UV_LOCK)
    session = Session(load(content))
    examine(Intake(source=tmp_path), session, content)
    assert session.diagnosis().candidates == ()


def test_a_signature_counts_only_in_the_versions_in_which_it_means_this(pack, tmp_path):
    (tmp_path / "app.log").write_text("only the old mean it\n")
    log = str(tmp_path / "app.log")
    for word, count in (("version.fastapi=0.89.0", 1), ("version.fastapi=0.95.0", 0)):
        reasons = answered(pack(), word, log=log).ranked[0].reasons
        assert count == sum(reason.evidence.kind == "signal" for reason in reasons), word


def test_a_fix_that_does_not_work_with_the_version_comes_last_with_the_reason(pack):
    result = answered(pack(), "version.fastapi=0.95.0")
    assert [fix.id for fix in result.ranked[0].fixes] == ["old", "new"]
    assert result.ranked[0].fixes[1].misfit == "holds for FastAPI since 0.100, but FastAPI 0.95.0 is what you use"
    assert [fix.id for fix in answered(pack()).ranked[0].fixes] == ["new", "old"]


def test_the_versions_are_shown(pack, tmp_path):
    (tmp_path / "uv.lock").write_text(UV_LOCK)
    result = answered(pack(), "version.sqlalchemy=2.0.*", project=tmp_path)
    assert "Versions in use: FastAPI 0.95.1 (uv.lock), SQLAlchemy 2.0.* (answer)." in text_format.write(result)
    assert "Not for your versions: it holds for FastAPI since 0.100, but FastAPI 0.95.1 is locked." in " ".join(
        text_format.write(result).split()
    )
    report = markdown_format.write(result)
    assert ": New fix. Not for your versions: it holds for FastAPI since 0.100, but" in report
    assert "Versions in use: FastAPI 0.95.1 (uv.lock)" in report
    expected = {
        "fastapi": {"version": "0.95.1", "location": "uv.lock"},
        "sqlalchemy": {"version": "2.0.*", "location": "answer"},
    }
    assert expected == json.loads(json_format.write(result))["versions"]


def test_the_versions_are_kept_with_the_session(pack, tmp_path):
    catalog = compile_catalog(pack())
    session = Session(catalog, versions=[Version(package="fastapi", text="0.95.1", trust="lock", location="uv.lock")])
    keep(session, tmp_path / "kept.json", force=False)
    assert session.in_use == take_up(catalog, tmp_path / "kept.json").in_use


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("version.fastpi=1.2.3", "no package 'fastpi'; did you mean 'fastapi'?"),
        ("version.fastapi=new", "version.fastapi=new: expected a version such as 1.2.3, or 1.2.* for any of a series"),
    ],
)
def test_a_version_that_is_none_is_refused(word, message, environment):
    command = [sys.executable, "-m", "troubleshoot", "answer", "--answer", word]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_fix_that_does_not_work_with_the_version_is_written_with_a_note(environment):
    command = [sys.executable, "-m", "troubleshoot", "fix", "dependency-injection/yield-exit-order", "--defaults"]
    for version, note in (("0.105.0", True), ("0.121.0", False)):
        done = subprocess.run(
            [*command, "--answer", f"version.fastapi={version}"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        expected = "not for your versions: the fix holds for FastAPI since 0.121, but FastAPI 0.105.0 is what you use"
        assert note is (expected in done.stderr)


@pytest.mark.parametrize(
    ("old", "line"),
    [('"<0.106"', 6), ('"<0.90"', 12), ('">=0.100"', 14)],
)
def test_a_range_that_cannot_be_read_is_a_mistake_with_its_line(pack, old, line):
    with pytest.raises(KnowledgeError) as caught:
        compile_catalog(pack(FILE.replace(old, '"about 1"')))
    (problem,) = caught.value.problems
    assert line == problem.line
    assert re.match("fastapi: 'about 1' is not a range of versions: Invalid specifier", problem.message)


def test_a_cause_that_exists_in_all_versions_is_left_alone():
    catalog = catalog_of([cause("family/cause", {"symptom": "always"}, {})], ["symptom"], {})
    assert Session(catalog, versions=[Version(package="fastapi", text="1.0.0", trust="log")]).evidence == []
