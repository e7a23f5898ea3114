"""The hook of `.pre-commit-hooks.yaml`, installed by the real pre-commit and run by the real git."""

import os
import subprocess
import sys

import pytest
from scratch import MAIN, PROJECT, ROOT, git, write

pytest.importorskip("pre_commit", reason="pre-commit is not installed")


def pre_commit(folder, *arguments):
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)


def test_the_manifest_is_one():
    pre_commit(ROOT, "validate-manifest", ".pre-commit-hooks.yaml")


@pytest.mark.timeout(900)
def test_a_commit_is_held_up_by_what_it_would_bring(project, checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "hooks"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    revision = git(checkout, "rev-parse", "HEAD", check=True).stdout.strip()
    hook = f"repos:\n- repo: {checkout}\n  rev: {revision}\n  hooks:\n  - id: troubleshoot\n"
    write(project, {".pre-commit-config.yaml": hook, "old/main.py": MAIN, "new/broken.py": "(\n"})
    pre_commit(project, "install", "--install-hooks")

    # What is excluded is passed over, and what is not staged is none of the commit's.
    git(project, "add", ".pre-commit-config.yaml", "old")
    assert git(project, "commit", "-m", "old").returncode == 0

    write(project, {"app/main.py": MAIN})
    git(project, "add", "app")
    done = git(project, "commit", "-m", "wrong")
    told = done.stdout + done.stderr
    assert (done.returncode, "exit code: 1" in told) == (1, True)
    # Seen only with the other file, which is not staged.
    assert "app/main.py:7:5: error performance/blocking-call-in-async-endpoint: " in told
    assert "1 file: 1 error" in told

    write(project, {"app/services.py": PROJECT["app/services.py"].replace("time.sleep(1)", "return time.time()")})
    git(project, "add", "app")
    assert git(project, "commit", "-m", "right").returncode == 0
