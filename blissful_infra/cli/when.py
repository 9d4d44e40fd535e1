"""Moments as people give them on the command line: `15m`, `2h30m`, `3d`, or an ISO 8601 time."""

import re
from datetime import datetime, timedelta

from blissful_infra.errors import UsageError

_SPAN = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?")


def moment(text: str, *, option: str, now: datetime) -> datetime:
    """The moment that lies so long before `now`, or the time named; one without a zone is local. Raises UsageError."""
    if text and (span := _SPAN.fullmatch(text)):
        days, hours, minutes, seconds = (int(part or 0) for part in span.groups())
        return now - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option} {text!r} is no time",
            hint=f"give a span such as {option} 15m, 2h or 3d, or a time such as {option} {now:%Y-%m-%dT%H:%M}",
        ) from None
