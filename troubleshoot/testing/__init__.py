"""For people who write knowledge: lay out a reproduction, serve it for real, and prove a fix on it.

A reproduction is one Python file in sections, each opened by a line `# --- NAME ---`:

    header        the docstring, imports, WRONG and, if the defaults will not do, PARAMETERS for the template
    broken        what the rendered fix replaces
    application   the rest of the application, the same in both; may come before or after `broken`
    check         `def check(bench: Bench) -> None`, which asserts what a healthy application does

A cause that is met in two situations has a fix for each, and the second a reproduction of its own, `NAME.FIX.py`.
`broken` and `application` together, in their order, become `main.py`; they are never imported by the test's process.
For a fix that is a file of its own, leave out the section `broken` and write its broken counterpart in the header as
`BROKEN = "..."`; further files go into `FILES = {name: text}`.

`WRONG = {attempt: mended}` names the tempting wrong fixes, what people try first and what does not help; the check
must fail on each. `mended` is a text that stands in the place of the broken part, or a list of `(old, new)`, changes of
the broken application, where each `old` stands in it once.
"""

from troubleshoot.testing.bench import Bench, NotProvenError, Server, eventually, free_port, get
from troubleshoot.testing.postgres import postgresql
from troubleshoot.testing.reproduction import Reproduction, lay_out, prove, refuse, reproduction_of, snippet_of

__all__ = [
    "Bench", "NotProvenError", "Reproduction", "Server", "eventually", "free_port", "get", "lay_out", "postgresql",
    "prove", "refuse", "reproduction_of", "snippet_of",
]  # fmt: skip
