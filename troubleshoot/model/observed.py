"""What was observed of one case, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, NamedTuple, final

from troubleshoot.model.words import Package, Safety, Severity, Status, Trust
from troubleshoot.values import compared, frozen


@frozen
class Finding:
    """A place in source that shows a cause.

    `line`, `column` and `end_line` count from 1; `path` is relative to the scanned root. `message` is one sentence in
    the user's names. `chain` leads from `function` to the call at fault, one step for each call in between.
    `captured` may fill the parameters of a fix. `patch` says whether a change of the source can be proposed, and
    whether that is safe. `versions` maps packages to the ranges outside of which the place is no mistake. `endpoints`
    are the functions of FastAPI's that lead here, as steps of a chain, where one finding stands for all of them. A
    `minor` one is right, but few would change their source for it: it is evidence, and a scan tells it only when it is
    asked for.
    """

    path: str
    line: int
    column: int
    end_line: int
    cause: str
    severity: Severity
    function: str
    message: str
    chain: tuple[str, ...] = ()
    captured: Mapping[str, str] = field(default_factory=dict, compare=False)
    patch: Safety | None = field(default=None, compare=False)
    versions: Mapping[Package, str] = field(default_factory=dict, compare=False)
    endpoints: tuple[str, ...] = ()
    minor: bool = field(default=False, compare=False)

    def __lt__(self, other: Finding) -> bool:
        return compared(self) < compared(other)


@frozen
class Proposal:
    """A change of source that would put a finding right, by the fix of that name.

    `changes` maps paths to the files' new content. It is empty where there is none, and `withheld` then says why, as
    the rest of a sentence. `verified` says what was checked: that the result can be `parsed`, that the search is
    `silent` about it and finds nothing new, and that the same patch is `proven` to cure a broken application. `remains`
    is what is left for a person to do.
    """

    finding: Finding
    fix: str
    safety: Safety
    changes: Mapping[str, bytes] = field(default_factory=dict)
    withheld: str = ""
    verified: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()


EvidenceKind = Literal[
    "answer",
    "symptom",
    "signal",
    "resemblance",
    "tell",
    "reading",
    "outcome",
    "finding",
    "clean",
    "version",
    "elsewhere",
]


@frozen
class Evidence:
    """One observation, whoever made it.

    kind        subject          value
    answer      a question       the option chosen
    symptom     a symptom        -
    signal      a cause          the weight the knowledge gives it; `key` tells one signal from another
    resemblance a cause          -
    tell        a cause          `yes` or `no`: was its tell recognised?
    reading     a cause          how sure somebody is who has read the case and knows the causes, such as an agent
    outcome     a cause          `yes` or `no`: did its fix help?
    finding     a cause          the severity of what was found in source
    clean       a cause          - (source was searched for it and does not show it)
    version     a cause          `inside` or `outside`: the versions in use against those in which the cause exists
    elsewhere   none of these    - (it is about something that this knowledge is not about)

    `degree` (0 to 1) is how far it goes: how alike a resemblance is, how certainly a text shows a symptom.
    """

    kind: EvidenceKind
    subject: str
    value: str = ""
    key: str = ""
    degree: float = 1.0
    source: str
    location: str = ""
    what: str
    captured: Mapping[str, str] = field(default_factory=dict)


@frozen
class Version:
    """The version of a package that somebody uses, and where that stands.

    `text` is a version, or a series such as `2.0.*`. `trust` is how it is known: answered by the user, seen in a log,
    installed, locked, named in a complaint, told by a link in a log (which knows the series only), asked for by the
    project, or implied by what the FastAPI in use requires.
    """

    package: Package
    text: str
    trust: Trust
    location: str = ""


@final
@frozen
class Skipped:
    """Something that was not examined, and why."""

    source: str
    location: str
    why: str


class Reason(NamedTuple):
    """How much one piece of evidence speaks for a cause, in bits (log2 of the likelihood ratio to "none of these")."""

    evidence: Evidence
    bits: float


class Candidate(NamedTuple):
    """A cause with its posterior probability (0 to 1) and the reasons, strongest first."""

    cause: str
    probability: float
    reasons: tuple[Reason, ...]


@frozen
class Diagnosis:
    """Ranked causes, most probable first, or honestly none.

    `named` is how many of them the status speaks of: the one that is diagnosed, the few of which one is likely.
    `none_probability` is the probability (0 to 1) that the cause is not in the knowledge. `rival` is the cause that
    what was observed points at, where somebody who has read the case names another one; mostly there is none.
    """

    status: Status
    candidates: tuple[Candidate, ...]
    named: int
    none_probability: float
    rival: str = ""


@frozen
class Ask:
    """A question worth asking next, its options (id to text), and the information expected from it, in bits."""

    question: str
    text: str
    why: str
    options: Mapping[str, str]
    gain: float
