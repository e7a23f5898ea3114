"""Found by Python programs that run under `troubleshoot run --watch-loop`: starts the watch.

Then it does what the environment's own `sitecustomize`, which this one hides, would have done.
"""

import importlib.machinery
import importlib.util
import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib would slow every start down


def _chain() -> None:
    """Run the `sitecustomize` that would have been found without this one."""
    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != _here]  # noqa: PTH100
    found = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if found is None or found.loader is None:
        return
    module = importlib.util.module_from_spec(found)
    sys.modules["sitecustomize"] = module
    found.loader.exec_module(module)


if "TROUBLESHOOT_LOOP_WATCH" in os.environ:
    import troubleshoot_loop_watch  # type: ignore[import-not-found]

    troubleshoot_loop_watch.install()
_chain()
