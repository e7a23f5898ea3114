"""The dialogue takes the application as evidence before it asks."""

import os
import sys

import pexpect
from examples import EXAMPLES, HEAD


def dialogue(project, *arguments):
    return pexpect.spawn(
        sys.executable,
        ["-m", "troubleshoot", "--plain", *arguments],
        cwd=str(project.folder),
        env={**os.environ, **project.environment},
        dimensions=(60, 100),
        encoding="utf-8",
        timeout=30,
    )


def test_what_the_application_proves_is_known_before_the_first_question(project):
    project.write("main.py", HEAD + EXAMPLES["context-manager-dependency"][0])
    child = dialogue(project, "--app", "main:app")
    child.expect("This is what I go by")
    child.expect(r"the dependency \w+ of GET /\S* is decorated with (async)?contextmanager")
    child.expect("Number or letter")
    child.close(force=True)


def test_a_wrong_target_ends_the_dialogue_before_it_starts(project):
    project.write("main.py", "from fastapi import FastAPI\napi = FastAPI()\n")
    child = dialogue(project, "--app", "main:app")
    child.expect("troubleshoot: main has no attribute 'app'; there is main:api")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
