"""Lines of `key=value` pairs: `time=2026-01-01T12:00:00Z level=warn msg="slow query" ms=812`."""

import re

_PAIR = re.compile(r'([A-Za-z_@][\w.@\-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s+|$)')
_SAYING = frozenset({"level", "lvl", "severity", "msg", "message", "time", "ts", "timestamp"})
_LONGEST = 64 * 1024


def pairs_of(text: str) -> dict[str, str] | None:
    """The pairs of a line that is nothing but pairs, one of them a level, time or message; else `None`."""
    equals = text.find("=", 0, 80)
    if equals < 1 or len(text) > _LONGEST or " " in text[:equals]:
        return None
    pairs: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _PAIR.match(text, position)
        if match is None:
            return None
        pairs[match[1]] = _unquoted(match[2])
        position = match.end()
    return pairs if len(pairs) > 1 and not _SAYING.isdisjoint(pairs) else None


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), value[1:-1])
