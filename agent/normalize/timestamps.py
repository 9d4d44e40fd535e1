"""Times as logs write them, made into moments that know their zone.

`2026-01-01T12:00:00.000Z`, `2026-01-01 12:00:00,123`, `2026/01/01 12:00:00`, `2026-01-01 12:00:00.123 UTC`,
`01 Jan 2026 12:00:00.123` (Valkey), `10/Oct/2025:13:55:36 +0200` (access logs), and numbers: seconds, milliseconds,
microseconds or nanoseconds since 1970, told apart by their size.
"""

import re
from datetime import UTC, datetime, tzinfo

_EARLIEST, _LATEST = 631_152_000, 4_102_444_800
"""1990 and 2100: a number outside is no time of a log line."""

_WORDED = (
    (re.compile(r"\d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}\.\d{1,6}"), "%d %b %Y %H:%M:%S.%f"),
    (re.compile(r"\d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}"), "%d %b %Y %H:%M:%S"),
    (re.compile(r"\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}"), "%d/%b/%Y:%H:%M:%S %z"),
)


def moment_of(value: object, zone: tzinfo) -> datetime | None:
    """The moment that `value` names, or `None`; a time without a zone is taken to be in `zone`."""
    if type(value) is str:
        return _from_text(value, zone)
    return _from_number(float(value)) if type(value) in (int, float) else None  # type: ignore[arg-type]


def _from_text(text: str, zone: tzinfo) -> datetime | None:
    if len(text) < 10 or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return _from_other_text(text.strip(), zone)
    if at.tzinfo is None:
        number = _from_digits(text)
        return number or at.replace(tzinfo=zone)
    return at


def _from_other_text(text: str, zone: tzinfo) -> datetime | None:
    if number := _from_digits(text):
        return number
    for pattern, form in _WORDED:
        if pattern.fullmatch(text):
            return _parsed(text, form, zone)
    tidy = text.replace("/", "-").removesuffix("UTC").removesuffix("GMT").rstrip()
    if len(tidy) > 6 and tidy[-7:-5] in (" +", " -"):
        tidy = tidy[:-7] + tidy[-6:]
    try:
        at = datetime.fromisoformat(tidy)
    except ValueError:
        return None
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC if text.endswith(("UTC", "GMT")) else zone)
    return at


def _parsed(text: str, form: str, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set below where the text has none
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _from_digits(text: str) -> datetime | None:
    digits = text.replace(".", "", 1)
    return _from_number(float(text)) if digits.isascii() and digits.isdigit() else None


def _from_number(number: float) -> datetime | None:
    for scale in (1, 1e3, 1e6, 1e9):
        if _EARLIEST <= number / scale < _LATEST:
            return datetime.fromtimestamp(number / scale, UTC)
    return None
