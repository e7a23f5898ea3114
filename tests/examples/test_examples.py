"""The examples do what they say."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from troubleshoot import diagnose, load
from troubleshoot.topics import read

HERE = Path(__file__).parent
LOGS = sorted((HERE.parent / "engine" / "tracebacks").glob("a*.log"))


@pytest.mark.timeout(300)
def test_a_diagnosis_maps_over_a_cluster(tmp_path):
    command = [sys.executable, HERE / "dask_cluster.py", *LOGS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250)
    knowledge = load()
    answers = [diagnose(knowledge, log=path.read_text()) for path in LOGS]
    expected = [answer.ranked[0].cause.id if answer.named else answer.status for answer in answers]
    assert json.loads(done.stdout) == expected, done.stderr
    assert len(set(expected)) > 2


def test_the_topic_shows_the_example():
    def statements(text):
        # What else the example needs, it imports in the same lines.
        return {line for line in text.splitlines() if line and not line.startswith("from ")}

    shown = re.findall(r"```python\n(.*?)```", read("python"), re.DOTALL)[1]
    assert statements(shown) <= statements((HERE / "dask_cluster.py").read_text())
