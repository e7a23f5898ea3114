"""The child: imports MODULE:ATTRIBUTE as a server would, and writes what it found to a file.

    python main.py TARGET FOLDER APP_DIR FACTORY(0|1) TIMEOUT

FOLDER gets `result.json`, and `hang.txt` with the stack of each thread when TIMEOUT seconds have passed. Standard output
and standard error belong to the application.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import sys
import traceback
import types
from typing import Any

PACKAGE = "_troubleshoot_child"
"""The name under which this folder is imported, so that no module of the user's is hidden."""


class WrongTargetError(Exception):
    """The target cannot be examined; the text says why."""


def main(target: str, folder: str, app_dir: str, factory: str, timeout: str) -> None:
    """Examine `target` and write the result; whatever the application does is part of it."""
    process = os.getpid()
    hang = open(os.path.join(folder, "hang.txt"), "w")  # noqa: SIM115 - open until the process ends
    faulthandler.enable(hang)
    faulthandler.dump_traceback_later(float(timeout), file=hang)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    sys.path.insert(0, app_dir)
    sys.argv[:] = [sys.argv[0]]
    package = types.ModuleType(PACKAGE)
    package.__path__ = [here]
    sys.modules[PACKAGE] = package
    result = _examined(target, factory == "1")
    if os.getpid() != process:
        os._exit(0)  # the application has forked, and this is the copy
    draft = os.path.join(folder, "result.draft")
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(draft, os.path.join(folder, "result.json"))
    # The application's threads and exit handlers have nothing to add.
    os._exit(0)


def _examined(target: str, is_factory: bool) -> dict[str, Any]:
    try:
        thing = _loaded(target, is_factory)
        collect = importlib.import_module(f"{PACKAGE}.collect")
        if not is_factory and (wrong := _wrong(target, thing, collect)):
            raise WrongTargetError(wrong)
        if collect.application_in(thing)[0] is None:
            raise WrongTargetError(f"{target} returned {_described(thing)}, which is no FastAPI or Starlette application")
    except WrongTargetError as error:
        return {"status": "wrong-target", "why": str(error)}
    except SystemExit as error:
        return {"status": "exited", "code": repr(error.code), "traceback": _traceback(error)}
    except BaseException as error:
        return {"status": "failed", "error": type(error).__name__, "traceback": _traceback(error)}
    try:
        return {"status": "examined", "app": collect.collect(thing)}
    except Exception as error:
        return {"status": "not-understood", "traceback": _traceback(error)}


def _loaded(target: str, is_factory: bool) -> Any:
    module_name, _, attributes = target.partition(":")
    try:
        thing: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise
        raise WrongTargetError(f"there is no module {error.name!r} to import from {sys.path[0]}") from None
    walked = module_name
    for attribute in attributes.split("."):
        if not hasattr(thing, attribute):
            names = [name for name, value in vars(thing).items() if not name.startswith("_")] if walked == module_name else []
            collect = importlib.import_module(f"{PACKAGE}.collect")
            apps = [name for name in names if collect.application_in(getattr(thing, name))[0] is not None]
            hint = f"; there is {' and '.join(f'{module_name}:{name}' for name in apps)}" if apps else ""
            raise WrongTargetError(f"{walked} has no attribute {attribute!r}{hint}")
        thing = getattr(thing, attribute)
        walked += f":{attribute}" if walked == module_name else f".{attribute}"
    if not is_factory:
        return thing
    if collect_application(thing):
        raise WrongTargetError(f"{target} is an application already; leave --factory out")
    if not callable(thing):
        raise WrongTargetError(f"{target} is {_described(thing)}, which cannot be called; leave --factory out")
    return thing()


def collect_application(thing: Any) -> bool:
    """Return whether `thing` is an application, so that it must not be called."""
    return bool(importlib.import_module(f"{PACKAGE}.collect").is_application(thing))


def _wrong(target: str, thing: Any, collect: Any) -> str:
    """Return why `thing`, which was named without --factory, is no application, or nothing."""
    if collect.application_in(thing)[0] is not None:
        return ""
    if isinstance(thing, types.FunctionType):
        return f"{target} is a function, not an application; if it makes one, add --factory"
    if isinstance(thing, type):
        return f"{target} is a class, not an application; if calling it makes one, add --factory"
    if isinstance(thing, types.ModuleType):
        return f"{target} is a module, not an application; write {target}.app, or whatever its application is called"
    if hasattr(thing, "routes") and hasattr(thing, "include_router"):
        return f"{target} is an APIRouter, not an application; name the application that includes it"
    return f"{target} is {_described(thing)}, which is no FastAPI or Starlette application"


def _described(thing: Any) -> str:
    kind = type(thing)
    return "None" if thing is None else f"an object of type {kind.__module__}.{kind.__qualname__}"


def _traceback(error: BaseException) -> str:
    """Return the traceback as Python prints it, from the first frame that is neither ours nor importlib's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def _is_ours(file: str) -> bool:
    return os.path.dirname(os.path.abspath(file)) == os.path.dirname(os.path.abspath(__file__)) or (
        "importlib" in file
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
