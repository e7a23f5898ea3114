"""What the tests of the server share."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from clients import SLOW

PROJECT = Path(__file__).parent.parent / "readme" / "project"


@pytest.fixture
def project(tmp_path):
    """A small project with two mistakes, a log, and something outside of it that is nobody's business."""
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder)
    (folder / "slow.py").write_text(SLOW)
    (tmp_path / "outside.log").write_text("RuntimeError: nobody's business\n")
    (folder / "app.log").write_text(
        'Traceback (most recent call last):\n  File "/srv/app/main.py", line 12, in read\n'
        "    return await get('postgresql://shop:hunter2hunter2@db/shop')\n"
        'RuntimeError: Cannot call "send" once a close message has been sent.\n'
    )
    return folder
