"""What the knowledge says: symptoms, questions, causes, fixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from troubleshoot.model.words import (
    SYMPTOM_QUESTION,
    Effort,
    Frequency,
    Likelihood,
    Package,
    ParameterType,
    PatchEdit,
    Place,
    Raised,
    Role,
    Safety,
    Severity,
    Weight,
)
from troubleshoot.values import frozen

Answers = Mapping[str, Mapping[str, Mapping[str, Likelihood]]]
"""By question and cause: how likely each option is that the cause names."""


class Written:
    """What people write in YAML; a key that is no field is refused (read by pydantic)."""

    __slots__ = ()
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012


@frozen
class Family(Written):
    """An area of causes, such as `websocket`."""

    id: str
    title: str
    about: str


@frozen
class Symptom(Written):
    """What the user sees; an option of the opening question.

    `signatures` are RE2 patterns, each matched against one line of a log; named groups are captured.
    """

    id: str
    group: str
    title: str
    phrases: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()


@frozen
class Probe(Written):
    """A snippet that finds out the answer to a question, and how to read what it prints."""

    template: str
    reading: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@frozen
class Question(Written):
    """Something a person can answer that tells causes apart.

    `options` maps an option's id to its text.
    """

    id: str
    text: str
    why: str
    effort: Effort
    options: Mapping[str, str]
    probe: Probe | None = None


@frozen
class Signal(Written):
    """A log signature that speaks for or against one cause.

    `pattern` (RE2) is matched against one line; `within`, if given, against the traceback around that line. `raised`,
    if given, asks that the traceback ended there: in the user's own statement, (`under`) in it or in a library that it
    called, or in the user's own file that is called like the module of which the exception tells. A `general` signal
    counts only where no other explains the same traceback; if it asks for neither, only on a line without one.
    `reason` says why a line with an exception of Python's own is proof by itself.
    `versions`, as in `Cause`, are those in which the line means this; in others it is passed over.
    """

    pattern: str
    weight: Weight
    within: str = ""
    raised: Raised | None = None
    general: bool = False
    reason: str = ""
    versions: Mapping[Package, str] = field(default_factory=dict)


@frozen
class Watch(Written):
    """Calls that show a cause in source, when they stand in the wrong place.

    `calls` are qualified names in which `*` stands for any part of a name: `requests.*`, or, for a method of what a
    call returns, `sqlalchemy.orm.Session().execute`; in a word it stands for more of that word: `pandas.read_*`;
    `harmless` are the exceptions from them. `same_as` is a cause whose calls are watched as well. `place` is where the
    call matters; `each request` is any place that requests reach, if what is made there is not kept. `roles` are the
    functions in which, or below which, it matters; empty means all. What is `minor` is told only when it is asked for.
    `message` may hold `{call}`, `{function}` and `{role}`.
    """

    calls: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    same_as: str = ""
    place: Literal[Place, "each request"]
    roles: tuple[Role, ...] = ()
    severity: Severity
    minor: bool = False
    message: str


@frozen
class Parameter(Written):
    """A blank in a template: its type, what fills it, and the value used when nothing does.

    `source` names what evidence may fill it: `function`, `file`, `module`, `line` of the user's deepest frame,
    or a group captured by a signature.
    """

    about: str
    type: ParameterType
    default: str
    source: str = ""
    choices: tuple[str, ...] = ()


@frozen
class Patch(Written):
    """How a fix changes the user's own source, where a detector has seen the cause.

    With `edit`, a template `….patch.j2` is rendered, and its text replaces the node that the sighting calls `node`, or
    is inserted before or behind that statement; without, a function in `troubleshoot/patches/` makes the edits. It is
    `safe` if what works today works as before, `unsafe` if a person must agree to what changes. `imports` are the
    qualified names that the text uses: each is known to the template by its last part. `remains` is what is left for a
    person to do; `{function}` and the like stand for what was captured. `proven` says that the patch has cured the
    reproduction's broken application.
    """

    safety: Safety
    proven: bool = False
    edit: PatchEdit | None = None
    node: str = "node"
    imports: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()


@frozen
class Fix(Written):
    """A template that puts one cause right, with what to do besides and how to see that it worked.

    `file_name` is what to call the file when the template's own name will not do (`nginx.conf`).
    `versions`, as in `Cause`, are those with which the fix works; with others it is shown last, with the reason.
    """

    title: str
    check: str
    file_name: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    risk: str = ""
    versions: Mapping[Package, str] = field(default_factory=dict)
    patch: Patch | None = None


@frozen
class Examples(Written):
    """Log lines or complaints that must (`matches`) or must not (`rejects`) point at a cause."""

    matches: tuple[str, ...]
    rejects: tuple[str, ...] = ()


@frozen
class Outline(Written):
    """What is wanted of every cause: how often it is met, what it shows, what is answered, what source says.

    `versions` maps a package to the range in which the cause exists: PEP 440, `||` between ranges of which one is
    enough.
    """

    id: str
    frequency: Frequency
    symptoms: Mapping[str, Likelihood]
    answers: Mapping[str, Mapping[str, Likelihood]] = field(default_factory=dict)
    watches: tuple[Watch, ...] = ()
    versions: Mapping[Package, str] = field(default_factory=dict)


@frozen
class Cause(Outline):
    """A root cause: how to recognise it, why it happens, and how to put it right.

    `facts` maps a fact of the running application, such as `inspect` establishes, to what it says about the cause.
    `rules` maps another tool to those of its rules whose findings speak for the cause.
    `tell` is the sentence a user can hold against their own code, configuration or set-up.
    `changed` says what changed in which versions.
    `unproven` is the reason why no reproduction can run, empty when one does.
    """

    title: str
    tell: str
    explanation: str
    fixes: Mapping[str, Fix]
    references: tuple[str, ...]
    examples: Examples
    phrases: tuple[str, ...]
    signals: tuple[Signal, ...] = ()
    facts: Mapping[str, Weight] = field(default_factory=dict)
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    unproven: str = ""

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    def signal(self, key: str) -> Signal | None:
        """Return the signal whose number, from 1, is the key of a piece of evidence; None if it is a fact's."""
        number = int(key) if key.isdecimal() else 0
        return self.signals[number - 1] if 0 < number <= len(self.signals) else None


