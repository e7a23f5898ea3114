"""The versions that the knowledge says its fixes were run with are the ones installed here."""

from importlib.metadata import version

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load


def test_the_recorded_versions_are_installed():
    recorded = load(find_content()).verified_with
    assert recorded == {package: version(package) for package in recorded}


def test_few_causes_go_without_a_reproduction_and_each_says_why():
    causes = load(find_content()).causes.values()
    unproven = [cause for cause in causes if cause.unproven]
    assert len(unproven) <= len(causes) / 10
    assert all(len(cause.unproven) > 20 for cause in unproven)
