"""How sure: the chance that the first cause is right, from a few features and coefficients fitted on labelled cases.

A logistic model, because with tens of cases more would fit the cases and not the engine. The coefficients are data
(`calibration.json`, with the reliability table of the fit); docs/agent-eval.md tells how they are fitted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

FEATURES = ("strength", "lead", "score", "agreeing", "asked", "places", "telling")
MOST_AGREEING = 2
MOST_PLACES = 3
MOST_SCORE = 2.0
CERTAIN = 0.98
"""Nobody is surer than this on evidence alone."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The model: an intercept, a weight a feature, and an offset a line of reasoning (0 for one not fitted)."""

    intercept: float
    weights: Mapping[str, float]
    lines: Mapping[str, float]


def features_of(
    strength: float, score: float, second: float, *, agreeing: int, asked: bool, places: int, telling: bool = True
) -> dict[str, float]:
    """The features of a claim.

    `second` is the score of the next claim of something else; `agreeing` how many other lines hold the same component;
    `asked` whether the question names the component; `places` in how many files the evidence stands;
    `telling` whether the claim says why, not only where.
    """
    lead = min(1.0, max(0.0, (score - second) / score)) if score > 0 else 0.0
    values = (
        strength,
        lead,
        min(score, MOST_SCORE) / MOST_SCORE,
        min(agreeing, MOST_AGREEING) / MOST_AGREEING,
        float(asked),
        min(places, MOST_PLACES) / MOST_PLACES,
        float(telling),
    )
    return {name: round(value, 4) for name, value in zip(FEATURES, values, strict=True)}


def confidence_of(line: str, features: Mapping[str, float], calibration: Calibration) -> float:
    """The calibrated chance, rounded to two places: more would claim a precision that the fit does not have."""
    raw = calibration.intercept + calibration.lines.get(line, 0.0)
    raw += sum(calibration.weights.get(name, 0.0) * features[name] for name in FEATURES)
    return round(min(CERTAIN, max(1 - CERTAIN, 1 / (1 + math.exp(-raw)))), 2)
