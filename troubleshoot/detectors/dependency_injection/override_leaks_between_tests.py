"""A test that overrides a dependency of a shared application, and leaves the override there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import is_in_finally
from troubleshoot.code.topics.overrides import NAME, Override, overrides

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI

app = FastAPI()


def current_user():
    return "ann"


@app.get("/me")
def me(user=Depends(current_user)):
    return user
""",
    "tests/test_me.py": """
import pytest
from fastapi.testclient import TestClient

from main import app, current_user


def test_bob():
    app.dependency_overrides[current_user] = lambda: "bob"
    assert TestClient(app).get("/me").json() == "bob"


class TestMe:
    def test_eve(self):
        app.dependency_overrides.update({current_user: lambda: "eve"})


@pytest.fixture
def admin():
    app.dependency_overrides[current_user] = lambda: "admin"
    return TestClient(app)
""",
}
FIXED = {
    "main.py": BROKEN["main.py"],
    "tests/conftest.py": """
import pytest
from fastapi.testclient import TestClient

from main import app, current_user

app.dependency_overrides[current_user] = lambda: "bob"


@pytest.fixture(scope="session")
def client():
    app.dependency_overrides[current_user] = lambda: "bob"
    with TestClient(app) as client:
        yield client
""",
    "tests/test_me.py": """
from fastapi import FastAPI
from fastapi.testclient import TestClient

from main import app, current_user


def test_eve():
    app.dependency_overrides[current_user] = lambda: "eve"
    try:
        assert TestClient(app).get("/me").json() == "eve"
    finally:
        del app.dependency_overrides[current_user]


def test_own():
    app = FastAPI()
    app.dependency_overrides[current_user] = lambda: "eve"


def test_ann(monkeypatch):
    monkeypatch.setitem(app.dependency_overrides, current_user, lambda: "ann")
""",
    "tests/test_cleaned.py": """
import pytest

from main import app, current_user


@pytest.fixture(autouse=True)
def clean():
    yield
    app.dependency_overrides.clear()


def test_bob():
    app.dependency_overrides[current_user] = lambda: "bob"
""",
}
CLEANS = re.compile(
    rf"\b{NAME}\.(clear|pop|popitem)\(|del \S+\.{NAME}\[|\.{NAME} = |patch\.dict\(.{{0,200}}{NAME}".encode()
)
TEST_FILE = re.compile(r"(^|/)(test_[^/]*|[^/]*_tests?|conftest)\.py$")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the overrides in tests and fixtures that nothing takes back."""
    shared = [path for path in project.files.paths if path.endswith("conftest.py")]
    cleaned_for_all = any(CLEANS.search(project.files.data(path)) for path in shared)
    for override in overrides(project):
        function = override.scope.function
        # A new function as the key overrides nothing.
        if function is None or isinstance(override.key, ast.Lambda):
            continue
        if cleaned_for_all or CLEANS.search(override.scope.module.data):
            continue
        if _is_test(function, override.scope.module) and _is_shared(project, override):
            yield Sighting(
                module=override.scope.module,
                function=function,
                node=override.node,
                severity="warning" if function.name.startswith("test") else "info",
                message=f"{function.name} overrides {ast.unparse(override.key)} for all later tests",
            )


def _is_test(function: Function, module: Module) -> bool:
    """Return whether a function is a test, or a fixture that does not live as long as all tests."""
    if not TEST_FILE.search(module.path):
        return False
    fixtures = [ast.unparse(item) for item in function.node.decorator_list]
    lasts = any("session" in item or "package" in item for item in fixtures) or module.path.endswith("conftest.py")
    return function.name.startswith("test") or (any("fixture" in item for item in fixtures) and not lasts)


def _is_shared(project: Project, override: Override) -> bool:
    """Return whether the application is made at the top level of a module, and the override is no clean-up."""
    origin = origin_of(project.inference, override.mapping.value, override.scope)
    return origin is not None and "." not in origin[1] and not is_in_finally(override.node)
