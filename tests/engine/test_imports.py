"""The directions of the design, read from the imports, and what a one-shot answer must not load."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import troubleshoot

PACKAGE = Path(troubleshoot.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
OWNERS = {
    "questionary": "ui/",
    "prompt_toolkit": "ui/",
    "rich": "ui/",
    "typer": ("cli/", "__main__.py"),
    "jinja2": ("fixes/", "site/"),
    "markdown_it": "site/",
    "pygments": "site/",
    "mcp": "serving/server.py",
    "mcp_types": "serving/server.py",
    "pytest": ("pytest_plugin.py", "running/reports.py"),
}
PURE = {
    "model/": {"model", "values"},
    "errors.py": set(),
    "engine/": {"model", "engine"},
}
"""What these rooms may import of the package; of others, only the standard library."""
NEVER = {
    "catalog": {"engine", "sources", "fixes", "code", "investigation", "formats"},
    "fixes": {"engine", "sources", "code", "investigation", "formats"},
    "detectors": {"engine", "sources", "fixes", "catalog", "investigation", "formats"},
    "code": {"engine", "sources", "fixes", "investigation", "formats"},
    "versions": {"engine", "sources", "fixes", "catalog", "code", "investigation", "formats"},
    "sources": {"engine", "fixes", "investigation", "formats"},
    "site": {"sources", "code", "investigation", "supervision"},
    "api.py": {"formats", "supervision", "batch"},
    "asgi.py": {"engine", "sources", "fixes", "catalog", "code", "investigation", "formats", "supervision"},
    "batch": {"engine", "sources", "catalog", "code", "supervision"},
    "investigation": {"formats", "supervision", "running"},
    "formats": {"supervision", "running"},
    "running": {"supervision", "code", "inspection"},
}
"""What a room must not know of."""
SEEN_FROM = {
    "code/syntax": {"syntax"},
    "code/inference": {"syntax", "inference", "files"},
    "code/application": {"syntax", "inference", "application", "files", "sighting"},
    "code/topics": {"syntax", "inference", "application", "topics", "project"},
    "detectors": {"syntax", "inference", "application", "topics", "project", "sighting"},
}
"""What of code/ these folders may import: each what lies below it, and none what runs a scan."""


def room_of(module: str) -> str:
    return module.split(".")[1]


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(PACKAGE).as_posix() for path in MODULES])
def test_imports_go_in_the_right_direction(path):
    name = path.relative_to(PACKAGE).as_posix()
    found = imports(path)
    for library, owners in OWNERS.items():
        if any(module.split(".")[0] == library for module in found):
            assert name.startswith(owners), f"{name} imports {library}"
    rooms = {room_of(module) for module in found if module.startswith("troubleshoot.")}
    for pure, allowed in PURE.items():
        if name.startswith(pure):
            assert rooms <= allowed
            assert all(module.split(".")[0] in {*sys.stdlib_module_names, "troubleshoot"} for module in found)
    if refused := rooms & NEVER.get(name.partition("/")[0], set()):
        raise AssertionError(f"{name} imports {refused}")
    if name != "__main__.py" and not name.startswith("cli/"):
        assert "troubleshoot.cli" not in found
    if not name.startswith(("ui/", "cli/")):
        assert not any(module.startswith("troubleshoot.ui") for module in found)


@pytest.mark.parametrize("folder", SEEN_FROM)
def test_code_is_read_from_what_files_say_up_to_what_detectors_ask(folder):
    for path in (PACKAGE / folder).rglob("*.py"):
        seen = {name.split(".")[2] for name in imports(path) if name.startswith("troubleshoot.code.")}
        assert seen <= SEEN_FROM[folder], path


def test_no_imports_go_in_a_circle():
    names = {path: ".".join(("troubleshoot", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in MODULES}
    modules = {name.removesuffix(".__init__"): path for path, name in names.items()}
    graph = {}
    for module, path in modules.items():
        graph[module] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted = [f"{node.module}.{alias.name}" for alias in node.names]
                graph[module] |= {name if name in modules else node.module for name in wanted}
        graph[module] &= set(modules) - {module}
    assert len(list(TopologicalSorter(graph).static_order())) == len(modules)


def test_no_module_is_longer_than_a_person_can_hold_in_mind():
    assert not [path for path in MODULES if len(path.read_text().splitlines()) > 300]


def test_what_runs_in_the_users_interpreter_needs_nothing_of_ours():
    allowed = {*sys.stdlib_module_names, "fastapi", "starlette"}
    for path in sorted((PACKAGE / "inspection" / "child").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(), feature_version=(3, 8))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            assert {name.split(".")[0] for name in names} <= allowed, path


def test_the_engine_names_no_cause_and_no_question(catalog):
    ids = {*catalog.causes, *catalog.questions, *catalog.symptoms} - {"memory-grows"}
    for path in MODULES:
        text = path.read_text()
        assert not [id_ for id_ in ids if f'"{id_}"' in text], path


def test_a_one_shot_answer_to_a_pipe_loads_no_terminal_library(environment):
    program = (
        "import sys; sys.argv = ['troubleshoot', 'answer', '--log', '-']; from troubleshoot.__main__ import run; run();"
        "print([name for name in ('rich', 'questionary', 'prompt_toolkit', 'pydantic', 'yaml') if name in sys.modules],"
        "file=sys.stderr)"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program], input="ValueError: x\n", env=environment, capture_output=True, text=True
        )
    assert done.stderr.strip().splitlines()[-1] == "[]"
