"""Errors in logs, equal ones counted: the repeated complaint is one finding."""

import re
from collections.abc import Hashable, Iterable, Iterator

from agent.domain import Event, Evidence, Finding
from agent.timeline import Repeat, collapse

MOST_CITED = 20
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\d+")
_LONGEST_TITLE = 160


def bursts_of(errors: Iterable[Event]) -> tuple[tuple[Repeat, tuple[str, ...]], ...]:
    """Like errors as one each, the worst first, then the most frequent; with the ids of some of them."""
    events = tuple(errors)
    ids: dict[Hashable, list[str]] = {}
    for event in events:
        cited = ids.setdefault(_likeness(event), [])
        if len(cited) < MOST_CITED:
            cited.append(event.id)
    repeats = [(repeat, tuple(ids[_likeness(repeat.first)])) for repeat in collapse(events, _likeness)]
    return tuple(sorted(repeats, key=lambda pair: (-pair[0].first.severity.rank, -pair[0].times)))


def burst_findings(errors: Iterable[Event], *, most: int) -> Iterator[Finding]:
    """One finding for each of the `most` worst bursts. What a service logs is sure; that it matters is not."""
    for repeat, ids in bursts_of(errors)[:most]:
        first = repeat.first
        times = "once" if repeat.times == 1 else f"{repeat.times} times"
        title = first.message.splitlines()[0][:_LONGEST_TITLE] if first.message else "an entry without a message"
        quote = first.message or first.attrs.get("stack") or "(no message)"
        yield Finding(
            rule="logged-errors",
            subject=first.subject,
            title=f"{first.subject} logged {times} at level {first.severity}: {title}",
            evidence=(Evidence(ids, quote, f"logged {times}, first", first.place),),
            confidence=0.6,
        )


def _likeness(event: Event) -> Hashable:
    return (event.subject, event.severity, _VARIES.sub("#", event.message[:500]))
