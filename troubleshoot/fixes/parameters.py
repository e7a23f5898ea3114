"""Values for a template's blanks: typed, checked, and unable to break out of the place they are put into."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Mapping

from troubleshoot.errors import UsageError
from troubleshoot.lazy import pattern
from troubleshoot.model import Evidence, Parameter

URL_PATH = pattern(r"/[A-Za-z0-9_\-./{}:~]*")
URL = pattern(r"[a-z][a-z0-9+.\-]*://[\w\-.~:/?#\[\]@!*+,=%&]+", re.ASCII)
INTEGER = pattern(r"0|[1-9][0-9]{0,8}")
TEXT = pattern(r"[^\"'\\{}`$<>;#\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")


def _is_identifier(value: str) -> bool:
    # Python lets nobody assign to `__debug__`.
    return value.isascii() and value.isidentifier() and not keyword.iskeyword(value) and value != "__debug__"


def _is_import_path(value: str) -> bool:
    module, _, attribute = value.partition(":")
    return all(_is_identifier(part) for part in module.split(".")) and (
        ":" not in value or all(_is_identifier(part) for part in attribute.split("."))
    )


CHECKS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "identifier": (_is_identifier, "a Python name such as get_db"),
    "url_path": (lambda value: URL_PATH.fullmatch(value), "a path such as /items/{item_id}"),
    "import_path": (_is_import_path, "an import path such as app.main:app"),
    "integer": (lambda value: INTEGER.fullmatch(value), "a whole number"),
    "url": (lambda value: URL.fullmatch(value), "a URL such as http://127.0.0.1:8000"),
    "text": (
        lambda value: TEXT.fullmatch(value),
        "text on one line without quotes, braces, backslashes, semicolons, hashes or dollar signs",
    ),
}


def expected(parameter: Parameter) -> str:
    """Return what a value of this parameter looks like, in words."""
    if parameter.type == "choice":
        return f"one of {', '.join(parameter.choices)}"
    if parameter.type == "import_path":
        return f"an import path such as {parameter.default}"
    return CHECKS[parameter.type][1]


def is_valid(parameter: Parameter, value: str) -> bool:
    """Return whether `value` is of the parameter's type, and so cannot inject anything."""
    if parameter.type == "choice":
        return value in parameter.choices
    # A template wants a module, or an object in one, as its default is; what suits one place breaks the other.
    if parameter.type == "import_path" and (":" in value) != (":" in parameter.default):
        return False
    return bool(CHECKS[parameter.type][0](value))


def parse_settings(settings: Iterable[str]) -> dict[str, str]:
    """Return `NAME=VALUE` words as a mapping. Raises `UsageError` for a word without `=`."""
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {setting}: expected NAME=VALUE")
        values[name] = value
    return values


Prompt = Callable[[str, Parameter], str]
"""Asks for the value of the parameter with this name, and returns one that is valid."""


def fill(
    parameters: Mapping[str, Parameter],
    evidence: Iterable[Evidence] = (),
    given: Mapping[str, str] | None = None,
    prompt: Prompt | None = None,
) -> dict[str, str]:
    """Return a value for every parameter: as given, else from the evidence, else from the prompt, else the default.

    Evidence that does not fit a parameter's type is passed over. Raises `UsageError` for a given name that does not
    exist, or a given value that does not fit.
    """
    given = given or {}
    for name, value in given.items():
        if name not in parameters:
            raise UsageError(f"--set {name}: no such parameter; there are {', '.join(parameters) or 'none'}")
        if not is_valid(parameters[name], value):
            raise UsageError(f"--set {name}={value!r}: expected {expected(parameters[name])}")
    observed: dict[str, str] = {}
    for item in evidence:
        for name, value in item.captured.items():
            observed.setdefault(name, value)
    values: dict[str, str] = {}
    for name, parameter in parameters.items():
        found = observed.get(parameter.source, "")
        if name in given:
            values[name] = given[name]
        elif found and is_valid(parameter, found):
            values[name] = found
        else:
            values[name] = prompt(name, parameter) if prompt else parameter.default
    return values
