"""The page about security is true: each line names a test that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / ".github" / "SECURITY.md").read_text()


def test_every_line_names_a_test_that_is_there():
    lines = [
        line for line in PAGE.splitlines() if line.startswith("| ") and "| Test |" not in line and "---" not in line
    ]
    named = [re.search(r"`(tests/\S+)::(test_\w+)`", line) for line in lines]
    assert lines
    assert all(named), lines
    assert not [item[0] for item in named if f"def {item[2]}(" not in (ROOT / item[1]).read_text()]
