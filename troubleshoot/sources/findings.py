"""What other tools have found, in SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from troubleshoot import limits
from troubleshoot.errors import UsageError
from troubleshoot.model import SEVERITIES, Catalog, Evidence, Finding, Severity
from troubleshoot.redaction import plain, shown
from troubleshoot.sources.code import evidence_of_findings

LAST_LINE = 200_000_000
"""No file has a line behind it."""

OF_LEVEL: Mapping[object, Severity] = {"error": "error", "warning": "warning", "note": "info"}
HIGH, MEDIUM = 7.0, 4.0
"""Scores of CVSS from which on a severity is called high, and medium."""

IGNORED_KINDS = ("pass", "notApplicable", "informational", "open")


@dataclass(frozen=True, slots=True)
class FindingsSource:
    """A SARIF file of any tool; what counts are the rules that the knowledge names."""

    catalog: Catalog
    path: Path

    def collect(self) -> Iterator[Evidence]:
        """Yield the gravest finding of each cause that a tool's rule speaks for.

        Raises `UsageError` for a file that cannot be read or is no SARIF 2.1.0.
        """
        log = self._read()
        found: list[Finding] = []
        for run in _list(log.get("runs")):
            found += self._findings(_table(run))
        found.sort(key=lambda item: (item.cause, SEVERITIES.index(item.severity), item))
        for _, several in groupby(found, key=lambda item: item.cause):
            yield evidence_of_findings(list(several), "findings")

    def _read(self) -> dict[str, Any]:
        try:
            log = json.loads(limits.read(self.path, "findings", only_file=False).decode("utf-8-sig"))
        except OSError as error:
            raise UsageError(f"--findings {self.path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"--findings {self.path}: is not UTF-8 text") from error
        except json.JSONDecodeError as error:
            raise UsageError(f"--findings {self.path}:{error.lineno}: is not valid JSON: {error.msg}") from error
        except ValueError as error:
            raise UsageError(f"--findings {self.path}: has a number that is too long") from error
        except RecursionError as error:
            raise UsageError(f"--findings {self.path}: is nested too deeply") from error
        if not isinstance(log, dict) or not isinstance(log.get("runs"), list):
            raise UsageError(f"--findings {self.path}: is no SARIF: it has no list of runs")
        if log.get("version") != "2.1.0":
            raise UsageError(f"--findings {self.path}: is SARIF {log.get('version')!r}, and only 2.1.0 is read")
        return log

    def _findings(self, run: dict[str, Any]) -> Iterator[Finding]:
        """Yield a finding for each result and each cause that its rule speaks for."""
        described = _table(run.get("tool"))
        for result in (_table(item) for item in _list(run.get("results"))):
            component = _component(described, result)
            tool = str(component.get("name", ""))
            rule = _rule(result, _list(component.get("rules")))
            name = str(rule.get("id", ""))
            if result.get("kind") in IGNORED_KINDS or _is_suppressed(result) or not name:
                continue
            if result.get("baselineState") == "absent":
                continue
            for cause in self._causes(tool, name):
                yield _finding(cause, tool, name, result, rule)

    def _causes(self, tool: str, rule: str) -> Iterator[str]:
        for cause in self.catalog.causes.values():
            for known, patterns in cause.rules.items():
                # Editions of a tool add a word: "Semgrep OSS".
                if f"{tool.casefold()} ".startswith(f"{known} ") and any(fnmatchcase(rule, item) for item in patterns):
                    yield cause.id


def _component(tool: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a tool that a result's rule belongs to: the driver, or an extension such as a plug-in."""
    driver = _table(tool.get("driver"))
    extensions = _list(tool.get("extensions"))
    reference = _table(_table(result.get("rule")).get("toolComponent"))
    index = _number(reference.get("index"))
    if index is not None and index < len(extensions):
        return _table(extensions[index])
    named = (_table(item) for item in extensions if _table(item).get("name") == reference.get("name"))
    return next(named, driver) if reference.get("name") else driver


def _is_suppressed(result: dict[str, Any]) -> bool:
    """Return whether somebody has accepted a result; a suppression may also be refused, or wait for a review."""
    states = [_table(item).get("status", "accepted") for item in _list(result.get("suppressions"))]
    return bool(states) and all(state == "accepted" for state in states)


def _rule(result: dict[str, Any], rules: list[Any]) -> dict[str, Any]:
    """Return the rule of a result, which names it, or says where it stands in the list."""
    reference = _table(result.get("rule"))
    name = result.get("ruleId") or reference.get("id")
    index = _number(result.get("ruleIndex", reference.get("index")))
    listed = _table(rules[index]) if index is not None and index < len(rules) else {}
    if not listed and name is not None:
        listed = next((rule for rule in map(_table, rules) if rule.get("id") == name), {})
    return {**listed, "id": name or listed.get("id", "")}


def _finding(cause: str, tool: str, rule: str, result: dict[str, Any], description: dict[str, Any]) -> Finding:
    default = _table(description.get("defaultConfiguration")).get("level")
    level = result.get("level", default)
    location = _table(next(iter(_list(result.get("locations"))), {}))
    place = _table(location.get("physicalLocation"))
    region = _table(place.get("region"))
    path = _path(str(_table(place.get("artifactLocation")).get("uri", "")))
    logical = _table(next(iter(_list(location.get("logicalLocations"))), {}))
    function = plain(str(logical.get("name") or logical.get("fullyQualifiedName") or "")).rpartition(".")[2]
    number = _number(region.get("startLine")) or 1
    message = str(_table(result.get("message")).get("text", "")) or rule
    captured = {"file": path, "line": str(number)}
    return Finding(
        path=path,
        line=number,
        column=1,
        end_line=number,
        cause=cause,
        severity=OF_LEVEL.get(level if isinstance(level, str) else None) or _of_score(description),
        function=function,
        message=f"{tool} {rule}: {shown(message)}",
        captured={**captured, "function": function} if function else captured,
    )


def _of_score(description: dict[str, Any]) -> Severity:
    """Return the severity in a rule's `security-severity`, a score from 0 to 10 as in CVSS; a warning without one."""
    try:
        score = float(_table(description.get("properties")).get("security-severity", ""))
    except (TypeError, ValueError, OverflowError):
        return "warning"
    return "error" if score >= HIGH else "warning" if score >= MEDIUM else "info"


def _number(value: object) -> int | None:
    """Return an index or a line, if it is one that a file can have."""
    return value if type(value) is int and 0 <= value <= LAST_LINE else None


def _path(uri: str) -> str:
    """Return the path in a URI, relative to the current folder if it lies there."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return plain(uri)
    path = plain(unquote(parts.path) if parts.scheme in ("", "file") else uri)
    here = f"{Path.cwd().as_posix()}/"
    return path.removeprefix(here)


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
