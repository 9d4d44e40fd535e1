"""The measures of many judged cases, per set and in all."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.evaluation.calibration import auroc, brier_skill, calibration_band, calibration_error
from agent.evaluation.case import Judgement
from agent.evaluation.running import Scored

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReport:
    """One row of the table. Shares lie between 0 and 1; `None` where no case of the set has a label for it."""

    name: str
    cases: int
    right: float
    culprit_at_1: float | None
    culprit_at_3: float | None
    category: float | None
    metric: float | None
    commit: float | None
    decoy_hits: int
    mention: float | None
    mention_share: float | None
    logdx: float | None
    abstentions: int
    auroc: float | None
    brier_skill: float | None
    calibration_error: float | None
    calibration_band: tuple[float, float] | None
    claims_backed: float | None
    claims_fitting: float | None
    random_fitting: float | None
    seconds_mean: float
    seconds_max: float
    peak_mib_max: float


def reports_of(scored: Sequence[Scored]) -> tuple[SetReport, ...]:
    """One report a set, in the order of their names, then one of all; that one too where there is one set only."""
    names = sorted({one.judgement.case_set for one in scored})
    per_set = [_report(name, [one for one in scored if one.judgement.case_set == name]) for name in names]
    return (*per_set, _report(ALL, scored))


def _report(name: str, scored: Sequence[Scored]) -> SetReport:
    judged = [one.judgement for one in scored]
    pairs = [(one.confidence, bool(one.right)) for one in judged if one.confidence is not None]
    findings = sum(one.findings for one in judged)
    seconds = [one.seconds or 0.0 for one in judged]
    return SetReport(
        name=name,
        cases=len(judged),
        right=_mean(bool(one.right) for one in judged) or 0.0,
        culprit_at_1=_at(judged, 1),
        culprit_at_3=_at(judged, 3),
        category=_mean(one.category for one in judged),
        metric=_mean(one.metric for one in judged),
        commit=_mean(one.commit for one in judged),
        decoy_hits=sum(one.decoy for one in judged),
        mention=_mean(one.mention for one in judged),
        mention_share=_mean(one.mention_share for one in judged),
        logdx=_mean(_logdx(one) for one in judged),
        abstentions=sum(one.abstained for one in judged),
        auroc=auroc(pairs),
        brier_skill=brier_skill(pairs),
        calibration_error=calibration_error(pairs),
        calibration_band=calibration_band(pairs),
        claims_backed=sum(one.backed for one in judged) / findings if findings else None,
        claims_fitting=sum(one.fitting for one in scored) / findings if findings else None,
        random_fitting=sum(one.random_fitting for one in scored) / findings if findings else None,
        seconds_mean=statistics.fmean(seconds),
        seconds_max=max(seconds),
        peak_mib_max=max(one.peak_mib or 0.0 for one in judged),
    )


def _at(judged: Iterable[Judgement], places: int) -> float | None:
    return _mean(one.culprit_rank is not None and one.culprit_rank <= places for one in judged if one.has_culprit)


def _logdx(judgement: Judgement) -> float | None:
    """An abstention scores 0 where others of its set score."""
    return 0.0 if judgement.abstained and judgement.case_set == "logdx-ci" else judgement.logdx


def _mean(values: Iterable[float | bool | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return statistics.fmean(known) if known else None
