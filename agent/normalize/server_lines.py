"""Lines of web servers and of syslog, whose time or level does not stand where other programs write it.

10.0.0.7 - bob [10/Oct/2025:13:55:36 +0200] "GET /x HTTP/1.1" 502 157 "-" "curl/8"     access, nginx and Apache
[Thu Jan 01 12:00:00.123456 2026] [proxy:error] [pid 71:tid 1] AH00957: no              Apache's error log
<11>1 2026-01-01T12:00:00.123Z host app 71 ID47 - connection refused                    syslog, RFC 5424
<3>Jan  1 12:00:00 host app[71]: connection refused                                     syslog, RFC 3164: no year
fail: Microsoft.AspNetCore.Server.Kestrel[13]                                           .NET's console
"""

import re
from datetime import datetime, tzinfo
from typing import NamedTuple

from agent.domain import Severity
from agent.normalize.levels import severity_of
from agent.normalize.timestamps import moment_of

_SEARCHED = 600
_ACCESS = re.compile(r'\S{1,100} \S{1,100} \S{1,100} \[([^\]]{20,30})\] "[^"]{0,400}" (\d{3}) ')
_APACHE = re.compile(
    r"\[[A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}(?:\.\d{1,6})? \d{4})\] \[(?:(\w+):)?(\w+)\] "
    r"(?:\[pid [^\]]{1,40}\] )?(?:\[client [^\]]{1,60}\] )?"
)
_RFC5424 = re.compile(
    r"<(\d{1,3})>1 (\S{1,40}) \S{1,255} (\S{1,48}) \S{1,128} \S{1,32} (?:-|(?:\[[^\]]{0,300}\])+) ?(?:\ufeff)?"
)
_RFC3164 = re.compile(
    r"(?:<(\d{1,3})>)?[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \S{1,255} ([\w./@-]{1,48})(?:\[\d+\])?: "
    r"(?:(error|warning|fatal|crit|critical|debug|info|notice): )?"
)
_DOTNET = re.compile(r"(trce|dbug|info|warn|fail|crit): ([\w.]{1,200})\[\d+\]\s*")
_DOTNET_LEVELS = {"trce": "trace", "dbug": "debug", "fail": "error"}
_PRIORITIES = ("fatal", "fatal", "fatal", "error", "warn", "info", "info", "debug")
_FAILED = 500


class ServerLine(NamedTuple):
    """What such a line says. `at` is `None` where the line has no year."""

    at: datetime | None
    level: Severity | None
    message: str
    logger: str | None = None


def server_line(text: str, zone: tzinfo) -> ServerLine | None:
    """What the line says, or `None` where it is none of these. An access line is an error from status 500 on."""
    first = text[:1]
    if first == "<" and (found := _RFC5424.match(text, 0, _SEARCHED)):
        logger = None if found[3] == "-" else found[3]
        return ServerLine(moment_of(found[2], zone), _priority(found[1]), text[found.end() :], logger)
    if first == "[" and (found := _APACHE.match(text, 0, _SEARCHED)):
        return ServerLine(_apache_time(found[1], zone), severity_of(found[3]), text[found.end() :], found[2])
    if (first == "<" or first.isupper()) and (found := _RFC3164.match(text, 0, _SEARCHED)):
        level = severity_of(found[3]) if found[3] else _priority(found[1])
        return ServerLine(None, level, text[found.end() :], found[2])
    if first in "tdiwfc" and (found := _DOTNET.match(text, 0, _SEARCHED)):
        level = severity_of(_DOTNET_LEVELS.get(found[1], found[1]))
        return ServerLine(None, level, text[found.end() :] or text, found[2])
    if " [" in text[:_SEARCHED] and (found := _ACCESS.match(text, 0, _SEARCHED)):
        level = Severity.ERROR if int(found[2]) >= _FAILED else Severity.INFO
        return ServerLine(moment_of(found[1], zone), level, text)
    return None


def _priority(number: str | None) -> Severity | None:
    return severity_of(_PRIORITIES[int(number) % 8]) if number else None


def _apache_time(text: str, zone: tzinfo) -> datetime | None:
    form = "%b %d %H:%M:%S.%f %Y" if "." in text else "%b %d %H:%M:%S %Y"
    try:
        return datetime.strptime(text, form).replace(tzinfo=zone)
    except ValueError:
        return None