@frozen
class Catalog:
    """The knowledge, complete and consistent; each mapping is keyed by id and sorted by it.

    `templates` maps a template's stem (a cause's id, `id.fix`, or a probe's name) to its file name below `templates/`.
    `verified_with` maps a package to the version the reproductions were last run with. `origins` maps a cause that is
    not ours to the pack that it comes from, and `overridden` what has been given by one pack and taken over by another,
    such as `cause websocket/origin-not-checked`, to the latter.
    """

    families: Mapping[str, Family]
    symptoms: Mapping[str, Symptom]
    questions: Mapping[str, Question]
    causes: Mapping[str, Cause]
    templates: Mapping[str, str]
    verified_with: Mapping[str, str]
    origins: Mapping[str, str] = field(default_factory=dict)
    overridden: Mapping[str, str] = field(default_factory=dict)

    def verified(self, cause: Cause) -> Mapping[str, str]:
        """Return the versions that the fixes of a cause were run with; none if nobody did, or it was not us."""
        return {} if cause.unproven or cause.id in self.origins else self.verified_with

    @property
    def probes(self) -> Mapping[str, tuple[Question, Probe]]:
        """The probes by the names of their templates, in order, each behind the question that it answers."""
        asked = {item.probe.template: (item, item.probe) for item in self.questions.values() if item.probe}
        return dict(sorted(asked.items()))

    @property
    def outlines(self) -> Mapping[str, Outline]:
        """The causes as far as they are known without their pages."""
        return self.causes

    @property
    def frequencies(self) -> Mapping[str, Frequency]:
        """How often each cause is met."""
        return {cause.id: cause.frequency for cause in self.causes.values()}

    @property
    def answers(self) -> Answers:
        """What each cause says about each question; about the opening one, which symptoms it shows."""
        answers: dict[str, dict[str, Mapping[str, Likelihood]]] = {question: {} for question in self.questions}
        answers[SYMPTOM_QUESTION] = {cause.id: cause.symptoms for cause in self.causes.values()}
        for cause in self.causes.values():
            for question, words in cause.answers.items():
                answers[question][cause.id] = words
        return answers
