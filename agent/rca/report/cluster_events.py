"""What the cluster itself told of a component, in order of time: its events, equal ones once with their count.

    2026-01-01T12:00:00Z   Warning   BackOff   pod/web-1   (x3)   Back-off restarting failed container
    5m3s        Warning   BackOff   pod/web-1   Back-off restarting failed container

kubectl's own table counts backwards from when it was asked; where nobody knows when, its events are not told.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from agent.domain.claim import Quote
from agent.domain.diagnosis import Moment
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.kubernetes.sights import seconds_of
from agent.normalize.timestamps import moment_of

MOST = 4
WORDS = 16
_ROW = re.compile(
    r"^(?P<when>\d{4}-\d\d-\d\dT[\d:.]+Z|(?:\d+[smhd])+)\s+(?:\(x(?P<over>\d+) over \w+\)\s+)?"
    r"(?P<type>Warning|Normal)\s+(?P<reason>\w+)\s+(?P<kind>[a-z]+)/(?P<name>\S+)\s+(?:\(x(?P<times>\d+)\)\s+)?(?P<message>\S.*)$",
    re.MULTILINE,
)
_TOLD = frozenset(
    {"Killing", "ScalingReplicaSet", "Preempted", "NodeNotReady", "SuccessfulRescale", "DeadlineExceeded"}
)
"""Events that are no warnings and still say that something changed."""


def cluster_events(investigation: Investigation, subjects: Sequence[str]) -> Iterator[Moment]:
    """The first of each kind of event of these components, those of the first component before the others'."""
    asked_at = investigation.window.end or investigation.alert_at
    found: dict[tuple[str, str], tuple[datetime, int, re.Match[str], str]] = {}
    for document in investigation.kubernetes:
        for row in _ROW.finditer(document.text):
            component = workload_of(row["name"])
            at = _moment(row["when"], asked_at)
            if at is None or component not in subjects or (row["type"] == "Normal" and row["reason"] not in _TOLD):
                continue
            key, times = (component, row["reason"]), int(row["times"] or row["over"] or 1)
            known = found.get(key)
            if known is None:
                found[key] = at, times, row, document.path
            elif row[0] != known[2][0]:
                first = known if known[0] <= at else (at, 0, row, document.path)
                found[key] = first[0], known[1] + times, first[2], first[3]
    ordered = sorted(found.items(), key=lambda one: (subjects.index(one[0][0]), one[1][0], one[0]))
    for (component, reason), (at, times, row, path) in ordered[:MOST]:
        told = " ".join(row["message"].split()[:WORDS])
        text = f"{reason} of {row['kind']} {row['name']}: {told}" + (f" ({times} times)" if times > 1 else "")
        quote = Quote(path, row[0].strip()[:300], "the cluster's own event")
        yield Moment(at=at, kind="cluster.event", subject=component, text=text, quote=quote)


def _moment(when: str, asked_at: datetime | None) -> datetime | None:
    ago = seconds_of(when)
    if ago is None:
        return moment_of(when, UTC)
    return asked_at - timedelta(seconds=ago) if asked_at is not None else None
