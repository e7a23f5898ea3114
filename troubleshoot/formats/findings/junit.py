"""Findings as JUnit's XML, which nearly every pipeline shows: a finding is a test that failed, one of its own name.

https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as Xml

from troubleshoot.code.scan import ScanReport
from troubleshoot.model import Catalog, Finding, Skipped
from troubleshoot.redaction import plain, redact

NAME = "troubleshoot"


def write(report: ScanReport, _catalog: Callable[[], Catalog], _source: Callable[[str], bytes]) -> str:
    """Return `report` as one suite; what was not examined is an error in it, and nothing found one test that passed."""
    cases = [*map(_failed, report.findings), *map(_not_examined, report.skipped)]
    if not cases:
        cases = [Xml.Element("testcase", classname=NAME, name="scan")]
    suite = Xml.Element(
        "testsuite",
        name=NAME,
        tests=str(len(cases)),
        failures=str(len(report.findings)),
        errors=str(len(report.skipped)),
    )
    suite.extend(cases)
    root = Xml.Element("testsuites")
    root.append(suite)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _failed(item: Finding) -> Xml.Element:
    case = _case(item.path, f"{item.cause} at line {item.line}")
    failure = Xml.SubElement(case, "failure", type=item.severity, message=_clean(item.message))
    failure.text = _clean("\n".join((f"{item.path}:{item.line}:{item.column}: {item.message}", *item.chain)))
    return case


def _not_examined(item: Skipped) -> Xml.Element:
    case = _case(item.location, "not examined")
    Xml.SubElement(case, "error", type="not examined", message=_clean(item.why))
    return case


def _case(where: str, name: str) -> Xml.Element:
    return Xml.Element("testcase", classname=_clean(where), name=name)


def _clean(text: str) -> str:
    """Return text that XML can hold."""
    return redact(plain(text)).replace("\ufffe", "").replace("\uffff", "")
