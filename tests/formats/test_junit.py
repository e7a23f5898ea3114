"""`--format junit` against what pipelines read: the elements and attributes of JUnit's schema, with findings of every shape."""

import subprocess
import sys
from xml.etree import ElementTree as Xml

import pytest

ALLOWED = {
    "testsuites": ({"testsuite"}, set()),
    "testsuite": ({"testcase"}, {"name", "tests", "failures", "errors"}),
    "testcase": ({"failure", "error"}, {"classname", "name"}),
    "failure": (set(), {"type", "message"}),
    "error": (set(), {"type", "message"}),
}
"""Of each element, what may be in it and its attributes, as junit-10.xsd has them, and no more than is there."""


def scanned(folder, project):
    for name, text in project.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    command = [sys.executable, "-m", "troubleshoot", "scan", "--format"]
    done, lines = (
        subprocess.run([*command, name], cwd=folder, capture_output=True, timeout=100, check=False)
        for name in ("junit", "text")
    )
    root = Xml.fromstring(done.stdout)
    assert done.stdout.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites>')
    for element in root.iter():
        inside, attributes = ALLOWED[element.tag]
        assert {child.tag for child in element} <= inside
        assert set(element.attrib) == attributes
    (suite,) = root
    for name, tag in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
        assert int(suite.get(name)) == len(suite.findall(tag))
    return suite, done.returncode, lines.stdout.decode()


@pytest.fixture(scope="module")
def everything(tmp_path_factory, mistakes):
    return scanned(tmp_path_factory.mktemp("everything"), mistakes)


def test_every_finding_is_a_test_that_failed(everything):
    suite, code, lines = everything
    assert code == 1
    assert int(suite.get("failures")) > 50
    for case in suite:
        (failure,) = case
        first, *_ = failure.text.splitlines()
        assert first.startswith(f"{case.get('classname')}:{case.get('name').rpartition(' ')[2]}:")
        assert first.endswith(failure.get("message"))
        assert failure.get("message") in lines


def test_nothing_found_is_a_test_that_passed(tmp_path):
    suite, code, _ = scanned(tmp_path, {"main.py": "x = 1\n"})
    assert (code, [case.get("name") for case in suite], suite.get("failures")) == (0, ["scan"], "0")


def test_what_was_not_examined_is_an_error(tmp_path):
    suite, code, _ = scanned(tmp_path, {"a & <b>/broken.py": "x = 1\ny = (\n"})
    (case,) = suite
    (error,) = case
    assert (code, case.get("classname"), error.tag) == (4, "a & <b>/broken.py:2", "error")
    assert error.get("message").startswith("is not valid Python: ")
