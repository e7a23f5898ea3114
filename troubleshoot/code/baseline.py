"""A baseline: the findings that an old code base has already, so that only new ones are told."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from troubleshoot import limits
from troubleshoot.errors import UsageError
from troubleshoot.model import Finding
from troubleshoot.output import write_file
from troubleshoot.redaction import without_secrets

Fingerprint = tuple[str, str, str, str]
"""Path, cause, function, and the line without its spaces and secrets: what stays when lines move."""

MOST = 1_000_000
"""How often one finding may be in a baseline; a larger number is none that was counted."""


def seen_from(baseline: Path, root: str) -> Callable[[str], str]:
    """Return what turns a path in the scanned folder `root` into one that starts from the folder of a baseline.

    So a baseline holds whichever part of a project is scanned.
    """
    here, scanned = os.path.realpath(baseline.parent), os.path.realpath(root)
    return cache(lambda path: os.path.relpath(os.path.join(scanned, path), here).replace(os.sep, "/"))


def fingerprint(finding: Finding, source: Callable[[str], bytes], place: Callable[[str], str]) -> Fingerprint:
    """Return what identifies a finding when the lines around it change; for `place` see `seen_from`."""
    lines = source(finding.path).splitlines()
    line = lines[finding.line - 1].decode("utf-8", "replace") if finding.line <= len(lines) else ""
    return place(finding.path), finding.cause, finding.function, "".join(without_secrets(line).split())


def write_baseline(path: Path, findings: Iterable[Finding], source: Callable[[str], bytes], root: str) -> int:
    """Write the baseline of `findings` in `root` to `path`, in place of an older one; return how many there are."""
    place = seen_from(path, root)
    counted = Counter(fingerprint(item, source, place) for item in findings)
    entries = [
        {"path": where, "cause": cause, "function": function, "line": line, "count": count}
        for (where, cause, function, line), count in sorted(counted.items())
    ]
    write_file(path, json.dumps({"schema": 1, "findings": entries}, indent=1, ensure_ascii=False) + "\n", force=True)
    return counted.total()


def read_baseline(path: Path) -> Counter[Fingerprint]:
    """Return how often each finding is in a baseline. Raises `UsageError` for a file that is none."""
    try:
        value = json.loads(limits.read(path, "baseline").decode("utf-8"))
        if value["schema"] != 1 or not isinstance(value["findings"], list):
            raise ValueError
        return Counter(
            {
                (str(item["path"]), str(item["cause"]), str(item["function"]), str(item["line"])): _count(item["count"])
                for item in value["findings"]
            }
        )
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}: is not valid JSON: {error.msg}") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is no baseline; --write-baseline {path} makes one") from error


def _count(value: object) -> int:
    if not isinstance(value, int) or not 0 < value <= MOST:
        raise ValueError
    return value


def new_findings(
    findings: Iterable[Finding],
    known: Counter[Fingerprint],
    source: Callable[[str], bytes],
    place: Callable[[str], str],
) -> list[Finding]:
    """Return the findings that are not in a baseline, each as often as it is more often there now.

    For `place` see `seen_from`.
    """
    left = known.copy()
    new = []
    for item in findings:
        key = fingerprint(item, source, place)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(item)
    return new
