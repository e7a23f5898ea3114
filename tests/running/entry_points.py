"""What an installation would have said of the package, for processes of tests that run in this checkout."""

import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent.parent


def declared(folder: Path) -> Path:
    """Write the entry points that pyproject.toml declares where Python looks for them below `folder`."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    info = folder / "declared_troubleshoot-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: declared-troubleshoot\nVersion: 0\n")
    lines = (
        line
        for group, named in points.items()
        for line in (f"[{group}]", *(f"{name} = {module}" for name, module in named.items()))
    )
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder
