"""How many requests pods have answered that were no probes, and whether there were new ones. Pure.

Read from the metrics of the service contract (docs/service-contract.md); counts are kept by pod, because a new pod
begins at nothing.
"""

import json
import math
import re
from collections.abc import Mapping

COUNT = re.compile(
    r"http_server_request_duration_seconds_count(?:\{(?P<labels>.*)\})?\s+(?P<value>[^\s]+)(?:\s+-?\d+)?"
)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
PROBES = frozenset({"/health", "/ready", "/version", "/metrics"})
"""What Kubernetes, a deploy and a scraper ask for: no use."""
LONGEST = 4_000_000


def requests_in(metrics: str) -> int | None:
    """The requests that a service's metrics count, without probes; None where they count none at all.

    >>> requests_in('http_server_request_duration_seconds_count{http_route="/hello"} 3.0')
    3
    """
    total, seen = 0.0, False
    for line in metrics[:LONGEST].splitlines():
        found = COUNT.fullmatch(line.strip())
        if found is None:
            continue
        seen = True
        labels = dict(LABEL.findall(found["labels"] or ""))
        value = _number(found["value"])
        if labels.get("http_route") not in PROBES and value is not None:
            total += value
    return int(total) if seen else None


def used_since(before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether a pod has answered requests since: more than before, or any since it began anew."""
    return any(count > before.get(pod, 0) or 0 < count < before.get(pod, 0) for pod, count in now.items())


def counts_in(text: str) -> dict[str, int]:
    """The counts that an annotation keeps; none where it cannot be read."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(pod): count for pod, count in found.items() if type(count) is int}


def counts_text(counts: Mapping[str, int]) -> str:
    """Counts as an annotation keeps them."""
    return json.dumps(dict(counts), sort_keys=True)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value < 2**63 else None
