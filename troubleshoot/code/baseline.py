"""A baseline: the findings that an old code base has already, so that only new ones are told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from troubleshoot.errors import UsageError
from troubleshoot.model import Finding
from troubleshoot.output import write_file

Fingerprint = tuple[str, str, str, str]
"""Path, cause, function, and the line without its spaces: what stays when lines move."""


def fingerprint(finding: Finding, source: Callable[[str], bytes]) -> Fingerprint:
    """Return what identifies a finding when the lines around it change."""
    lines = source(finding.path).splitlines()
    line = lines[finding.line - 1].decode("utf-8", "replace") if finding.line <= len(lines) else ""
    return finding.path, finding.cause, finding.function, "".join(line.split())


def write_baseline(path: Path, findings: Iterable[Finding], source: Callable[[str], bytes]) -> int:
    """Write the baseline of `findings` to `path`, in place of an older one; return how many there are."""
    counted = Counter(fingerprint(item, source) for item in findings)
    entries = [
        {"path": where, "cause": cause, "function": function, "line": line, "count": count}
        for (where, cause, function, line), count in sorted(counted.items())
    ]
    write_file(path, json.dumps({"schema": 1, "findings": entries}, indent=1, ensure_ascii=False) + "\n", force=True)
    return counted.total()


def read_baseline(path: Path) -> Counter[Fingerprint]:
    """Return how often each finding is in a baseline. Raises `UsageError` for a file that is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return Counter(
            {
                (str(item["path"]), str(item["cause"]), str(item["function"]), str(item["line"])): int(item["count"])
                for item in value["findings"]
            }
        )
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}: is not valid JSON: {error.msg}") from error
    except (UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: is no baseline; --write-baseline {path} makes one") from error


def new_findings(
    findings: Iterable[Finding], known: Counter[Fingerprint], source: Callable[[str], bytes]
) -> list[Finding]:
    """Return the findings that are not in a baseline, each as often as it is more often there now."""
    left = known.copy()
    new = []
    for item in findings:
        key = fingerprint(item, source)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(item)
    return new
