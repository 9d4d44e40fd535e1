"""Fits the confidence of `agent/rca/calibration.json` to labelled cases: `python -m benchmarks.calibration DIR...`.

A ridge-penalised logistic regression on the first findings. What is reported, and written beside the coefficients,
are the predictions across sets: each set's cases are predicted by a fit on the other sets alone. Cases that ask for a
commit and got no judgement on one are left out: the ranking caps their confidence itself.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.evaluation.calibration import auroc, brier_skill, calibration_error
from agent.evaluation.mapping import read_map
from agent.evaluation.running import cases_in, run_cases
from agent.rca.confidence import FEATURES, Calibration, confidence_of

PENALTY = 1.0
"""Of the features' weights; the lines' offsets are held tighter, since some lines have a handful of cases."""
LINE_PENALTY = 3.0
STEPS, RATE = 4000, 0.05
BINS = 5


@dataclass(frozen=True)
class Row:
    case_set: str
    line: str
    features: dict[str, float]
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--write", type=Path, help="the calibration file to write, else it is printed")
    given = parser.parse_args()
    cases = tuple(case for folder in given.folders for case in cases_in(folder))
    rows = []
    for scored in run_cases(cases, read_map(given.map) if given.map else {}, lambda case: None):
        answered = scored.answer["findings"] and not (
            scored.judgement.commit is not None and scored.answer["findings"][0]["commit"] is None
        )
        if answered:
            top = scored.answer["findings"][0]
            line = top["rule"].split("/")[0]
            rows.append(Row(scored.judgement.case_set, line, top["features"], bool(scored.judgement.right)))
    document = json.dumps(calibration_of(rows), indent=2) + "\n"
    if given.write:
        given.write.write_text(document, encoding="utf-8")
    else:
        sys.stdout.write(document)


def calibration_of(rows: Sequence[Row]) -> dict[str, Any]:
    """The fit on all rows, and what predictions across sets are worth."""
    across: list[tuple[float, bool]] = []
    for name in sorted({row.case_set for row in rows}):
        fitted = fit([row for row in rows if row.case_set != name])
        across += [(confidence_of(row.line, row.features, fitted), row.right) for row in rows if row.case_set == name]
    whole = fit(rows)
    return {
        "intercept": round(whole.intercept, 4),
        "weights": {name: round(weight, 4) for name, weight in whole.weights.items()},
        "lines": {name: round(offset, 4) for name, offset in sorted(whole.lines.items())},
        "fitted_on": {name: sum(row.case_set == name for row in rows) for name in sorted({r.case_set for r in rows})},
        "across_sets": {
            "auroc": rounded(auroc(across)),
            "brier_skill": rounded(brier_skill(across)),
            "calibration_error": rounded(calibration_error(across)),
            "reliability": reliability_of(across),
        },
    }


def fit(rows: Sequence[Row]) -> Calibration:
    """Gradient descent on the penalised log loss; the intercept is free, and no feature may lower the confidence."""
    lines = sorted({row.line for row in rows})
    names = [*FEATURES, *lines]
    inputs = [
        [*(row.features[name] for name in FEATURES), *(float(row.line == line) for line in lines)] for row in rows
    ]
    penalties = [PENALTY] * len(FEATURES) + [LINE_PENALTY] * len(lines)
    intercept, weights = 0.0, [0.0] * len(names)
    for _ in range(STEPS):
        errors = [
            1 / (1 + math.exp(-(intercept + sum(w * x for w, x in zip(weights, one, strict=True))))) - row.right
            for one, row in zip(inputs, rows, strict=True)
        ]
        count = max(1, len(rows))
        intercept -= RATE * sum(errors) / count
        weights = [
            weight
            - RATE * (sum(e * one[i] for e, one in zip(errors, inputs, strict=True)) + penalties[i] * weight) / count
            for i, weight in enumerate(weights)
        ]
    found = dict(zip(names, weights, strict=True))
    return Calibration(intercept, {n: found[n] for n in FEATURES}, {n: found[n] for n in lines})


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
