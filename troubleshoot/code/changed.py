"""Which lines have changed since a git reference: committed, staged, or neither, and in files that git has not seen."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from troubleshoot.errors import UsageError
from troubleshoot.model import Finding
from troubleshoot.redaction import shown

NEWEST = "HEAD"
HUNK = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
STEP = re.compile(r"(.+?):(\d+) ")
FILE = b"+++ "
PYTHON = ("--", "*.py")
FILTERS = r"^filter\..*\.(clean|process)$"
NOTHING: Mapping[str, str] = MappingProxyType({})
# Nothing that a repository's own settings name is run, and nothing is written into it.
QUIET = (*("-c", "core.fsmonitor=false"), *("-c", "core.quotePath=true"), "--no-optional-locks")
PLAIN = (
    *("--no-ext-diff", "--no-textconv", "--no-color", "--unified=0", "--find-renames"),
    *("--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules"),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed in a repository, by the files' real paths: lines of some, and files that are new as a whole."""

    lines: Mapping[str, set[int]]
    new: frozenset[str]

    def shows(self, finding: Finding, root: Path) -> bool:
        """Return whether a line of a finding, or one that its chain passes, has changed; paths start from `root`."""
        steps = [STEP.match(step) for step in finding.chain]
        passed = [(step[1], range(int(step[2]), int(step[2]) + 1)) for step in steps if step is not None]
        here = (finding.path, range(finding.line, finding.end_line + 1))
        return any(self._touches(os.path.realpath(root / path), lines) for path, lines in (here, *passed))

    def _touches(self, path: str, lines: range) -> bool:
        return path in self.new or not self.lines.get(path, set()).isdisjoint(lines)


def changed_since(reference: str, folder: Path) -> Changed:
    """Return what has changed in the repository around `folder` since it left `reference`.

    Raises `UsageError` where there is no git, no repository, or no such reference.
    """
    found = _git(folder, "rev-parse", "--show-toplevel")
    if b"not a git repository" in found.stderr:
        raise UsageError(f"--changed: {folder.resolve()} is not in a git repository")
    root = Path(os.fsdecode(_written(found)).removesuffix("\n"))
    lines: defaultdict[str, set[int]] = defaultdict(set)
    unfiltered = _without_filters(root)
    for name, changed in _hunks(
        _written(_git(root, "diff", *PLAIN, _since(reference, root), *PYTHON, more=unfiltered))
    ):
        lines[os.path.realpath(root / name)].update(changed)
    unseen = _written(_git(root, "ls-files", "-z", "--others", "--exclude-standard", *PYTHON)).split(b"\0")
    return Changed(lines, frozenset(os.path.realpath(root / os.fsdecode(name)) for name in unseen if name))


def _since(reference: str, root: Path) -> str:
    """Return the commit where what is checked out left `reference`, or the tree of nothing before the first commit."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    if reference.startswith("-") or commit.returncode != 0:
        if reference == NEWEST:
            return _line(_git(root, "hash-object", "-t", "tree", "--stdin"))
        shallow = _line(_git(root, "rev-parse", "--is-shallow-repository")) == "true"
        why = "; this clone is shallow, so more of its history must be fetched first" if shallow else ""
        raise UsageError(f"--changed: git knows no commit {shown(reference)!r} in {root}{why}")
    base = _git(root, "merge-base", _line(commit), NEWEST)
    return _line(base if base.returncode == 0 else commit)


def _hunks(diff: bytes) -> Iterator[tuple[str, range]]:
    """Yield the file and the new lines of each hunk."""
    name = ""
    left = 0
    for line in diff.split(b"\n"):
        if left:
            # What is in a hunk may look like anything.
            left -= not line.startswith(b"\\")
        elif line.startswith(FILE):
            name = _name(line[len(FILE) :])
        elif hunk := HUNK.match(line):
            count = int(hunk[2]) if hunk[2] is not None else 1
            yield name, range(int(hunk[1]), int(hunk[1]) + count)
            left = count + _removed(line)


def _removed(hunk: bytes) -> int:
    _, _, count = hunk.split(b" ")[1].partition(b",")
    return int(count) if count else 1


def _name(written: bytes) -> str:
    """Return a path as it is; git writes what is unusual as C would, and what has spaces with a tab behind."""
    plain = ast.literal_eval(f"b{written.decode('ascii')}") if written.startswith(b'"') else written.rstrip(b"\t")
    return os.fsdecode(plain[2:])


def _without_filters(root: Path) -> dict[str, str]:
    """Return an environment in which git runs none of the filters that settings name for reading files."""
    keys = _git(root, "config", "--name-only", "-z", "--get-regexp", FILTERS).stdout.split(b"\0")
    settings = {os.fsdecode(key): "" for key in keys if key}
    settings |= {f"{key.rpartition('.')[0]}.required": "false" for key in settings}
    numbered = [*enumerate(settings.items())]
    named = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in numbered}
    values = {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in numbered}
    return {"GIT_CONFIG_COUNT": str(len(numbered)), **named, **values}


def _git(folder: Path, *arguments: str, more: Mapping[str, str] = NOTHING) -> subprocess.CompletedProcess[bytes]:
    """Return what has become of a command of git. Raises `UsageError` without git."""
    try:
        return subprocess.run(
            ["git", *QUIET, *arguments],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C", **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UsageError(f"--changed: git cannot be started: {error.strerror}") from error


def _written(done: subprocess.CompletedProcess[bytes]) -> bytes:
    """Return what git has written. Raises `UsageError` with its own words if it has failed."""
    if done.returncode != 0:
        raise UsageError(f"--changed: git failed: {shown(done.stderr.decode(errors='replace').partition(chr(10))[0])}")
    return done.stdout


def _line(done: subprocess.CompletedProcess[bytes]) -> str:
    return _written(done).decode().partition("\n")[0]
