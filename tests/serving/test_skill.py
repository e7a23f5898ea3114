"""The skill is in the wheel, where agents' tools look for it, and says what is true."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from troubleshoot.serving.tools import TOOLS

ROOT = Path(__file__).parent.parent.parent
NAME = "fastapi-troubleshoot"
PLACE = f"troubleshoot/.agents/skills/{NAME}/SKILL.md"
SKILL = (ROOT / PLACE).read_text()
LARGEST = 6 * 1024


@pytest.fixture
def installed(tmp_path):
    """A project whose environment has what the wheel brings of skills, as an installer leaves it."""
    files = {file.distribution_path: Path(file.path) for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    skills = {path: source for path, source in files.items() if "/.agents/" in path}
    assert set(skills) == {PLACE}
    environment = tmp_path / ".venv"
    packages = environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    about = packages / "fastapi_troubleshoot-0.1.0.dist-info"
    about.mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n")
    (about / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {NAME}\nVersion: 0.1.0\n")
    with (about / "RECORD").open("w", newline="") as record:
        csv.writer(record).writerows([path, "", ""] for path in skills)
    for path, source in skills.items():
        (packages / path).parent.mkdir(parents=True)
        (packages / path).write_bytes(source.read_bytes())
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "shop"\nversion = "1"\ndependencies = ["{NAME}"]\n')
    return tmp_path


def test_library_skills_finds_it_in_an_environment_that_has_the_package(installed):
    done = subprocess.run(
        [sys.executable, "-m", "library_skills", "scan", "--json"], cwd=installed, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f'"{NAME}"' in done.stdout
    assert "SKILL.md" in done.stdout or json.loads(done.stdout)


def test_it_is_small_and_its_header_is_what_agents_read():
    assert len(SKILL.encode()) < LARGEST
    header = yaml.safe_load(SKILL.split("---\n")[1])
    assert header["name"] == NAME
    assert 0 < len(header["description"]) <= 1024


def test_the_tools_and_commands_that_it_names_are_there():
    rows = re.findall(r"^\| .* \| `(\w+)` \| .*?`?(?:troubleshoot (\w+)|the same)", SKILL, re.MULTILINE)
    assert {tool for tool, _ in rows} == set(TOOLS)
    told = subprocess.run(
        [sys.executable, "-m", "troubleshoot", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(f"\n  {command} " in told for _, command in rows if command)
