"""Which rows are normal and which are the incident's, from whatever of the periods is known."""

import itertools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.domain.investigation import Investigation
from agent.domain.telemetry import Series
from agent.rca.onset import onset_of


@dataclass(frozen=True, slots=True)
class Periods:
    """Unix seconds. A row covers the time from its own to its own plus the series' step."""

    window: tuple[float, float]
    baseline: tuple[float, float] | None
    onset: float

    def normal(self, series: Series) -> tuple[float, ...]:
        """The values of the baseline; where none is known or none lies in it, those of the window before onset."""
        known = series.between(*self.baseline) if self.baseline else ()
        return known or tuple(value for _, value in self.before(series))

    def before(self, series: Series) -> list[tuple[float, float]]:
        """The window's rows that ended before onset."""
        step = step_of(series.times)
        return [(at, value) for at, value in self._rows(series, step) if at + step <= self.onset]

    def during(self, series: Series) -> list[tuple[float, float]]:
        """The window's rows from onset on."""
        step = step_of(series.times)
        return [(at, value) for at, value in self._rows(series, step) if at + step > self.onset]

    def _rows(self, series: Series, step: float) -> Iterable[tuple[float, float]]:
        start, end = self.window
        in_baseline = self.baseline or (math.inf, -math.inf)
        for at, value in zip(series.times, series.values, strict=True):
            if start - step < at <= end + 0.2 * step and not in_baseline[0] <= at <= in_baseline[1]:
                yield at, value


def step_of(times: Sequence[float]) -> float:
    """The usual time between two rows; 0 for fewer than two."""
    gaps = [later - earlier for earlier, later in itertools.pairwise(times) if later > earlier]
    return statistics.median_low(gaps) if gaps else 0.0


def periods_of(investigation: Investigation) -> Periods | None:
    """The periods, the unknown ones inferred; `None` without any series.

    Onset is the stated one, else the moment that splits the series best, else the alert, else the middle.
    """
    firsts = [series.times[0] for series in investigation.series if series.times]
    lasts = [series.times[-1] for series in investigation.series if series.times]
    if not firsts:
        return None
    window, base = investigation.window, investigation.baseline
    start = window.start.timestamp() if window.start else min(firsts)
    end = window.end.timestamp() if window.end else max(lasts)
    baseline = (base.start.timestamp(), base.end.timestamp()) if base.start and base.end else None
    alert = investigation.alert_at.timestamp() if investigation.alert_at else None
    if window.onset:
        onset = window.onset.timestamp()
    elif baseline is not None:
        onset = alert if alert is not None else start
    else:
        latest = min(end, alert) if alert is not None else end
        found = onset_of(investigation.series, start, end, latest)
        onset = next(at for at in (found, alert, (start + end) / 2) if at is not None)
    return Periods((start, end), baseline, onset)


def onset_in(investigation: Investigation) -> float | None:
    """When it began, as far as that is known or the metrics show it; the alert, which comes later, is no onset."""
    if investigation.window.onset:
        return investigation.window.onset.timestamp()
    periods = periods_of(investigation)
    if periods is not None:
        return periods.onset
    base, window = investigation.baseline, investigation.window
    if base.end and window.start and base.end <= window.start:
        return window.start.timestamp()
    return None
