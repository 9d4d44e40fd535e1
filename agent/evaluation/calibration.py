"""Does confidence separate right from wrong, and is it the share that is right?

Each function takes pairs of (confidence of the top finding, whether the answer was right), cases without an answer
left out. `None` where the figure is not defined: no cases, or only right or only wrong ones.
"""

import math
import random
from collections.abc import Sequence

Judged = Sequence[tuple[float, bool]]

BINS = 10


def auroc(judged: Judged) -> float | None:
    """The chance that a right answer has the higher confidence than a wrong one, ties half (Hanley & McNeil 1982)."""
    right = [confidence for confidence, ok in judged if ok]
    wrong = [confidence for confidence, ok in judged if not ok]
    if not right or not wrong:
        return None
    wins = sum((good > bad) + 0.5 * (good == bad) for good in right for bad in wrong)
    return wins / (len(right) * len(wrong))


def brier_skill(judged: Judged) -> float | None:
    """1 less the Brier score over that of the constant base rate; 0 is no skill (Murphy 1973)."""
    if not judged:
        return None
    rate = sum(ok for _, ok in judged) / len(judged)
    reference = rate * (1 - rate)
    if reference == 0:
        return None
    return 1 - sum((confidence - ok) ** 2 for confidence, ok in judged) / len(judged) / reference


def calibration_error(judged: Judged) -> float | None:
    """Expected calibration error over ten equal bins: the weighted gap between mean confidence and share right."""
    if not judged:
        return None
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, ok in judged:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, ok))
    gaps = (
        len(one) * abs(sum(confidence for confidence, _ in one) / len(one) - sum(ok for _, ok in one) / len(one))
        for one in bins
        if one
    )
    return math.fsum(gaps) / len(judged)


def calibration_band(judged: Judged, *, draws: int = 1000, seed: int = 0) -> tuple[float, float] | None:
    """The 95 % band of the calibration error that a perfectly calibrated engine with these confidences would show.

    With few cases even perfect confidence has an error well above 0; only an error above the band is evidence against
    it. The draws are seeded: equal input, equal band.
    """
    if not judged:
        return None
    chance = random.Random(seed)  # noqa: S311 - a simulation, not a secret
    errors = sorted(
        calibration_error([(confidence, chance.random() < confidence) for confidence, _ in judged]) or 0.0
        for _ in range(draws)
    )
    return errors[int(0.025 * draws)], errors[min(draws - 1, int(0.975 * draws))]
