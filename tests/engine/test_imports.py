"""The directions of the design, read from the imports, and what a one-shot answer must not load."""

import ast
import subprocess
import sys
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
    "jinja2": "rendering.py",
}
PURE = {
    "model.py": set(),
    "errors.py": set(),
    "strengths.py": {"troubleshoot.model"},
    "ranking.py": {"troubleshoot.model", "troubleshoot.strengths"},
    "dialogue.py": {"troubleshoot.model", "troubleshoot.ranking", "troubleshoot.strengths"},
}


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
    if name in PURE:
        assert {module for module in found if module.startswith("troubleshoot")} <= PURE[name]
        assert all(module.split(".")[0] in {*sys.stdlib_module_names, "troubleshoot"} for module in found)
    if name != "__main__.py" and not name.startswith("cli/"):
        assert "troubleshoot.cli" not in found
    if not name.startswith(("ui/", "cli/")):
        assert not any(module.startswith("troubleshoot.ui") for module in found)


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
