"""The one rule about time: every moment knows its zone."""

from datetime import datetime


def require_aware(at: datetime, name: str) -> None:
    """Raise `ValueError` for a time without a zone; two such times cannot be put in order."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"{name} has no time zone: {at.isoformat()}")
