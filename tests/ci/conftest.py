"""What the tests of hooks and actions share."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scratch import PROJECT, ROOT, git, write


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """A repository with what this one would have after a commit."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in filter(
        None, git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    ):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", check=True)
    git(folder, "add", ".", check=True)
    git(folder, "commit", "-m", "all", check=True)
    return folder


@pytest.fixture
def project(tmp_path):
    """A project in a repository, in which nothing is wrong yet."""
    folder = tmp_path / "project"
    write(folder, PROJECT)
    git(folder, "init", check=True)
    git(folder, "add", ".", check=True)
    git(folder, "commit", "-m", "first", check=True)
    return folder
