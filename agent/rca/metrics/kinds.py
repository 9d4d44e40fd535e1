"""What a metric measures, by its name, and in which direction it gets worse."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of metrics that tell faults apart."""

    AVAILABILITY = "availability"
    ERRORS = "errors"
    LATENCY = "latency"
    REQUESTS = "requests"
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    NETWORK = "network"
    QUEUE = "queue"
    OTHER = "other"


_NAMES: tuple[tuple[Kind, str], ...] = (
    (Kind.CPU, r"\bcpu\b|load ?avg|\bload1\b"),
    (Kind.MEMORY, r"\bmem|memory|heap|\brss\b|working set|\bgc\b|swap"),
    (Kind.AVAILABILITY, r"availab|success|uptime|\bup\b|healthy"),
    (
        Kind.ERRORS,
        r"\berrs?\b|error|fault|fail|[45]xx|exception|panic|reject|abort|drop|loss|retr|timeout|evict|restart",
    ),
    (
        Kind.LATENCY,
        r"\blat\b|latenc|duration|response time|delay|\brtt\b|elapsed|\bwait|\bms\b|\bp\d\d\b",
    ),
    (Kind.QUEUE, r"\blag\b|queue|backlog|pending|in ?flight|waiting|connections?|pool"),
    (Kind.DISK, r"disk|\bfs\b|filesystem|\bio\b|inode|volume|storage"),
    (Kind.NETWORK, r"network|\bnet\b|socket|bytes (?:sent|received)|\b[rt]x\b|packets?"),
    (
        Kind.REQUESTS,
        r"request|\b[rq]ps\b|throughput|workload|\blo?a?d\b|invocation|\bcount\b|\bcalls?\b|\bhits?\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _NAMES)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LESS_IS_WORSE = {Kind.AVAILABILITY}
_EITHER_WAY = {Kind.REQUESTS, Kind.NETWORK, Kind.OTHER}


def kind_of(metric: str) -> Kind:
    """The kind that the name tells.

    >>> kind_of("http_server_duration_p99_ms"), kind_of("error_rate_5xx_ratio"), kind_of("memUsage")
    (<Kind.LATENCY: 'latency'>, <Kind.ERRORS: 'errors'>, <Kind.MEMORY: 'memory'>)
    """
    words = re.sub(r"[^a-z0-9]+", " ", _CAMEL.sub(" ", metric).lower())
    return next((kind for kind, pattern in _COMPILED if pattern.search(words)), Kind.OTHER)


def badness(kind: Kind, change: float) -> float:
    """How far a change goes in the bad direction: negative for an improvement."""
    if kind in _LESS_IS_WORSE:
        return -change
    return abs(change) if kind in _EITHER_WAY else change


def averaging(metric: str) -> int:
    """How well this metric of a kind adds up over requests, best first: means, then plain ones, then percentiles."""
    name = metric.lower()
    if re.search(r"average|avg|mean", name):
        return 0
    found = re.search(r"p(\d\d)", name)
    return 1 if found is None else 200 - int(found[1])
