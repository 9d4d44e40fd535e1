"""Fits the confidence of `agent/rca/calibration.json` to labelled cases: `python -m benchmarks.calibration DIR...`.

Each case counts as it is and, for less, with parts of its evidence taken away (`benchmarks.perturbing`): whole cases
alone have too few wrong answers to tell what makes one wrong.

A ridge-penalised logistic regression on the first findings. What is reported, and written beside the coefficients,
are the predictions across sets: each set's cases are predicted by a fit on the other sets alone. Cases that ask for a
commit and got no judgement on one are left out: the ranking caps their confidence itself.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.collectors.bundle import read_bundle
from agent.diagnosing import diagnosis_of, shipped_calibration
from agent.evaluation.calibration import auroc, brier_skill, calibration_error
from agent.evaluation.judging import judge
from agent.evaluation.mapping import read_map
from agent.evaluation.running import Case, cases_in, right_by_of
from agent.rca.confidence import FEATURES, Calibration, confidence_of
from agent.rca.shaping import shape_of
from benchmarks.perturbing import variants_of

PENALTY = 1.0
"""Of the features' weights."""
VARIANT = 0.5
"""What a case with less evidence counts beside a whole one."""
STEPS, RATE = 4000, 0.3
BINS = 5


@dataclass(frozen=True)
class Row:
    case_set: str
    features: dict[str, float]
    right: bool
    weight: float = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--write", type=Path, help="the calibration file to write, else it is printed")
    given = parser.parse_args()
    cases = tuple(case for folder in given.folders for case in cases_in(folder))
    categories = read_map(given.map) if given.map else {}
    rows = [row for case in cases for row in rows_of(case, categories.get(case.expected.case_set))]
    document = json.dumps(calibration_of(rows), indent=2) + "\n"
    if given.write:
        given.write.write_text(document, encoding="utf-8")
    else:
        sys.stdout.write(document)


def rows_of(case: Case, categories: Mapping[str, str] | None) -> Iterator[Row]:
    """The first findings on the whole case and on its variants, equal ones once; an abstention has no confidence."""
    investigation = read_bundle(case.folder)
    whole = shape_of(diagnosis_of(investigation, shipped_calibration()))
    variants = (
        (name, shape_of(diagnosis_of(one, shipped_calibration())))
        for name, one in variants_of(investigation, whole, case.name)
    )
    right_by = right_by_of(case.expected)
    known: list[Any] = []
    for name, answer in (("whole", whole), *variants):
        if not answer["findings"] or answer["findings"] in known:
            continue
        known.append(answer["findings"])
        top = answer["findings"][0]
        if case.expected.commit is not None and top["commit"] is None:
            continue
        judged = judge(case.name, case.expected, answer, texts=(), categories=categories, right_by=right_by)
        weight = 1.0 if name == "whole" else VARIANT
        yield Row(case.expected.case_set, top["features"], bool(judged.right), weight)


def calibration_of(rows: Sequence[Row]) -> dict[str, Any]:
    """The fit on all rows, and what predictions across sets are worth."""
    across: list[tuple[float, bool]] = []
    thin: list[tuple[float, bool]] = []
    for name in sorted({row.case_set for row in rows}):
        fitted = fit([row for row in rows if row.case_set != name])
        for row in rows:
            if row.case_set == name:
                pair = (confidence_of(row.features, fitted), row.right)
                (across if row.weight == 1.0 else thin).append(pair)
    whole = fit(rows)
    return {
        "intercept": round(whole.intercept, 4),
        "weights": {name: round(weight, 4) for name, weight in whole.weights.items()},
        "fitted_on": {name: sum(row.case_set == name for row in rows) for name in sorted({r.case_set for r in rows})},
        "across_sets": quality_of(across),
        "across_sets_with_less_evidence": quality_of(thin),
        "across_sets_together": quality_of([*across, *thin]),
    }


def quality_of(judged: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """How good these confidences are, with their reliability table."""
    return {
        "auroc": rounded(auroc(judged)),
        "brier_skill": rounded(brier_skill(judged)),
        "calibration_error": rounded(calibration_error(judged)),
        "reliability": reliability_of(judged),
    }


def fit(rows: Sequence[Row]) -> Calibration:
    """Gradient descent on the penalised log loss; the intercept is free, and no feature may lower the confidence."""
    inputs_array = np.array([[row.features[name] for name in FEATURES] for row in rows], dtype=float)
    right = np.array([row.right for row in rows], dtype=float)
    sizes = Counter(row.case_set for row in rows if row.weight == 1.0)
    mass = np.array([row.weight / math.sqrt(max(1, sizes[row.case_set])) for row in rows])
    mass *= len(rows) / max(mass.sum(), 1e-9)
    intercept, weights = 0.0, np.zeros(len(FEATURES))
    for _ in range(STEPS):
        errors = mass * (1 / (1 + np.exp(-(intercept + inputs_array @ weights))) - right)
        intercept -= RATE * float(errors.sum()) / max(1, len(rows))
        weights = np.maximum(0.0, weights - RATE * (errors @ inputs_array + PENALTY * weights) / max(1, len(rows)))
    return Calibration(intercept, {name: float(weight) for name, weight in zip(FEATURES, weights, strict=True)})


def reliability_of(judged: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Mean confidence and share right in equal bins, the empty ones left out."""
    table = []
    for place in range(BINS):
        one = [(c, ok) for c, ok in judged if min(BINS - 1, int(c * BINS)) == place]
        if one:
            table.append(
                {
                    "cases": len(one),
                    "confidence": round(sum(c for c, _ in one) / len(one), 3),
                    "right": round(sum(ok for _, ok in one) / len(one), 3),
                }
            )
    return table


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


if __name__ == "__main__":
    main()
