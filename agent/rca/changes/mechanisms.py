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

    A `weak` one is common in innocent diffs too, and is not enough alone.
    """

    name: str
    category: str
    lines: Callable[[Change], Iterator[str]]
    seen: re.Pattern[str]
    told: str
    weak: bool = False


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_GUARD = _pattern(r"[!=]==?\s*(?:nil|null|none|undefined)\b|\bis (?:not )?none\b|\?\.|isPresent|ifPresent|orElse|\?\?")
_BOUND = _pattern(r"\blimit\s+\d+|\.limit\(|\.take\(|\btop\s+\d+|page_?size|setMaxResults|\bwhere\b")
_QUERY = _pattern(
    r"\bawait\b.*\(|\.(?:get|find|fetch|query|load|select|call|exec)\w*\([^)]*(?:ctx|context|id|sku|key|item)"
)
_LOOP = _pattern(r"^\s*(?:for|while|foreach)\b|\.(?:forEach|map)\(")
_CALL = _pattern(r"^(?:await\s+)?[\w.]*?(?P<name>[A-Za-z_]\w*)\([^=]*\)\s*;?$")
_LOCK = _pattern(r"\.?(?:R?Lock|RUnlock|Unlock|acquire|release)\(|\bsynchronized\b|\bmutex\b|atomic\.")
_CLOSE = _pattern(r"\.(?:close|release|rollback|shutdown|cancel)\(|\bdefer\b|\bwith\b .*:|\bfinally\b")
_KEY = _pattern(r"^[\"']?[A-Z][A-Z0-9_]{3,}[\"']?\s*[:=]|getenv|os\.environ|process\.env")
_AUTH = _pattern(r"authori[sz]|permission|\brole\b|scope|allow|token|credential|audience")
_FIELD = _pattern(r"json:\"|@JsonProperty|@SerializedName|\bmessage\b.*\{|\brequired\b|alter table|drop column|rename")
_RETRY = _pattern(r"retr(?:y|ies)|backoff|max_?attempts")


def _gone(pattern: re.Pattern[str]) -> Callable[[Change], Iterator[str]]:
    """Lines with the pattern that were removed, more of them than came anew."""

    def lines(change: Change) -> Iterator[str]:
        gone = [line for line in change.removed if pattern.search(line) and not is_comment(line)]
        if len(gone) > sum(pattern.search(line) is not None for line in change.added if not is_comment(line)):
            yield from gone

    return lines


def _either(pattern: re.Pattern[str]) -> Callable[[Change], Iterator[str]]:
    def lines(change: Change) -> Iterator[str]:
        yield from (line for line in (*change.removed, *change.added) if pattern.search(line) and not is_comment(line))

    return lines


def _number(names: str, *, smaller: bool | None) -> Callable[[Change], Iterator[str]]:
    wanted = _pattern(names)

    def lines(change: Change) -> Iterator[str]:
        for number in change.numbers:
            low, high = sorted((number.before, number.after))
            if wanted.search(number.name) and high >= FACTOR * low and smaller in {None, number.after < number.before}:
                yield number.line

    return lines


def _query_in_loop(change: Change) -> Iterator[str]:
    if any(_LOOP.search(line) for line in change.after):
        yield from (line for line in change.added if _QUERY.search(line) and not is_comment(line))


def _call_gone(change: Change) -> Iterator[str]:
    """A statement that called something which the new code calls nowhere."""
    new = " ".join(line for line in change.added if not is_comment(line))
    for line in change.removed:
        hit = _CALL.search(line)
        if hit and not is_comment(line) and hit["name"] not in new and not line.startswith(("return", "if", "for")):
            yield line


MECHANISMS = (
    Mechanism(
        "guard-removed", "null-dereference", _gone(_GUARD),
        _pattern(r"nil pointer|null ?pointer|nonetype|of (?:null|undefined)|null reference|segmentation|unwrap"),
        "no longer checks for a missing value before using it",
    ),
    Mechanism(
        "query-unbounded", "unbounded-query", _gone(_BOUND),
        _pattern(r"slow query|rows?_examined|query.{0,30}latency|db_\w*latency|table scan|statement timeout|oom"),
        "takes the bound from a query, which now reads everything",
    ),
    Mechanism(
        "pool-shrunk", "connection-pool-exhausted",
        _number(r"conn|pool|worker|thread|max_?open|max_?idle|concurren|replica", smaller=True),
        _pattern(r"pool|acquir|exhaust|too many connections|saturat|queue"),
        "makes a pool much smaller, so callers wait for it",
    ),
    Mechanism(
        "resource-leak", "connection-pool-exhausted", _gone(_CLOSE),
        _pattern(r"pool|acquir|exhaust|too many (?:open|connections)|leak|file descriptors"),
        "no longer gives back what it takes",
    ),
    Mechanism(
        "cache-lifetime-cut", "cache-stampede", _number(r"ttl|expir|max_?age|lifetime|cache", smaller=True),
        _pattern(r"cache miss|read-through|stampede|cache_hit|hit ratio|slow query|db_cpu|database.{0,20}(?:cpu|load)"),
        "makes cache entries live much shorter, so reads go through to what is behind the cache",
    ),
    Mechanism(
        "query-per-item", "n-plus-one", _query_in_loop,
        _pattern(r"select .{0,80}where|slow request|queries|latency|n\+1"),
        "asks once an item in a loop instead of once a request",
    ),
    Mechanism(
        "timeout-cut", "timeout-too-short", _number(r"time_?out|deadline", smaller=True),
        _pattern(r"time[d -]?out|deadline exceeded"),
        "cuts a time-out far below what the call takes",
    ),
    Mechanism(
        "retry-amplified", "retry-storm", _number(r"retr|attempt|backoff|interval", smaller=None),
        _pattern(r"retr(?:y|ies)|attempt|overload|too many requests|429|storm"),
        "multiplies retries, which overload what is called",
    ),
    Mechanism(
        "memory-limit-cut", "memory-limit-too-low", _number(r"memory|heap|xmx|limit|mem", smaller=True),
        _pattern(r"oom|out of memory|killed|evict|heap space"),
        "cuts the memory that the process needs",
    ),
    Mechanism(
        "growth-unbounded", "memory-leak", _gone(_pattern(r"evict|max_?(?:size|entries)|delete\(|remove\(|lru|expire")),
        _pattern(r"oom|out of memory|heap|memory.{0,30}(?:grow|leak|limit|above|exceed)|gc pause"),
        "no longer bounds what it keeps in memory",
    ),
    Mechanism(
        "lock-changed", "concurrency", _either(_LOCK),
        _pattern(r"deadlock|data race|concurrent map|lock (?:wait|contention)|mutex|blocked"),
        "changes what is locked, and by whom", weak=True,
    ),
    Mechanism(
        "setting-gone", "configuration-missing", _gone(_KEY),
        _pattern(r"missing|not set|required|undefined|unset|keyerror|no such (?:key|setting)|invalid configuration"),
        "takes away a setting that is still read",
    ),
    Mechanism(
        "access-changed", "access-denied", _either(_AUTH),
        _pattern(r"\b40[13]\b|forbidden|unauthori[sz]ed|permission denied|access denied|invalid token|signature"),
        "changes who may do what", weak=True,
    ),
    Mechanism(
        "contract-changed", "contract-broken", _either(_FIELD),
        _pattern(r"unmarshal|deseriali|cannot parse|unknown (?:field|column)|column .{0,40} not exist|schema|invalid"),
        "changes a field that others still use", weak=True,
    ),
    Mechanism(
        "retry-removed", "error-handling-removed", _gone(_RETRY),
        _pattern(r"transient|connection reset|unavailable|gave up"),
        "no longer tries again", weak=True,
    ),
    Mechanism(
        "call-removed", "initialisation-missing", _call_gone,
        _pattern(r"not found|not registered|unregistered|unknown|missing|(?:un|not )initiali[sz]ed|no handler"),
        "no longer makes a call that others rely on",
    ),
)  # fmt: skip
