"""Something happened: the one shape that every source's records become."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.domain.severity import Severity
from agent.domain.times import require_aware


def event_id(source: str, identity: str, content: str | bytes) -> str:
    """Sixteen hexadecimal digits from content and place: equal lines at two places stay apart.

    `identity` names the place within the source in a way that outlives renaming: a file's fingerprint and byte offset,
    a commit's hash, a file and line number.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in (source, identity, content):
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, at one time, to one subject.

    `kind` is dotted, thing first (`log.line`, `task.failed`, `commit.made`). `subject` is what it happened to: a
    service, a host, a path. `place` tells a person where the record stands (`logs/app.log:1024`). `attrs` holds
    whatever else the source knew, under names that the source's normalizer lists.
    """

    id: str
    at: datetime
    source: str
    kind: str
    subject: str
    severity: Severity
    message: str
    place: str
    attrs: Mapping[str, Any] = field(default_factory=dict, hash=False)
    run_id: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.at, "Event.at")
        if not self.id or not self.source or not self.kind:
            raise ValueError("an event needs an id, a source and a kind")

    @classmethod
    def recorded(
        cls,
        *,
        at: datetime,
        source: str,
        kind: str,
        subject: str,
        severity: Severity,
        message: str,
        place: str,
        identity: str | None = None,
        content: str | bytes | None = None,
        attrs: Mapping[str, Any] | None = None,
        run_id: str | None = None,
    ) -> "Event":
        """An event with its id worked out from `identity` (else the place) and `content` (else the message)."""
        return cls(
            id=event_id(source, identity or place, message if content is None else content),
            at=at,
            source=source,
            kind=kind,
            subject=subject,
            severity=severity,
            message=message,
            place=place,
            attrs=attrs or {},
            run_id=run_id,
        )
