"""What carriers of logs put before a program's own line, taken off so that the line reads as the program wrote it.

2026-01-01T12:00:00.123456789Z {"level":"error"}          kubectl logs --timestamps, GitHub Actions
2026-01-01T12:00:00.123456789Z stderr F panic: no         the files of a container runtime (CRI)
2026-01-01T12:00:00.123456Z 00O ERROR: Job failed         GitLab's job logs (`00E`, `01O+` too)
[pod/web-1/web] 2026-01-01 12:00:00 ERROR no              kubectl logs --prefix
web-1  | 2026-01-01T12:00:00Z ERROR no                    docker compose logs
"""

import re
from datetime import UTC, datetime

from agent.normalize.timestamps import moment_of

_NAMED = re.compile(rb"\[pod/[^/\]\s]{1,253}/([^\]\s]{1,253})\] |([a-zA-Z0-9][\w.-]{0,100}) +\| ")
_STAMPED = re.compile(rb"\xef?\xbb?\xbf?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ")
_STREAM = re.compile(rb"(?:std(?:out|err) [FP] |\d\d[OE]\+? )")
_OWN = re.compile(rb"\{|[IWEF]\d{4} \d\d:\d\d|\[?\d{4}[-/]\d\d[-/]\d\d[T ]|[a-z_]{1,20}=|##\[|\d+:[XCSM] ")
"""How a line begins that knows its level or time itself."""


def carried(raw: bytes) -> tuple[bytes, datetime | None, str | None]:
    """The program's own line, with the carrier's time and the service that the carrier named, where there are such."""
    service = at = None
    if raw[:1] not in b"{\t " and (named := _NAMED.match(raw)):
        service = (named[1] or named[2]).decode("ascii", "replace")
        raw = raw[named.end() :]
    if (stamped := _STAMPED.match(raw)) is not None:
        rest = raw[stamped.end() :]
        stream = _STREAM.match(rest)
        if stream is not None or _OWN.match(rest):
            at = moment_of(stamped[1].decode(), UTC)
            raw = rest[stream.end() :] if stream else rest
    return raw, at, service
