"""The lines of a log that were written in a stretch of time, found without reading every line's time."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, tzinfo

from agent.domain.collected import Window
from agent.normalize.log_line import parsed

FAR = 300
"""Lines looked at on either side for one with a time: the longest stack trace that is expected."""


def within(lines: Sequence[bytes], window: Window, *, zone: tzinfo, written: datetime) -> tuple[int, int]:
    """From which line on, and up to which (not included), `lines` lie in the window; they are in order of time.

    A line without a time belongs to the one before it. Where no line has one, all were written at `written`.
    """

    def time_at(index: int) -> datetime:
        near = (*range(index, min(index + FAR, len(lines))), *range(index - 1, max(-1, index - FAR), -1))
        return next((at for one in near if (at := parsed(lines[one], zone=zone).at) is not None), written)

    start = bisect_left(range(len(lines)), window.since, key=time_at)
    end = bisect_right(range(len(lines)), window.until, lo=start, key=time_at)
    while 0 < start < end and parsed(lines[start], zone=zone).at is None:
        start += 1
    while start < end < len(lines) and parsed(lines[end], zone=zone).at is None:
        end += 1
    return start, end
