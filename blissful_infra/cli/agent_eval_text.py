"""The measures of an evaluation as rows of a table; a dash where no case of the set has a label for one."""

from collections.abc import Callable, Sequence

from agent.evaluation.report import SetReport


def rows_of(reports: Sequence[SetReport]) -> list[list[str]]:
    """One row a measure, one column a set."""
    measures: dict[str, Callable[[SetReport], str]] = {
        "cases": lambda one: str(one.cases),
        "right": lambda one: _share(one.right),
        "culprit AC@1": lambda one: _share(one.culprit_at_1),
        "culprit AC@3": lambda one: _share(one.culprit_at_3),
        "category": lambda one: _share(one.category),
        "metric": lambda one: _share(one.metric),
        "commit": lambda one: _share(one.commit),
        "decoy hits": lambda one: str(one.decoy_hits),
        "must_mention": lambda one: _share(one.mention),
        "mention share": lambda one: _share(one.mention_share),
        "LogDx score": lambda one: _share(one.logdx),
        "abstentions": lambda one: str(one.abstentions),
        "AUROC": lambda one: _share(one.auroc),
        "Brier skill": lambda one: _share(one.brier_skill),
        "ECE": lambda one: _share(one.calibration_error),
        "ECE band of a perfect one": lambda one: _band(one.calibration_band),
        "claims backed": lambda one: _share(one.claims_backed),
        "quotes show the cause": lambda one: _share(one.claims_fitting),
        "random quotes would": lambda one: _share(one.random_fitting),
        "seconds a case, mean": lambda one: f"{one.seconds_mean:.2f}",
        "seconds a case, most": lambda one: f"{one.seconds_max:.2f}",
        "peak MiB": lambda one: f"{one.peak_mib_max:.0f}",
    }
    return [[name, *(measure(report) for report in reports)] for name, measure in measures.items()]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _band(band: tuple[float, float] | None) -> str:
    return "-" if band is None else f"{band[0]:.3f}-{band[1]:.3f}"
