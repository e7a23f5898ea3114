"""The probe tells a package that is installed from one that is not, and from a file of the project that hides it."""

import importlib.metadata
import sys

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench


@pytest.fixture
def probe(tmp_path):
    """Write the probe for a package into the project, run it there and return its lines."""
    content = find_content()
    catalog = load(content)
    probe = catalog.questions["environment-package-found"].probe
    assert probe is not None

    def run(package):
        values = fill(probe.parameters, (), {"package": package})
        snippet = Renderer(content, catalog).probe(probe.template, values)
        (tmp_path / snippet.file_name).write_text(snippet.text)
        done = Bench(tmp_path, fixed=True).run(snippet.file_name)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def test_an_installed_package_is_found_with_its_version(probe):
    lines = probe("fastapi")
    assert lines[0] == f"interpreter: {sys.executable}"
    assert "site-packages" in lines[1]
    assert "in this project" not in lines[1]
    assert f"installed: fastapi {importlib.metadata.version('fastapi')}" in lines
    assert any(line.startswith("does not fit: ") for line in lines)


def test_a_package_that_is_not_there_is_not_found(probe):
    assert "nowhere_installed: not found" in probe("nowhere_installed")


def test_a_file_of_the_project_that_hides_the_package_is_shown(probe, tmp_path):
    (tmp_path / "jwt.py").write_text("")
    assert f"jwt: {tmp_path / 'jwt.py'} (in this project)" in probe("jwt")
