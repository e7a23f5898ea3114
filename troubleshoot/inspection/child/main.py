"""The child: imports MODULE:ATTRIBUTE as a server would, and writes what it found to a file.

    python main.py TARGET FOLDER APP_DIR FACTORY(0|1) TIMEOUT

TARGET may be a module alone; then the application is found in it as the `fastapi` command finds it.
FOLDER gets `result.json`, and `hang.txt` with the stack of each thread when TIMEOUT seconds have passed. Standard
input holds what proves that the result is ours; standard output and standard error belong to the application.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import sys
import traceback
import types
from pathlib import Path
from typing import Any

PACKAGE = "_troubleshoot_child"
"""The name under which this folder is imported, so that no module of the user's is hidden."""
HERE = Path(__file__).resolve().parent


class WrongTargetError(Exception):
    """The target cannot be examined; the text says why."""


def main(target: str, folder: str, app_dir: str, factory: str, timeout: str) -> None:
    """Examine `target` and write the result; whatever the application does is part of it."""
    # Read before anything of the application runs, so that only this child can sign what it found.
    proof = sys.stdin.read()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    process = os.getpid()
    hang = (Path(folder) / "hang.txt").open("w")
    faulthandler.enable(hang)
    faulthandler.dump_traceback_later(float(timeout), file=hang)
    _take_place_of_a_server(app_dir)
    result = _examined(target, factory == "1")
    if os.getpid() != process:
        os._exit(0)  # the application has forked, and this is the copy
    draft = Path(folder) / "result.draft"
    draft.write_text(json.dumps({**result, "proof": proof}), encoding="utf-8")
    draft.replace(draft.with_suffix(".json"))
    # The application's threads and exit handlers have nothing to add.
    os._exit(0)


def _take_place_of_a_server(app_dir: str) -> None:
    """Let the application find what it would find under a server: its folder first on the path, none of ours."""
    sys.path[:] = [app_dir, *(entry for entry in sys.path if Path(entry).resolve() != HERE)]
    sys.argv[:] = [sys.argv[0]]
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(HERE)]
    sys.modules[PACKAGE] = package


def _sibling(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.{name}")


def _examined(target: str, is_factory: bool) -> dict[str, Any]:
    try:
        target, thing = _found(target)
        thing = _made(target, thing) if is_factory else thing
        if _sibling("collect").application_in(thing)[0] is None:
            raise WrongTargetError(_why_not(target, thing, is_factory))
    except WrongTargetError as error:
        return {"status": "wrong-target", "why": str(error)}
    except SystemExit as error:
        return {"status": "exited", "code": repr(error.code), "traceback": _traceback(error)}
    except BaseException as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        failed = {"status": "failed", "error": type(error).__name__, "missing": missing or ""}
        return {**failed, "traceback": _traceback(error)}
    try:
        return {"status": "examined", "target": target, "app": _sibling("collect").collect(thing)}
    except Exception as error:
        return {"status": "not-understood", "traceback": _traceback(error)}


def _found(target: str) -> tuple[str, Any]:
    """Return what `target` names, with its full name. Raises `WrongTargetError`, and whatever importing it raises."""
    module_name, _, attributes = target.partition(":")
    try:
        thing: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise WrongTargetError(f"there is no module {error.name!r} to import from {sys.path[0]}") from None
    attributes = attributes or _application_of(thing)
    walked = module_name
    for attribute in attributes.split("."):
        if not hasattr(thing, attribute):
            raise WrongTargetError(f"{walked} has no attribute {attribute!r}{_hint(thing)}")
        thing = getattr(thing, attribute)
        walked += f".{attribute}" if ":" in walked else f":{attribute}"
    return walked, thing


def _application_of(module: Any) -> str:
    """Return the name of a module's application: `app`, `api`, or else the first one. Raises `WrongTargetError`."""
    collect = _sibling("collect")
    for name in ("app", "api"):
        if collect.application_in(getattr(module, name, None))[0] is not None:
            return name
    contents: dict[str, Any] = vars(module)
    for name in sorted(contents):
        if collect.is_application(contents[name]):
            return name
    made = [name for name, value in contents.items() if _makes(module, name, value)]
    hint = f"; if a function makes it, name that, such as '{module.__name__}:{made[0]}()'" if made else ""
    raise WrongTargetError(f"{module.__name__} has no application in it{hint}")


def _makes(module: Any, name: str, value: Any) -> bool:
    """Return whether something in a module has the look of a function that makes applications."""
    return isinstance(value, types.FunctionType) and value.__module__ == module.__name__ and "app" in name.lower()


def _hint(thing: Any) -> str:
    """Return which applications a module has."""
    if not isinstance(thing, types.ModuleType):
        return ""
    is_application = _sibling("collect").is_application
    apps = [f"{thing.__name__}:{name}" for name, value in vars(thing).items() if is_application(value)]
    return f"; there is {' and '.join(apps)}" if apps else ""


def _made(target: str, factory: Any) -> Any:
    """Return what the factory makes. Raises `WrongTargetError`, and whatever it raises."""
    if _sibling("collect").is_application(factory):
        raise WrongTargetError(f"{target} is an application already; leave --factory out")
    if not callable(factory):
        raise WrongTargetError(f"{target} is {_described(factory)}, which cannot be called; leave --factory out")
    return factory()


def _why_not(target: str, thing: Any, is_factory: bool) -> str:
    """Return why `thing` is no application."""
    if is_factory:
        return f"{target} returned {_described(thing)}, which is no FastAPI or Starlette application"
    if isinstance(thing, types.FunctionType):
        return f"{target} is a function, not an application; if it makes one, add --factory"
    if isinstance(thing, type):
        return f"{target} is a class, not an application; if calling it makes one, add --factory"
    if isinstance(thing, types.ModuleType):
        return f"{target} is a module, not an application; name the application in it"
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
    return file.startswith("<frozen importlib") or file == importlib.__file__ or Path(file).resolve().parent == HERE


if __name__ == "__main__":
    main(*sys.argv[1:])
