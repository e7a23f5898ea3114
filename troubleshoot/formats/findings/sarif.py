"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote

from troubleshoot import __version__
from troubleshoot.code.scan import ScanReport
from troubleshoot.code.suppression import UNUSED, UNUSED_TITLE
from troubleshoot.formats.findings.fingerprints import fingerprints
from troubleshoot.formats.objects import indented
from troubleshoot.model import Catalog, Cause, Finding, Proposal, Severity, Skipped

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
STEP = re.compile(r"(?P<path>.+?):(?P<line>\d+) (?P<name>.*)")
UNUSED_RULE = {"id": UNUSED, "name": UNUSED, "shortDescription": {"text": UNUSED_TITLE}}
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def write(report: ScanReport, catalog: Callable[[], Catalog], source: Callable[[str], bytes]) -> str:
    """Return `report` as a SARIF log with one run."""
    known = catalog()
    causes = sorted({item.cause for item in report.findings})
    proposals = {item.finding: item for item in report.proposals}
    results = []
    for item, fingerprint in fingerprints(report.findings):
        result = _result(item, causes.index(item.cause), fingerprint)
        proposal = proposals.get(item)
        if proposal is not None and proposal.changes:
            result["fixes"] = [_fix(proposal, known.causes[item.cause], source)]
        results.append(result)
    run = {
        "tool": {
            "driver": {
                "name": "troubleshoot",
                "version": __version__,
                "rules": [_rule(known.causes[cause]) if cause != UNUSED else UNUSED_RULE for cause in causes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the root of the repository"}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(item) for item in report.skipped],
            }
        ],
        "results": results,
    }
    return indented({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(cause: Cause) -> dict[str, Any]:
    fixes = "\n".join(f"- {fix.title}" for fix in cause.fixes.values())
    text = f"{cause.explanation.strip()}\n\nWhat to do: `troubleshoot fix {cause.id}`\n\n{fixes}"
    return {
        "id": cause.id,
        "name": cause.id,
        "shortDescription": {"text": cause.title},
        "fullDescription": {"text": cause.tell},
        "help": {"text": text, "markdown": text},
        "helpUri": cause.references[0],
        "properties": {"tags": [cause.family]},
    }


def _result(item: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.cause,
        "ruleIndex": index,
        "level": LEVELS[item.severity],
        "message": {"text": item.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(item.path), "uriBaseId": "SRCROOT"},
                    "region": {"startLine": item.line, "startColumn": item.column, "endLine": item.end_line},
                },
                **({"logicalLocations": [{"fullyQualifiedName": item.function}]} if item.function else {}),
            }
        ],
        "partialFingerprints": {"troubleshoot/v1": fingerprint},
    }
    if item.chain:
        steps = [{"location": _step(step)} for step in item.chain]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return result


def _fix(proposal: Proposal, cause: Cause, source: Callable[[str], bytes]) -> dict[str, Any]:
    """Return a proposal as lines to replace in each file."""
    changes = []
    for path, data in sorted(proposal.changes.items()):
        before, after = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (source(path), data))
        replacements = [
            {
                "deletedRegion": {"startLine": start + 1, "startColumn": 1, "endLine": end + 1, "endColumn": 1},
                "insertedContent": {"text": "".join(after[into:until])},
            }
            for kind, start, end, into, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            if kind != "equal"
        ]
        where = {"uri": quote(path), "uriBaseId": "SRCROOT"}
        changes.append({"artifactLocation": where, "replacements": replacements})
    return {
        "description": {"text": cause.fixes[proposal.fix].title},
        "artifactChanges": changes,
        "properties": {
            "safety": proposal.safety,
            "verified": list(proposal.verified),
            "remains": list(proposal.remains),
        },
    }


def _step(step: str) -> dict[str, Any]:
    """Return a step of a chain, `path:line name`, as a location."""
    found = STEP.fullmatch(step)
    if found is None:
        return {"message": {"text": step}}
    where = {
        "artifactLocation": {"uri": quote(found["path"]), "uriBaseId": "SRCROOT"},
        "region": {"startLine": int(found["line"])},
    }
    return {"message": {"text": found["name"]}, "physicalLocation": where}


def _notification(item: Skipped) -> dict[str, Any]:
    return {"level": "warning", "message": {"text": f"not examined: {item.location}: {item.why}"}}
