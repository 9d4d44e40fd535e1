"""How sure: the chance that the first cause is right, from a few features and coefficients fitted on labelled cases.

A logistic model, because with tens of cases more would fit the cases and not the engine. The coefficients are data
(`calibration.json`, with the reliability table of the fit); docs/agent-eval.md tells how they are fitted.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEATURES = ("strength", "lead", "agreeing")
MOST_AGREEING = 2
CERTAIN = 0.98
"""Nobody is surer than this on evidence alone."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The model: an intercept, a weight a feature, and an offset a line of reasoning (0 for one not fitted)."""

    intercept: float
    weights: Mapping[str, float]
    lines: Mapping[str, float]


def features_of(strength: float, scores: Sequence[float], agreeing: int) -> dict[str, float]:
    """The features of a claim from its strength, its score with those of the claims behind it, and its supporters."""
    second = scores[1] if len(scores) > 1 else 0.0
    lead = (scores[0] - second) / scores[0] if scores[0] > 0 else 0.0
    values = (strength, lead, float(min(agreeing, MOST_AGREEING)))
    return {name: round(value, 4) for name, value in zip(FEATURES, values, strict=True)}


def confidence_of(line: str, features: Mapping[str, float], calibration: Calibration) -> float:
    """The calibrated chance, rounded to two places: more would claim a precision that the fit does not have."""
    raw = calibration.intercept + calibration.lines.get(line, 0.0)
    raw += sum(calibration.weights[name] * features[name] for name in FEATURES)
    return round(min(CERTAIN, max(1 - CERTAIN, 1 / (1 + math.exp(-raw)))), 2)
