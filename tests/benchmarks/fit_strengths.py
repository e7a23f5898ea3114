"""Fit the numbers of the strengths table to labelled reports: `python tests/benchmarks/fit_strengths.py FILE.jsonl ...`.

Each line of a file is a report: `id`, `scope` (`in` or `out`), `causes`, `text`, and perhaps `log` and `code`. Every report
is read in the ways that its parts allow, and the weights that make the true causes most probable together are found, kept
near round numbers by a penalty; five-fold cross-validation says what they are worth on reports that were not seen. What is
printed is copied into `troubleshoot/engine/strengths.py` by hand. Needs the extra `words`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from troubleshoot.catalog.content import Content, find_content
from troubleshoot.catalog.loading import load
from troubleshoot.engine.ranking import Likelihoods, distinct
from troubleshoot.engine.strengths import DIAGNOSED, LIKELY, MOST_NAMED, SYMPTOM_SHARE
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.session import Session
from troubleshoot.model import NONE_OF_THESE, Catalog, Evidence

ROUND = {
    "confirms": 10.0,
    "supports": 4.0,
    "rules_out": -6.0,
    "symptom": 0.8,
    "error": 5.0,
    "warning": 4.0,
    "info": 2.0,
    "clean": -1.0,
    "inside": 0.2,
    "outside": -6.0,
    "resemblance": 22.0,
    NONE_OF_THESE: 8.0,
}
"""What is fitted, and the round numbers it stays near, in bits; that of "none of these" is relative to one cause."""
PENALTY = 0.3
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """One report read in one way: a row of features for each cause and one for "none of these", and the true rows."""

    report: str
    is_best: bool
    features: np.ndarray
    true: tuple[int, ...]


def readings(report: dict, catalog: Catalog, likelihoods: Likelihoods, content: Content) -> Iterator[Reading]:
    """Yield `report` as text alone, as its log alone, and with all that it has."""
    ways = [(bool(report.get("text")), False, False), (False, bool(report.get("log")), False)]
    ways.append((bool(report.get("text")), bool(report.get("log")), bool(report.get("code"))))
    rows = [*catalog.causes, NONE_OF_THESE]
    true = tuple(rows.index(cause) for cause in report["causes"] if cause in catalog.causes) or (len(rows) - 1,)
    for way in dict.fromkeys(way for way in ways if any(way)):
        evidence = observed(report, way, catalog, content)
        yield Reading(report["id"], way == ways[-1], features(evidence, rows, likelihoods), true)


def observed(report: dict, way: tuple[bool, bool, bool], catalog: Catalog, content: Content) -> list[Evidence]:
    with tempfile.TemporaryDirectory() as name:
        log, source = Path(name, "app.log"), Path(name, "project")
        log.write_text(report.get("log") or "", errors="replace")
        source.mkdir()
        (source / "main.py").write_text(report.get("code") or "", errors="replace")
        session = Session(catalog)
        intake = Intake(
            complaint=report["text"] if way[0] else "",
            logs=[str(log)] if way[1] else [],
            source=source if way[2] else None,
        )
        examine(intake, session, content)
    return distinct(session.evidence)


def features(evidence: Sequence[Evidence], rows: Sequence[str], likelihoods: Likelihoods) -> np.ndarray:
    columns = {name: number for number, name in enumerate(ROUND)}
    matrix = np.zeros((len(rows), len(columns)))
    numbers = {row: number for number, row in enumerate(rows)}
    for item in evidence:
        if item.kind == "symptom":
            for cause, bits in likelihoods.bits(item).items():
                matrix[numbers[cause], columns["symptom"]] += bits / SYMPTOM_SHARE
        elif (column := item.value if item.kind in ("signal", "finding", "version") else item.kind) in columns:
            matrix[numbers[item.subject], columns[column]] += item.degree
    matrix[-1, -1] = 1.0
    return matrix


def fitted(known: Sequence[Reading]) -> np.ndarray:
    """Return the weights, in bits, under which the true causes are most probable."""
    start = np.array(list(ROUND.values())) * np.log(2)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * ((weights - start) ** 2).sum(), 2 * PENALTY * (weights - start)
        for reading in known:
            shares = probabilities(reading, weights / np.log(2))
            wanted = np.zeros_like(shares)
            wanted[list(reading.true)] = shares[list(reading.true)]
            total -= np.log(max(wanted.sum(), 1e-300))
            slope += (shares - wanted / max(wanted.sum(), 1e-300)) @ reading.features
        return total, slope

    return minimize(loss, start, jac=True, method="L-BFGS-B").x / np.log(2)


def probabilities(reading: Reading, weights: np.ndarray) -> np.ndarray:
    bits = reading.features @ weights
    shares = 2.0 ** (bits - bits.max())
    return shares / shares.sum()


def report_on(pairs: Sequence[tuple[Reading, np.ndarray]]) -> str:
    """Return how well unseen reports were judged."""
    first = three = known = sure = right = likely = among = 0
    bins = np.zeros((10, 2))
    for reading, shares in pairs:
        order = np.argsort(-shares[:-1])
        best = shares[order[0]]
        hit = order[0] in reading.true
        if reading.true != (len(shares) - 1,):
            known += 1
            first += hit
            three += bool(set(order[:3]) & set(reading.true))
        together = np.cumsum(shares[order[:MOST_NAMED]])
        if best >= DIAGNOSED:
            sure, right = sure + 1, right + hit
        elif together[-1] >= LIKELY:
            named = order[: int(np.argmax(together >= LIKELY)) + 1]
            likely, among = likely + 1, among + bool(set(named) & set(reading.true))
        bins[min(9, int(best * 10))] += (best - hit, 1)
    error = np.abs(bins[:, 0]).sum() / max(1, bins[:, 1].sum())
    return (
        f"first {first / known:.1%}, among three {three / known:.1%} of {known} known; "
        f"diagnosed {sure} of {len(pairs)}, right {right}; likely {likely}, among the named {among}; "
        f"calibration error {error:.1%}"
    )


def main() -> None:
    content = find_content()
    catalog = load(content)
    likelihoods = Likelihoods.of(catalog)
    reports = [
        json.loads(line) for name in sys.argv[1:] for line in Path(name).read_text().splitlines() if line.strip()
    ]
    known = []
    for number, report in enumerate(reports, start=1):
        known += readings(report, catalog, likelihoods, content)
        print(f"\r{number} of {len(reports)} reports read", end="", file=sys.stderr)
    print(file=sys.stderr)
    names = sorted({reading.report for reading in known})
    unseen = []
    for fold in range(FOLDS):
        left_out = set(names[fold::FOLDS])
        weights = fitted([reading for reading in known if reading.report not in left_out])
        unseen += [
            (reading, probabilities(reading, weights))
            for reading in known
            if reading.report in left_out and reading.is_best
        ]
    print(f"unseen, with all evidence: {report_on(unseen)}")
    weights = fitted(known)
    for name, value in zip(ROUND, weights, strict=True):
        print(f"  {name:12} {value:6.1f}")
    share = 2 ** weights[-1] / (2 ** weights[-1] + len(catalog.causes))
    print(f"  the prior of {NONE_OF_THESE!r} is {share:.2f}")


if __name__ == "__main__":
    main()
