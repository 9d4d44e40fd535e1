"""Which rows are normal and which are the incident's, from whatever of the periods is known."""

import itertools
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.investigation import Investigation
from agent.domain.telemetry import Series
from agent.rca.once import once
from agent.rca.onset import onset_of

STEPS = 400


@dataclass(frozen=True, slots=True)
class Periods:
    """Unix seconds. A row covers the time from its own to its own plus the series' step."""

    window: tuple[float, float]
    baseline: tuple[float, float] | None
    onset: float

    def normal(self, series: Series) -> tuple[float, ...]:
        """The values of the baseline; where none is known or none lies in it, those of the window before onset."""
        known: tuple[float, ...] = ()
        if self.baseline:
            start, end = bisect_left(series.times, self.baseline[0]), bisect_right(series.times, self.baseline[1])
            known = series.values[start:end]
        return known or tuple(value for _, value in self.before(series))

    def before(self, series: Series) -> list[tuple[float, float]]:
        """The window's rows that ended before onset."""
        step = step_of(series.times)
        return self._rows(series, step, 0, bisect_right(series.times, self.onset - step))

    def during(self, series: Series) -> list[tuple[float, float]]:
        """The window's rows from onset on."""
        step = step_of(series.times)
        return self._rows(series, step, bisect_right(series.times, self.onset - step), len(series.times))

    def _rows(self, series: Series, step: float, low: int, high: int) -> list[tuple[float, float]]:
        start, end = self.window
        low = max(low, bisect_right(series.times, start - step))
        high = min(high, bisect_right(series.times, end + 0.2 * step))
        rows = list(zip(series.times[low:high], series.values[low:high], strict=True))
        if self.baseline is None or not rows or self.baseline[0] > rows[-1][0] or self.baseline[1] < rows[0][0]:
            return rows
        return [row for row in rows if not self.baseline[0] <= row[0] <= self.baseline[1]]


def step_of(times: Sequence[float]) -> float:
    """The usual time between two rows, by the first of them; 0 for fewer than two."""
    gaps = [later - earlier for earlier, later in itertools.pairwise(times[:STEPS]) if later > earlier]
    return statistics.median_low(gaps) if gaps else 0.0


@once
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


@once
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
