"""How a change breaks things: what its diff looks like, and what is then seen.

A mechanism needs both sides. Recency is no evidence, nor is a file's name alone: most changes before an incident are
innocent.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.rca.changes.diffs import Change, is_comment

FACTOR = 2.0
"""A number must change at least so much to break anything."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """`lines` finds the lines of a diff that show it; `seen` is what the symptoms must say; `told` words it.

    A `weak` one is common in innocent diffs too, and is not enough alone. `despite` are the causes outside of the code
    that it looks like.
    """

    name: str
    category: str
    lines: "Lines"
    seen: re.Pattern[str]
    told: str
    weak: bool = False
    despite: frozenset[str] = frozenset()


Lines = Callable[[Change], Iterator[str]]


def pattern(text: str) -> re.Pattern[str]:
    """Compiled without case."""
    return re.compile(text, re.IGNORECASE)


_GUARD = pattern(r"[!=]==?\s*(?:nil|null|none|undefined)\b|\bis (?:not )?none\b|\?\.|isPresent|ifPresent|orElse|\?\?")
_BOUND = pattern(r"\blimit\s+\d+|\.limit\(|\.take\(|\btop\s+\d+|page_?size|setMaxResults|\bwhere\b")
_QUERY = pattern(
    r"\bawait\b.*\(|\.(?:get|find|fetch|query|load|select|call|exec)\w*\([^)]*(?:ctx|context|id|sku|key|item)"
)
_LOOP = pattern(r"^\s*(?:for|while|foreach)\b|\.(?:forEach|map)\(")
_CALL = pattern(r"^(?:await\s+)?[\w.]*?(?P<name>[A-Za-z_]\w*)\([^=]*\)\s*;?$")
_LOGS = pattern(r"^(?:await\s+)?(?:\w+\.)*(?:log\w*|print\w*|console|slog|zap|info|debug|warn\w*|trace)\b.*\(")
"""A line that only tells something: nothing relies on it."""
_LOCK = pattern(r"\.?(?:R?Lock|RUnlock|Unlock|acquire|release)\(|\bsynchronized\b|\bmutex\b|atomic\.")
_CLOSE = pattern(r"\.(?:close|release|rollback|shutdown|cancel)\(|\bdefer\b|\bwith\b .*:|\bfinally\b")
_KEY = pattern(r"^[\"']?[A-Z][A-Z0-9_]{3,}[\"']?\s*[:=]|getenv|os\.environ|process\.env")
_AUTH = pattern(r"authori[sz]|permission|\brole\b|scope|allow|token|credential|audience")
_FIELD = pattern(r"json:\"|@JsonProperty|@SerializedName|\bmessage\b.*\{|\brequired\b|alter table|drop column|rename")
_RETRY = pattern(r"retr(?:y|ies)|backoff|max_?attempts")


def gone(wanted: re.Pattern[str]) -> Callable[[Change], Iterator[str]]:
    """Lines with the pattern that were removed, more of them than came anew."""

    def lines(change: Change) -> Iterator[str]:
        gone = [line for line in change.removed if wanted.search(line) and not is_comment(line)]
        if len(gone) > sum(wanted.search(line) is not None for line in change.added if not is_comment(line)):
            yield from gone

    return lines


def _either(wanted: re.Pattern[str]) -> Callable[[Change], Iterator[str]]:
    def lines(change: Change) -> Iterator[str]:
        yield from (line for line in (*change.removed, *change.added) if wanted.search(line) and not is_comment(line))

    return lines


def number(names: str, *, smaller: bool | None) -> Lines:
    """Lines in which a number of such a name became much smaller, greater, or either."""
    wanted = pattern(names)

    def lines(change: Change) -> Iterator[str]:
        for one in change.numbers:
            low, high = sorted((one.before, one.after))
            if wanted.search(one.name) and high >= FACTOR * low and smaller in {None, one.after < one.before}:
                yield one.line

    return lines


def _query_in_loop(change: Change) -> Iterator[str]:
    if any(_LOOP.search(line) for line in change.after):
        yield from (line for line in change.added if _QUERY.search(line) and not is_comment(line))


def _call_gone(change: Change) -> Iterator[str]:
    """A statement that called something which the new code calls nowhere."""
    new = " ".join(line for line in change.added if not is_comment(line))
    for line in change.removed:
        hit = _CALL.search(line)
        if (
            hit
            and not _LOGS.search(line)
            and not is_comment(line)
            and hit["name"] not in new
            and not line.startswith(("return", "if", "for"))
        ):
            yield line


MECHANISMS = (
    Mechanism(
        "guard-removed", "null-dereference", gone(_GUARD),
        pattern(r"nil pointer|null ?pointer|nonetype|of (?:null|undefined)|null reference|segmentation|unwrap"),
        "no longer checks for a missing value before using it",
    ),
    Mechanism(
        "query-unbounded", "unbounded-query", gone(_BOUND),
        pattern(r"slow query|rows?_examined|query.{0,30}latency|db_\w*latency|table scan|statement timeout|oom"),
        "takes the bound from a query, which now reads everything",
    ),
    Mechanism(
        "pool-shrunk", "connection-pool-exhausted",
        number(r"conn|pool|worker|thread|max_?open|max_?idle|concurren|replica", smaller=True),
        pattern(r"pool|acquir|exhaust|too many connections|saturat|queue"),
        "makes a pool much smaller, so callers wait for it",
    ),
    Mechanism(
        "resource-leak", "connection-pool-exhausted", gone(_CLOSE),
        pattern(r"pool|acquir|exhaust|too many (?:open|connections)|leak|file descriptors"),
        "no longer gives back what it takes",
    ),
    Mechanism(
        "cache-lifetime-cut", "cache-stampede", number(r"ttl|expir|max_?age|lifetime|cache", smaller=True),
        pattern(r"cache miss|read-through|stampede|cache_hit|hit ratio|slow query|db_cpu|database.{0,20}(?:cpu|load)"),
        "makes cache entries live much shorter, so reads go through to what is behind the cache",
    ),
    Mechanism(
        "query-per-item", "n-plus-one", _query_in_loop,
        pattern(r"select .{0,80}where|slow request|queries|latency|n\+1"),
        "asks once an item in a loop instead of once a request",
    ),
    Mechanism(
        "timeout-cut", "timeout-too-short", number(r"time_?out|deadline", smaller=True),
        pattern(r"time[d -]?out|deadline exceeded"),
        "cuts a time-out far below what the call takes",
    ),
    Mechanism(
        "retry-amplified", "retry-storm", number(r"retr|attempt|backoff|interval", smaller=None),
        pattern(r"retr(?:y|ies)|attempt|overload|too many requests|429|storm"),
        "multiplies retries, which overload what is called", despite=frozenset({"quota-reached", "traffic-surge"}),
    ),
    Mechanism(
        "memory-limit-cut", "memory-limit-too-low", number(r"memory|heap|xmx|limit|mem", smaller=True),
        pattern(r"oom|out of memory|killed|evict|heap space"),
        "cuts the memory that the process needs",
    ),
    Mechanism(
        "growth-unbounded", "memory-leak", gone(pattern(r"evict|max_?(?:size|entries)|delete\(|remove\(|lru|expire")),
        pattern(r"oom|out of memory|heap|memory.{0,30}(?:grow|leak|limit|above|exceed)|gc pause"),
        "no longer bounds what it keeps in memory",
    ),
    Mechanism(
        "lock-changed", "concurrency", _either(_LOCK),
        pattern(r"deadlock|data race|concurrent map|lock (?:wait|contention)|mutex|blocked"),
        "changes what is locked, and by whom", weak=True,
    ),
    Mechanism(
        "setting-gone", "configuration-missing", gone(_KEY),
        pattern(r"missing|not set|required|undefined|unset|keyerror|no such (?:key|setting)|invalid configuration"),
        "takes away a setting that is still read",
    ),
    Mechanism(
        "access-changed", "access-denied", _either(_AUTH),
        pattern(r"\b40[13]\b|forbidden|unauthori[sz]ed|permission denied|access denied|invalid token|signature"),
        "changes who may do what", weak=True,
    ),
    Mechanism(
        "contract-changed", "contract-broken", _either(_FIELD),
        pattern(r"unmarshal|deseriali|cannot parse|unknown (?:field|column)|column .{0,40} not exist|schema|invalid"),
        "changes a field that others still use", weak=True,
    ),
    Mechanism(
        "retry-removed", "error-handling-removed", gone(_RETRY),
        pattern(r"transient|connection reset|unavailable|gave up"),
        "no longer tries again", weak=True,
    ),
    Mechanism(
        "call-removed", "initialisation-missing", _call_gone,
        pattern(r"not found|not registered|unregistered|unknown|missing|(?:un|not )initiali[sz]ed|no handler"),
        "no longer makes a call that others rely on",
    ),
)  # fmt: skip
