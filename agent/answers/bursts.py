"""Errors in logs, equal ones counted: the repeated complaint is one finding."""

import re
from collections.abc import Hashable, Iterable, Iterator

from agent.domain import Event, Evidence, Finding
from agent.timeline import Repeat, collapse

MOST_CITED = 20
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\d+")
_LONGEST_TITLE = 160
_BARE_TRACEBACK = "Traceback (most recent call last)"


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
        quote = _words_of(first)
        title = (quote or "an entry without a message").splitlines()[0][:_LONGEST_TITLE]
        yield Finding(
            rule="logged-errors",
            subject=first.subject,
            title=f"{first.subject} logged {times} at level {first.severity}: {title}",
            evidence=(Evidence(ids, quote or "(no message)", f"logged {times}, first", first.place),),
            confidence=0.6,
        )


def _words_of(event: Event) -> str:
    """What the entry says: its message, or of a bare Python traceback its last line, which names the error."""
    stack = str(event.attrs.get("stack") or "")
    if event.message.startswith(_BARE_TRACEBACK) and (
        ends := [line for line in stack.splitlines() if line[:1].strip()]
    ):
        return ends[-1]
    return event.message or stack


def _likeness(event: Event) -> Hashable:
    return (event.subject, event.severity, _VARIES.sub("#", _words_of(event)[:500]))
