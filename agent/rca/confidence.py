"""How sure: the chance that the first cause is right, from a few features and coefficients fitted on labelled cases.

A logistic model, because with tens of cases more would fit the cases and not the engine. The coefficients are data
(`calibration.json`, with the reliability table of the fit); docs/agent-eval.md tells how they are fitted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

FEATURES = ("strength", "score", "margin", "agreeing", "telling", "own")
MOST_AGREEING = 2
MOST_SCORE = 2.0
CERTAIN = 0.98
"""Nobody is surer than this on evidence alone."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The model: an intercept and a weight a feature, the same for all lines of reasoning."""

    intercept: float
    weights: Mapping[str, float]


def features_of(
    strength: float, score: float, second: float, *, agreeing: int, telling: bool, own: bool
) -> dict[str, float]:
    """The features of a claim, each between 0 and 1, and none such that more of it should make less sure.

    `second` is the score of the next claim of something else; `agreeing` how many other lines hold the same component;
    `telling` whether the claim says why, not only where; `own` whether it rests on a file of the component itself.
    """
    values = (
        strength,
        min(score, MOST_SCORE) / MOST_SCORE,
        min(1.0, max(0.0, score - second)),
        min(agreeing, MOST_AGREEING) / MOST_AGREEING,
        float(telling),
        float(own),
    )
    return {name: round(value, 4) for name, value in zip(FEATURES, values, strict=True)}


def confidence_of(features: Mapping[str, float], calibration: Calibration) -> float:
    """The calibrated chance, rounded to two places: more would claim a precision that the fit does not have."""
    raw = calibration.intercept + sum(calibration.weights.get(name, 0.0) * features[name] for name in FEATURES)
    return round(min(CERTAIN, max(1 - CERTAIN, 1 / (1 + math.exp(-raw)))), 2)
