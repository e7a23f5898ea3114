"""Ask the package index where everything that is needed has a wheel, and write the table: `python tests/readme/platforms.py`.

The table stands in the topic `install`. Each cell is one question to pip for all dependencies at once; only where it finds
no answer, it is asked for each of those that are compiled.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent.parent
TOPIC = ROOT / "troubleshoot" / "topics" / "install.md"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
PLATFORMS = {
    "Linux, x86_64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "Linux, aarch64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
    "Alpine, x86_64": ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64"),
    "macOS 14, arm64": ("macosx_14_0_arm64",),
    "Windows, amd64": ("win_amd64",),
}
ACCELERATOR = "fast"
"""The extra whose wheels are asked for besides."""


def project() -> dict[str, object]:
    """Return what pyproject.toml says of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def needed(python: str, platform: str, extra: str = "") -> list[str]:
    """Return the requirements that hold for a Python on a platform; markers are judged for it, not for this one."""
    told = project()
    lines = told["optional-dependencies"][extra] if extra else told["dependencies"]  # type: ignore[index]
    system = {"win": "win32", "mac": "darwin"}.get(platform[:3], "linux")
    there = {"python_version": python, "sys_platform": system, "extra": extra}
    wanted = [Requirement(line) for line in lines]  # type: ignore[attr-defined]
    return [f"{item.name}{item.specifier}" for item in wanted if item.marker is None or item.marker.evaluate(there)]


def has_wheels(requirements: list[str], python: str, platforms: tuple[str, ...]) -> bool:
    """Return whether pip finds wheels of these, and of all that they need."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                *("--dry-run", "--ignore-installed", "--target", folder, "--only-binary=:all:"),
                *("--python-version", python, "--implementation", "cp"),
                *(f"--platform={platform}" for platform in platforms),
                *requirements,
            ],
            capture_output=True,
            text=True,
        )
    if done.returncode and "No matching distribution" not in done.stderr and "ResolutionImpossible" not in done.stderr:
        raise SystemExit(done.stderr)
    return done.returncode == 0


def cell(python: str, platforms: tuple[str, ...]) -> str:
    """Return what the table says of a Python on a platform."""
    asked = needed(python, platforms[0])
    if not has_wheels(asked, python, platforms):
        missing = [item for item in asked if not has_wheels([item], python, platforms)]
        return f"no wheel of {', '.join(re.split('[<>=~!]', item)[0] for item in missing) or 'a set that fits'}"
    return "yes, fast" if has_wheels(needed(python, platforms[0], ACCELERATOR), python, platforms) else "yes"


def table() -> Iterator[str]:
    """Yield the lines of the table."""
    with ThreadPoolExecutor(2) as pool:
        rows = {
            name: [pool.submit(cell, python, platforms) for python in PYTHONS] for name, platforms in PLATFORMS.items()
        }
        yield f"| wheels alone | {' | '.join(PYTHONS)} |"
        yield f"| --- {'| --- ' * len(PYTHONS)}|"
        for name, cells in rows.items():
            yield f"| {name} | {' | '.join(found.result() for found in cells)} |"


def main() -> None:
    """Write the table in the place of the one that stands there."""
    old = re.search(r"^\| wheels alone .*?\n(?=\n)", TOPIC.read_text(), re.DOTALL | re.MULTILINE)
    assert old is not None
    TOPIC.write_text(TOPIC.read_text().replace(old[0], "\n".join(table()) + "\n"))


if __name__ == "__main__":
    main()
