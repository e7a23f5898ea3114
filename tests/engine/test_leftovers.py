"""An import that a change has left without use goes with it, and no other."""

import pytest

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.patching.drafts import Draft

CASES = {
    "alone": ("import time\n\nimport json\n\ntime.sleep(json)\n", "import json\n\nwait(json)\n"),
    "one of several": (
        "from a import (\n    b,\n    time,\n)\n\ntime.sleep(b)\n",
        "from a import (\n    b,\n)\n\nwait(b)\n",
    ),
    "first of several": ("from a import time, z\n\ntime.sleep(z)\n", "from a import z\n\nwait(z)\n"),
    "by another name": ("import clock as time\n\ntime.sleep(1)\n", "wait(1)\n"),
    "used elsewhere": ("import time\n\ntime.sleep(time)\n", "import time\n\nwait(time)\n"),
    "named in a text": (
        'import time\n\n__all__ = ["time"]\ntime.sleep(1)\n',
        'import time\n\n__all__ = ["time"]\nwait(1)\n',
    ),
    "named in a docstring": ('"""The time."""\n\nimport time\n\ntime.sleep(1)\n', '"""The time."""\n\nwait(1)\n'),
    "with a comment": ("import time  # noqa\n\ntime.sleep(1)\n", "import time  # noqa\n\nwait(1)\n"),
    "never used": ("import os\nimport time\n\ntime.sleep(1)\n", "import os\n\nwait(1)\n"),
}


def changed(folder, files):
    """What becomes of `main.py` when `time.sleep` becomes `wait`."""
    for name, text in files.items():
        (folder / name).write_text(text)
    project = Project(Files(str(folder), sorted(files)))
    module = project.files.module("main.py")
    draft = Draft(project)
    draft.replace(module, module.tree.body[-1].value.func, "wait")
    return draft.changes()["main.py"].decode()


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_what_nothing_uses_any_more_goes(before, after, tmp_path):
    assert changed(tmp_path, {"main.py": before}) == after


def test_what_another_module_takes_from_this_one_stays(tmp_path):
    files = {"main.py": "import time\n\ntime.sleep(1)\n", "other.py": "from main import time\n"}
    assert changed(tmp_path, files) == "import time\n\nwait(1)\n"
