"""The figures behind "confidence separates right from wrong", on inputs small enough to check by hand."""

import pytest

from agent.evaluation.calibration import auroc, brier_skill, calibration_band, calibration_error


def test_auroc_counts_pairs_and_halves_ties() -> None:
    assert auroc([(0.9, True), (0.1, False)]) == 1
    assert auroc([(0.1, True), (0.9, False)]) == 0
    assert auroc([(0.5, True), (0.5, False)]) == 0.5
    assert auroc([(0.9, True), (0.4, True), (0.4, False), (0.1, False)]) == pytest.approx(3.5 / 4)


def test_auroc_needs_both_kinds() -> None:
    assert auroc([(0.9, True)]) is None


def test_brier_skill_of_the_base_rate_is_zero() -> None:
    assert brier_skill([(0.5, True), (0.5, False)]) == 0
    assert brier_skill([(1.0, True), (0.0, False)]) == 1
    assert brier_skill([(0.0, True), (1.0, False)]) == -3


def test_calibration_error_weighs_bins() -> None:
    assert calibration_error([(0.95, True)] * 19 + [(0.95, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.9, False), (0.1, False)]) == pytest.approx(0.5)
    assert calibration_error([]) is None


def test_band_covers_chance_alone_and_is_repeatable() -> None:
    judged = [(0.7, True)] * 7 + [(0.7, False)] * 3
    low, high = calibration_band(judged) or (1.0, 0.0)
    assert low <= 0.05
    assert 0.2 <= high <= 0.4
    assert calibration_band(judged) == (low, high)
