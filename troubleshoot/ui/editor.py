"""Opens a place in the person's own editor, at the line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

PLUS = ("vi", "vim", "nvim", "gvim", "nano", "emacs", "emacsclient", "micro", "kak", "jed", "gedit")
"""Editors that take `+LINE FILE`."""
COLON = ("hx", "helix", "subl", "zed")
"""Editors that take `FILE:LINE`."""
GOTO = ("code", "code-insiders", "codium", "cursor", "windsurf")
"""Editors that take `-g FILE:LINE`."""
OPTION: Mapping[str, str] = {"kate": "-l", "idea": "--line", "pycharm": "--line", "charm": "--line"}
"""Editors that take the line behind an option."""
FALLBACK = ("nano", "vim", "vi")


def editor() -> list[str]:
    """Return the command of the person's editor: VISUAL, EDITOR, or one that is there; empty if none is."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError:
            continue
        if words:
            return words
    return next(([found] for name in FALLBACK if (found := shutil.which(name))), [])


def command_for(words: Sequence[str], path: Path, line: int) -> list[str]:
    """Return the command that opens `path` at `line`; an editor that is not known is given the file alone."""
    file, name = str(path.absolute()), PurePath(words[0]).name.lower().removesuffix(".exe")
    if name in PLUS:
        return [*words, f"+{line}", file]
    if name in COLON:
        return [*words, f"{file}:{line}"]
    if name in GOTO:
        return [*words, "-g", f"{file}:{line}"]
    return [*words, *((OPTION[name], str(line)) if name in OPTION else ()), file]


def located(path: str, folder: Path) -> Path | None:
    """Return the file that `path`, as a log or a search has it, is on this machine; None if it is not there.

    A path of another machine or a container is looked for by its end, the longest first, below `folder`.
    """
    whole = PurePath(path)
    ends = (folder.joinpath(*whole.parts[at:]) for at in range(len(whole.parts)))
    return next((found for found in ends if found.is_file()), None)


def open_at(path: Path, line: int) -> str:
    """Open `path` at `line` in the person's editor, and wait until that is over; return what went wrong, or nothing."""
    words = editor()
    if not words:
        return "no editor is known; set VISUAL or EDITOR"
    try:
        done = subprocess.run(command_for(words, path, line), check=False)
    except OSError as error:
        return f"{words[0]}: cannot be started: {error.strerror}"
    return f"{words[0]}: ended with {done.returncode}" if done.returncode else ""
