"""The time that is lost between two components: the call took longer than what was called.

A slow network shows in no component's own work. The span of a call (the client's) is longer than the span that it
caused; a component whose network is at fault shows so on all of its calls, in and out, while its callers and
callees show it on the one call to it.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.rca.anomaly import reference_of
from agent.rca.traces.own_work import Step

NOTABLE = 3.0
LEAST_NORMAL = 5
LEAST_MS = 0.5
"""A gap's least spread: less is measuring."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A component whose calls lose time on the way: `lost_ms` over all calls in `share` of its connections."""

    service: str
    lost_ms: float
    share: float
    worst: Step
    usual_ms: float
    count: int
    of: int


def gaps_of(normal: Sequence[Step], during: Sequence[Step]) -> Iterator[Gap]:
    """The components at whose connections time is lost, each with what is lost there, shared with the other end."""
    before, after = _by_connection(normal), _by_connection(during)
    lost: dict[tuple[str, str], list[tuple[float, Step]]] = {}
    usual: dict[tuple[str, str], float] = {}
    for connection, steps in after.items():
        reference = reference_of([step.own_ms for step in before.get(connection, ())], least=LEAST_MS)
        if reference is None or len(before[connection]) < LEAST_NORMAL:
            continue
        usual[connection] = reference.middle
        limit = reference.middle + NOTABLE * reference.scale
        lost[connection] = [(step.own_ms - reference.middle, step) for step in steps if step.own_ms > limit]
    for service in sorted({end for connection in lost for end in connection}):
        own = {connection: late for connection, late in lost.items() if service in connection}
        late = [(ms, step, connection) for connection, found in own.items() for ms, step in found]
        calls = sum(len(after[connection]) for connection in own)
        if not late:
            continue
        _, worst, connection = max(late, key=lambda one: (one[0], -one[1].span.start))
        rates = [len(found) / len(after[connection]) for connection, found in own.items()]
        mean_rate = statistics.fmean(rates)
        top = max(rates)
        share = mean_rate / top if top else 0.0
        yield Gap(service, sum(one[0] for one in late), share, worst, usual[connection], len(late), calls)


def _by_connection(steps: Sequence[Step]) -> dict[tuple[str, str], list[Step]]:
    found: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in steps:
        if step.peer is not None:
            found[step.span.service, step.peer].append(step)
    return found
