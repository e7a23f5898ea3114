"""Draw the picture at the head of README.md from a real answer: `python tests/readme/picture.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
PICTURE = HERE.parent.parent / ".readme" / "answer.svg"
COLUMNS = 96


def answer() -> str:
    """Return what `tail -100 app.log | troubleshoot answer --log -` draws in a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "troubleshoot", "answer", "--log", "-"],
        input=(HERE / "app.log").read_text(),
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def words(text: str) -> list[str]:
    """Return the words of a drawn answer, which is what a picture must have in common with it."""
    return re.findall(r"[^\W\d_]+", re.sub(r"\x1b\[[0-9;]*m", "", text))


def main() -> None:
    """Write the picture."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text("$ tail -100 app.log | troubleshoot answer --log -", style="bold"))
        console.print(Text.from_ansi(answer()))
        PICTURE.parent.mkdir(exist_ok=True)
        console.save_svg(str(PICTURE), title="troubleshoot")


if __name__ == "__main__":
    main()
