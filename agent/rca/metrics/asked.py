"""What the alert is about: which component, and errors or slowness."""

import re
from collections.abc import Iterable

from agent.domain.investigation import Investigation
from agent.rca.metrics.kinds import Kind

FAILING = frozenset({Kind.AVAILABILITY, Kind.ERRORS})
SLOW = frozenset({Kind.LATENCY})

_FAILING_WORDS = re.compile(r"availab|error|fail|5xx|4xx|fault|exception|unsuccessful", re.IGNORECASE)
_SLOW_WORDS = re.compile(r"slow|latenc|delay|duration|response time|timed? ?out|p9\d", re.IGNORECASE)


def kinds_asked(investigation: Investigation) -> tuple[frozenset[Kind], ...]:
    """The families of metrics to go by, the likelier first."""
    text = f"{investigation.title} {investigation.alert}"
    failing, slow = len(_FAILING_WORDS.findall(text)), len(_SLOW_WORDS.findall(text))
    return (SLOW, FAILING) if slow > failing else (FAILING, SLOW)


def subject_asked(investigation: Investigation, names: Iterable[str]) -> str | None:
    """The first of the names in the alert; of names that begin alike, the longest that stands there."""
    text = f"{investigation.title} {investigation.alert}"
    places = {
        name: found.start()
        for name in names
        if (found := re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE))
    }
    return min(places, key=lambda name: (places[name], -len(name), name), default=None)
