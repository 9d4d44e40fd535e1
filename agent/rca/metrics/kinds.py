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
    HANDLES = "handles"
    OTHER = "other"


_NAMES: tuple[tuple[Kind, str], ...] = (
    (Kind.OTHER, r"\bspec\b|\bquota\b|\bstart time\b|\bcreated\b|\bscrape\b|\bbuild info\b|\blast seen\b"),
    (Kind.ERRORS, r"\boom"),
    (Kind.CPU, r"\bcpu|load ?avg|\bload ?\d|throttl"),
    (Kind.MEMORY, r"\bmem|memory|heap|\brss\b|working set|\bgc\b|swap|\bcache bytes|page ?fault|pgmaj"),
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
    (Kind.HANDLES, r"sockets?\b|\bfds?\b|file ?desc|open files|handles?\b|threads?\b|\bprocesses\b|tcp curr"),
    (
        Kind.DISK,
        r"disk|\bfs\b|filesystem|\bio\b|\bio(?:ps|wait)|inode|\breads? (?:bytes|total)|\bwrites? (?:bytes|total)|blkio|"
        r"volume|storage",
    ),
    (Kind.NETWORK, r"network|\bnet\b|bytes (?:sent|received)|\b[rt]x\b|packets?"),
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


def tail_of(metric: str) -> int:
    """How far in the tail of a distribution the metric looks: 50 for the median, a mean or a plain one, 99 for p99.

    >>> tail_of("lat_90"), tail_of("latency-50"), tail_of("request_duration_p99_ms"), tail_of("latency")
    (90, 50, 99, 50)
    """
    found = re.search(r"(?:[_-]|p)(9\d)(?:\D|$)", metric.lower())
    return int(found[1]) if found else 99 if re.search(r"max(?:imum)?\b", metric.lower()) else 50
