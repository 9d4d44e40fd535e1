"""How a change to what lies around the code breaks things: schemas, addresses, versions, limits, manifests.

The same two sides as in `agent.rca.changes.mechanisms`; several of these look from outside like nobody's fault, so each
tells which outside cause it may be taken for.
"""

import re
from collections.abc import Iterator

from agent.rca.changes.diffs import Change, is_comment
from agent.rca.changes.mechanisms import Lines, Mechanism, gone, number, pattern

_INDEX = pattern(r"create (?:unique )?index|@Index\b|add_index|index=True|\.createIndex\(|ensureIndex")
_VERSION = re.compile(
    r"^[\s+\"'-]*(?P<name>@?[A-Za-z][\w./@:-]*?)[\"']?[\s:=@~^<>\"'v]+(?P<major>\d+)\.\d+[\w.+-]*[\"',]*$"
)
_ADDRESS = re.compile(
    r"^[\s\"'-]*(?P<key>[\w.\[\]-]+)[\"']?\s*(?:[:=]|:=)\s*[\"']?(?P<value>(?:\w[\w+.-]*://)?[\w-]+(?:\.[\w-]+)*"
    r"(?::\d{2,5})?(?:/\S*)?)[\"']?,?$"
)
_ADDRESSED = pattern(r"host|addr|url|uri|endpoint|server|broker|port\b|dsn|upstream|target")
_IMAGE = re.compile(r"^[\s-]*image:\s*\S+$")
_PROBED = pattern(r"^[\s-]*(?:path|port|initialDelaySeconds|timeoutSeconds|periodSeconds|failureThreshold):")


def _added(text: str) -> Lines:
    wanted = pattern(text)

    def lines(change: Change) -> Iterator[str]:
        yield from (line for line in change.added if wanted.search(line) and not is_comment(line))

    return lines


def _both(wanted: re.Pattern[str]) -> Lines:
    """New lines with the pattern where old ones had it too."""

    def lines(change: Change) -> Iterator[str]:
        if any(wanted.search(line) for line in change.removed if not is_comment(line)):
            yield from (line for line in change.added if wanted.search(line) and not is_comment(line))

    return lines


def _index_dropped(change: Change) -> Iterator[str]:
    yield from _added(r"\bdrop index\b|remove_index|dropIndex\(|op\.drop_index")(change)
    yield from gone(_INDEX)(change)


def _major_changed(change: Change) -> Iterator[str]:
    before = {found["name"]: found["major"] for line in change.removed if (found := _VERSION.match(line))}
    for line in change.added:
        found = _VERSION.match(line)
        if found and before.get(found["name"], found["major"]) != found["major"]:
            yield line


def _address_changed(change: Change) -> Iterator[str]:
    before = {found["key"]: found["value"] for line in change.removed if (found := _ADDRESS.match(line))}
    for line in change.added:
        found = _ADDRESS.match(line)
        if not found or before.get(found["key"], found["value"]) == found["value"]:
            continue
        if _ADDRESSED.search(f"{found['key']} {found['value']}"):
            yield line


def _probe_changed(change: Change) -> Iterator[str]:
    if any("robe" in line for line in (*change.after, *change.removed)):
        yield from _both(_PROBED)(change)


AROUND = (
    Mechanism(
        "index-dropped", "slow-query", _index_dropped,
        pattern(r"slow query|seq(?:uential)? scan|table scan|rows?_examined|statement timeout|duration: \d{4,}"),
        "takes away an index that queries need",
    ),
    Mechanism(
        "coalescing-gone", "cache-stampede",
        gone(pattern(r"singleflight|\.Do\(|coalesc|dogpile|stale.?while|jitter|@Cacheable\(.*sync")),
        pattern(r"stampede|cache miss|read-through|thundering|concurrent loads|db_cpu|slow query|hit ratio"),
        "lets every reader load what is not in the cache by itself",
    ),
    Mechanism(
        "version-raised", "dependency-incompatible", _major_changed,
        pattern(
            r"NoSuch(?:Method|Field)|ImportError|cannot import|has no attribute|is not a function|"
            r"undefined (?:method|symbol)|"
            r"incompatib|UnsupportedClassVersion|AbstractMethod|wire version|ClassNotFound|unexpected keyword argument"
        ),
        "changes a library to another major version, which does not fit",
    ),
    Mechanism(
        "address-changed", "dependency-unreachable", _address_changed,
        pattern(r"no such host|connection refused|ECONNREFUSED|ENOTFOUND|could not resolve|no route to host|\b404\b"),
        "changes the address that is called", despite=frozenset({"name-resolution"}),
    ),
    Mechanism(
        "batch-raised", "memory-limit-too-low",
        number(r"batch|page_?size|chunk|bulk|prefetch|fetch_?size|buffer", smaller=False),
        pattern(r"oom|out of memory|heap space|payload too large|too large"),
        "takes far more at once",
    ),
    Mechanism(
        "rate-lowered", "rate-limited", number(r"per_?(?:second|minute)|rps|qps|rate|burst", smaller=True),
        pattern(r"\b429\b|rate limit|too many requests|throttl"),
        "lowers a rate limit below what callers need", despite=frozenset({"quota-reached"}),
    ),
    Mechanism(
        "tls-settings", "tls",
        _both(pattern(r"VersionTLS|ssl_protocols|min_?(?:tls_?)?version|cipher|TLSv1|MinVersion")),
        pattern(r"protocol version|handshake failure|no cipher|unsupported protocol|no shared cipher|SSLHandshake"),
        "changes which TLS is accepted",
    ),
    Mechanism(
        "lock-kept", "concurrency", gone(pattern(r"\bR?Unlock\(|\.release\(|\.unlock\(")),
        pattern(r"deadlock|blocked on|mutex|lock (?:wait|contention)|waiting for lock"),
        "no longer gives a lock back",
    ),
    Mechanism(
        "column-changed", "contract-broken",
        _added(r"(?:rename|drop) column|rename_column|remove_column|drop_column|RenameField|RemoveField"),
        pattern(r"column .{0,60}(?:not exist|unknown|missing)|unknown column|no such column|undefinedcolumn"),
        "changes a column that running code still reads",
    ),
    Mechanism(
        "log-level", "disk-full", _added(r"(?:level|verbosity)[\w\"']*\s*[:=]\s*[\"']?(?:debug|trace|all)\b"),
        pattern(r"no space left|disk (?:is )?full|ENOSPC|log volume"),
        "makes logs so wordy that they fill the disk", despite=frozenset({"disk-full"}),
    ),
    Mechanism(
        "image-changed", "image-pull", _both(_IMAGE),
        pattern(r"ImagePull|ErrImage|manifest unknown|failed to pull image"),
        "names an image that cannot be pulled",
    ),
    Mechanism(
        "probe-changed", "probe-failing", _probe_changed,
        pattern(r"(?:liveness|readiness|startup) probe (?:failed|errored)"),
        "changes what a probe asks or how long it waits",
    ),
)  # fmt: skip
