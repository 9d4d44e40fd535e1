"""The same incident with less to go by: what the engine's confidence must notice.

A labelled case has nearly always a right answer. Without the lines that decided it, halved, thinned, without one of its
parts, or with metrics that moved less, its answer may be wrong, and the confidence has to tell.
"""

import dataclasses
import itertools
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agent.domain.investigation import Document, Investigation, LogFile
from agent.domain.telemetry import Series
from agent.rca.metrics.counters import is_counter
from agent.rca.periods import Periods, periods_of

FAINT = (0.2, 0.05, 0.015)
"""What remains of how far the metrics went."""


def variants_of(investigation: Investigation, answer: dict[str, Any], seed: str) -> Iterator[tuple[str, Investigation]]:
    """Each variant with its name; `answer` is that to the whole case. Equal arguments give equal variants."""
    chance = random.Random(seed)
    top = answer["findings"][0] if answer["findings"] else None
    if top is not None:
        quotes = [piece["quote"] for piece in top["evidence"]]
        paths = {piece["file"] for piece in top["evidence"] if piece["file"].startswith("metrics/")}
        subject = top["subject"]

        def tells(line: str) -> bool:
            return any(quote.split("\n", 1)[0].strip() in line for quote in quotes)

        yield "without-quoted", _without(investigation, tells, paths, subject)
        yield "without-subject", _without(investigation, lambda line: subject in line, paths, subject)
    yield "first-half", _lines(investigation, lambda lines: lines[: len(lines) // 2])
    yield "thinned", _lines(investigation, lambda lines: [line for line in lines if chance.random() < 0.3])
    yield "no-logs", dataclasses.replace(investigation, logs=())
    if investigation.series and investigation.logs:
        yield "no-metrics", dataclasses.replace(investigation, series=())
    if investigation.spans:
        yield "no-traces", dataclasses.replace(investigation, spans=())
    periods = periods_of(investigation)
    if periods is None:
        return
    for share in FAINT:
        fainter = tuple(_fainter(one, periods, share, chance) for one in investigation.series)
        yield f"metrics-at-{share}", dataclasses.replace(investigation, series=fainter)


def _without(
    investigation: Investigation, tells: Callable[[str], bool], paths: set[str], subject: str
) -> Investigation:
    found = _lines(investigation, lambda lines: [line for line in lines if not tells(line)])
    return dataclasses.replace(
        found,
        series=tuple(one for one in found.series if one.path not in paths),
        spans=tuple(span for span in found.spans if span.service != subject),
        commits=tuple(commit for commit in found.commits if not (commit.diff and tells(commit.diff))),
    )


def _lines(investigation: Investigation, keep: Callable[[Sequence[str]], Sequence[str]]) -> Investigation:
    def log(file: LogFile) -> LogFile:
        return dataclasses.replace(file, lines=tuple(keep(file.lines)))

    def document(one: Document) -> Document:
        return dataclasses.replace(one, text="\n".join(keep(one.text.split("\n"))))

    return dataclasses.replace(
        investigation,
        logs=tuple(log(file) for file in investigation.logs),
        jobs=tuple(log(file) for file in investigation.jobs),
        kubernetes=tuple(document(one) for one in investigation.kubernetes),
        notes=tuple(document(one) for one in investigation.notes),
    )


def _fainter(series: Series, periods: Periods, share: float, chance: random.Random) -> Series:
    """The series with the values since onset nearer to the usual ones, and as restless as those; a counter's rises."""
    if is_counter(series):
        rises = [later - sooner for sooner, later in itertools.pairwise(series.values)]
        since = [at >= periods.onset for at in series.times[1:]]
        usual = [rise for rise, late in zip(rises, since, strict=True) if not late] or rises
        rises = [max(0.0, rise) for rise in _nearer(rises, since, usual, share, chance)]
        return dataclasses.replace(series, values=tuple(itertools.accumulate(rises, initial=series.values[0])))
    normal, during = periods.normal(series), {at for at, _ in periods.during(series)}
    if not normal:
        return series
    since = [at in during for at in series.times]
    return dataclasses.replace(series, values=tuple(_nearer(series.values, since, normal, share, chance)))


def _nearer(
    values: Sequence[float], since: Sequence[bool], usual: Sequence[float], share: float, chance: random.Random
) -> list[float]:
    middle = statistics.median(usual)
    return [
        chance.choice(usual) + share * (value - middle) if late else value
        for value, late in zip(values, since, strict=True)
    ]
