"""Which component's spans changed, against the time before the incident where there is any."""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.domain.investigation import Investigation
from agent.rca.anomaly import reference_of
from agent.rca.periods import periods_of
from agent.rca.traces.between import gaps_of
from agent.rca.traces.own_work import Step

NOTABLE = 3.0
"""Spreads above the usual own time below which a span is as usual."""
LEAST_WEIGHT = 0.02
LEAST_NORMAL = 5
"""With fewer spans from before, nothing can be said of what is usual."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A component that is off by itself: `slow` (`between`: on the way from and to it), or failing.

    `weight` is the time lost, in usual requests, or the part of the requests that failed: 1 is all of them.
    """

    service: str
    weight: float
    worst: Step
    slow: bool
    between: bool = False
    usual_ms: float = 0.0
    count: int = 0
    of: int = 0


def suspects_of(steps: Sequence[Step], investigation: Investigation) -> list[Suspect]:
    """The suspects of all kinds, the heavier first; a component that is suspected twice counts for the heavier."""
    onset = _onset(investigation)
    normal = [step for step in steps if onset is not None and step.span.start < onset]
    during = [step for step in steps if onset is None or step.span.start >= onset]
    if not during:
        normal, during = [], list(steps)
    found = [*_failing(normal, during), *_slow(normal, during)]
    return sorted(found, key=lambda suspect: (-suspect.weight, suspect.service, suspect.slow))


def _onset(investigation: Investigation) -> float | None:
    """The stated onset; else what the metrics show, which for want of any is the alert."""
    if investigation.window.onset:
        return investigation.window.onset.timestamp()
    periods = periods_of(investigation)
    if periods is not None:
        return periods.onset
    return investigation.alert_at.timestamp() if investigation.alert_at else None


def _failing(normal: Sequence[Step], during: Sequence[Step]) -> Iterator[Suspect]:
    traces = len({step.span.trace_id for step in during})
    before, after = _by_blame(normal), _by_blame(during)
    for service, steps in after.items():
        failures = [step for step in steps if step.failed_here]
        usual = before.get(service, [])
        usual_share = sum(step.failed_here for step in usual) / len(usual) if usual else 0.0
        weight = (len(failures) - usual_share * len(steps)) / traces
        if failures and weight >= LEAST_WEIGHT:
            worst = max(failures, key=lambda step: (bool(step.span.attributes.get("error")), -step.span.start))
            yield Suspect(service, weight, worst, slow=False, count=len(failures), of=len(steps))


def _slow(normal: Sequence[Step], during: Sequence[Step]) -> Iterator[Suspect]:
    roots = [step.span.duration_ms for step in normal if step.span.parent_id is None]
    if not roots:
        return
    request_ms = max(statistics.median(roots), 1e-9)
    traces = len({step.span.trace_id for step in during})
    usual_by_kind: dict[tuple[str, str], list[float]] = defaultdict(list)
    for step in normal:
        if step.peer is None:
            usual_by_kind[step.span.service, step.span.operation].append(step.own_ms)
    references = {kind: reference_of(own) for kind, own in usual_by_kind.items() if len(own) >= LEAST_NORMAL}
    for service, steps in _by_service(during).items():
        lost = [
            (step.own_ms - reference.middle, step, reference.middle)
            for step in steps
            if step.peer is None
            and (reference := references.get((service, step.span.operation))) is not None
            and step.own_ms > reference.middle + NOTABLE * reference.scale
        ]
        weight = sum(one[0] for one in lost) / (traces * request_ms)
        if lost and weight >= LEAST_WEIGHT:
            _, worst, usual_ms = max(lost, key=lambda one: (one[0], -one[1].span.start))
            yield Suspect(service, weight, worst, slow=True, usual_ms=usual_ms, count=len(lost), of=len(steps))
    for gap in gaps_of(normal, during):
        weight = gap.share * gap.lost_ms / (traces * request_ms)
        if weight >= LEAST_WEIGHT:
            counted: dict[str, Any] = {"usual_ms": gap.usual_ms, "count": gap.count, "of": gap.of}
            yield Suspect(gap.service, weight, gap.worst, slow=True, between=True, **counted)


def _by_service(steps: Sequence[Step]) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.span.service, []).append(step)
    return found


def _by_blame(steps: Sequence[Step]) -> dict[str, list[Step]]:
    """As by service, but a call that fails although nothing below it did counts for what was called."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.peer if step.peer and step.failed_here else step.span.service, []).append(step)
    return found
