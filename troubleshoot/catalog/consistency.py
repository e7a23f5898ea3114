"""What no single file of the knowledge can show: references to what is not there, patterns that do not compile."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from troubleshoot.catalog.naming import template_stem
from troubleshoot.catalog.strict_yaml import Path as YamlPath
from troubleshoot.errors import did_you_mean
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Catalog, Cause, Package, Signal

Files: TypeAlias = Mapping[tuple[str, str], str]
"""The file that each value came from, by its kind (`causes`, `questions`, …) and its id."""

RAISED = [name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)]
EXCEPTION = re.compile(rf"(?<![\w.])(?:{'|'.join(name for name in RAISED if not name.endswith('Warning'))})\b")
"""The name of an exception of Python's own, in a pattern."""

Complain: TypeAlias = Callable[[Path | str, YamlPath, str], None]
"""Told the file, the place in it, and what is wrong there."""


def check(catalog: Catalog, files: Files, complain: Complain) -> None:
    """Complain of every mistake that shows only when the files are read together."""
    for cause in catalog.causes.values():
        path = files["causes", cause.id]
        _check_cause(catalog, cause, path, complain)
        _check_watches(catalog, cause, path, complain)
        _check_facts(cause, path, complain)
    for question in catalog.questions.values():
        path = files["questions", question.id]
        if question.id in (SYMPTOM_QUESTION, TELL_QUESTION):
            complain(path, (), f"the id {question.id!r} is taken by the program")
        if len(question.options) < 2:
            complain(path, ("options",), "a question needs at least two options")
        if question.probe and f"probes/{question.probe.template}" not in catalog.templates:
            known = [name.removeprefix("probes/") for name in catalog.templates if name.startswith("probes/")]
            complain(
                path,
                ("probe", "template"),
                f"no template probes/{question.probe.template}.*.j2{did_you_mean(question.probe.template, known)}",
            )
    for symptom in catalog.symptoms.values():
        path = files["symptoms", symptom.id]
        for index, pattern in enumerate(symptom.signatures):
            _check_pattern(pattern, path, ("signatures", index), complain)


def _check_cause(catalog: Catalog, cause: Cause, path: str, complain: Complain) -> None:
    if cause.family not in catalog.families:
        complain(
            path,
            (),
            f"no family {cause.family!r} in knowledge/families{did_you_mean(cause.family, catalog.families)}",
        )
    for symptom in cause.symptoms:
        if symptom not in catalog.symptoms:
            hint = did_you_mean(symptom, catalog.symptoms)
            complain(path, ("symptoms", symptom), f"no symptom {symptom!r}{hint}")
    for question, options in cause.answers.items():
        known = catalog.questions.get(question)
        if known is None:
            hint = did_you_mean(question, catalog.questions)
            complain(path, ("answers", question), f"no question {question!r}{hint}")
            continue
        for option in options:
            if option not in known.options:
                hint = did_you_mean(option, known.options) or f"; it has {', '.join(known.options)}"
                complain(path, ("answers", question, option), f"{question} has no option {option!r}{hint}")
    for index, signal in enumerate(cause.signals):
        _check_pattern(signal.pattern, path, ("signals", index, "pattern"), complain)
        _check_proof(signal, path, ("signals", index, "weight"), complain)
        if signal.within:
            _check_pattern(signal.within, path, ("signals", index, "within"), complain)
    _check_ranges(cause.versions, path, ("versions",), complain)
    for index, signal in enumerate(cause.signals):
        _check_ranges(signal.versions, path, ("signals", index, "versions"), complain)
    for name, fix_ in cause.fixes.items():
        _check_ranges(fix_.versions, path, ("fixes", name, "versions"), complain)
    for key, empty in (
        ("symptoms", not cause.symptoms),
        ("fixes", not cause.fixes),
        ("references", not cause.references),
    ):
        if empty:
            complain(path, (key,), f"{key}: at least one is needed")
    for fix in cause.fixes:
        stem = template_stem(cause, fix)
        if stem not in catalog.templates:
            complain(path, ("fixes", fix), f"no template templates/{stem}.*.j2 for the fix {fix!r}")
        patch = cause.fixes[fix].patch
        is_rendered = f"{stem}.patch" in catalog.templates
        if is_rendered != (patch is not None and patch.edit is not None):
            complain(
                path, ("fixes", fix, "patch"), f"templates/{stem}.patch.j2 goes with the key edit, and it with that"
            )
        for name, parameter in cause.fixes[fix].parameters.items():
            if not name.isidentifier() or name == NONE_OF_THESE:
                complain(path, ("fixes", fix, "parameters", name), f"{name!r} cannot be a parameter's name")
            if (parameter.type == "choice") != bool(parameter.choices):
                complain(
                    path,
                    ("fixes", fix, "parameters", name),
                    "choices go with the type choice, and it with them",
                )


def _check_pattern(pattern: str, path: str, where: YamlPath, complain: Complain) -> None:
    from troubleshoot.patterns import mistake_in

    if why := mistake_in(pattern):
        complain(path, where, f"not a pattern of RE2 and of Python: {why}")


def _check_proof(signal: Signal, path: str, where: YamlPath, complain: Complain) -> None:
    """Complain of an exception that anybody's code can raise, if it alone is to prove a cause."""
    raised = EXCEPTION.search(signal.pattern)
    if raised and signal.weight == "confirms" and not (signal.within or signal.raised or signal.reason):
        complain(
            path,
            where,
            f"{raised[0]} is Python's own, and anybody's code can raise it: say by `within` or `raised` where it comes"
            " from, or with `reason` why this line is proof by itself",
        )


def _check_ranges(ranges: Mapping[Package, str], path: str, where: YamlPath, complain: Complain) -> None:
    from troubleshoot.versions.ranges import mistake_in

    for package, text in ranges.items():
        if why := mistake_in(text):
            complain(path, (*where, package), f"{package}: {text!r} is not a range of versions: {why}")


def _check_watches(catalog: Catalog, cause: Cause, path: str, complain: Complain) -> None:
    for index, watch in enumerate(cause.watches):
        where = ("watches", index)
        other = catalog.causes.get(watch.same_as)
        if watch.same_as and other is None:
            hint = did_you_mean(watch.same_as, catalog.causes)
            complain(path, (*where, "same_as"), f"no cause {watch.same_as!r}{hint}")
        elif not watch.calls and (other is None or not any(item.calls for item in other.watches)):
            complain(path, where, "calls: at least one is needed, here or in the cause that same_as names")
        unknown = set(re.findall(r"\{(\w*)\}", watch.message)) - {"call", "function", "role"}
        if unknown:
            complain(path, (*where, "message"), f"{{{min(unknown)}}} is none of {{call}}, {{function}}, {{role}}")


def _check_facts(cause: Cause, path: str, complain: Complain) -> None:
    if not cause.facts:
        return
    from troubleshoot.inspection.facts import KNOWN

    for fact in cause.facts:
        if fact not in KNOWN:
            hint = did_you_mean(fact, KNOWN) or f"; there are {', '.join(sorted(KNOWN))}"
            complain(path, ("facts", fact), f"no fact {fact!r} is established by inspect{hint}")
