"""Plain text lines: the time at the front, the level near it, the message.

    2026-01-01 12:00:00.123 UTC [71] ERROR:  relation "greetings" does not exist     Postgres
    [2026-01-01 12:00:00,123] WARN [Controller 1] slow (kafka.server.Controller)     Kafka
    71:M 01 Jan 2026 12:00:00.123 * Ready to accept connections                      Valkey, Redis
    2026-01-01 12:00:00,123 p=71 u=me n=ansible | fatal: [local]: FAILED! => ...     Ansible
    2026-01-01T12:00:00.123Z  INFO 71 --- [main] c.e.Application : Started           Spring Boot
    INFO:     Uvicorn running on ...                                                 uvicorn
    [ERROR] COMPILATION ERROR :                                                      Maven

Web servers, syslog and .NET are in `server_lines`.

Only the first few hundred characters are searched, whatever the length of the line.
"""

import re
from datetime import datetime, tzinfo
from typing import NamedTuple

from agent.domain import Severity
from agent.normalize.levels import severity_of
from agent.normalize.neutral import without_ansi
from agent.normalize.server_lines import server_line
from agent.normalize.timestamps import moment_of

_SEARCHED = 300
_STAMP = re.compile(
    r"\[?(\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?"
    r"(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?)\]?[\s:|]*"
)
_VALKEY = re.compile(r"\d+:[XCSM] (\d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?) ([.\-*#]) ")
_VALKEY_LEVELS = {".": Severity.DEBUG, "-": Severity.DEBUG, "*": Severity.INFO, "#": Severity.WARN}
_POSTGRES = re.compile(r"(?:[A-Z]{3,5} )?\[\d+\](?: \S+@\S+)? ([A-Z]+\d?):\s+")
_KLOG = re.compile(r"([IWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d+\s+\d+ (\S+)\] ")
_KLOG_LEVELS = {"I": Severity.INFO, "W": Severity.WARN, "E": Severity.ERROR, "F": Severity.FATAL}
_SPRING = re.compile(r"\s*([A-Z]+)\s+\d+ --- (?:\[[^\]]*\] ?)*(\S+)\s*: ")
_ANSIBLE = re.compile(r"p=\d+ u=\S+ n=\S+ (?:[A-Z]+\s*)?\| ?")
_WORD = (
    r"(?P<level>TRACE|VRB|DBG|INF\b|WRN|ERR\b|FTL|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC"
    r"|trace|debug|info|notice|warn|warning|error|critical|fatal|panic)"
)
_LEVEL_FIRST = re.compile(rf"[\[<(]?{_WORD}(?:[\]>)]:?|:| -|(?=\s)|$)\s*")
_LEVEL_SOON = re.compile(rf"(?:\S{{1,80}} ){{1,3}}[\[<(]?{_WORD}(?:[\]>)]:?|:|\s)\s*")
_LOGGER_LAST = re.compile(r"(.*\S) \(([A-Za-z][\w.$]*\.[A-Za-z][\w.$]*)\)$", re.DOTALL)
_FAILING = re.compile(
    r"(?:fatal|error|failed|panic)\b|Exception in thread|Traceback|[\w.$]+(?:Error|Exception)\b(?:: |$)"
)


class Plain(NamedTuple):
    """What a plain line says; `more` are the lines after its first, newline-separated."""

    at: datetime | None
    level: Severity | None
    message: str
    logger: str | None = None
    more: str | None = None


def plain_of(text: str, zone: tzinfo) -> Plain:
    """What the line (and the lines joined to it) says; a time without a zone is in `zone`."""
    first, newline, more = without_ansi(text).partition("\n")
    said = _valkey(first, zone) or _klog(first) or _served(first, zone) or _stamped(first, zone)
    return said._replace(more=more) if newline else said


def _valkey(text: str, zone: tzinfo) -> Plain | None:
    if match := _VALKEY.match(text):
        return Plain(moment_of(match[1], zone), _VALKEY_LEVELS[match[2]], text[match.end() :])
    return None


def _klog(text: str) -> Plain | None:
    if match := _KLOG.match(text):
        return Plain(None, _KLOG_LEVELS[match[1]], text[match.end() :], logger=match[2])
    return None


def _served(text: str, zone: tzinfo) -> Plain | None:
    found = server_line(text, zone)
    return None if found is None else Plain(found.at, found.level, found.message, logger=found.logger)


def _stamped(text: str, zone: tzinfo) -> Plain:
    stamp = _STAMP.match(text, 0, _SEARCHED)
    at = moment_of(stamp[1], zone) if stamp else None
    rest = text[stamp.end() :] if stamp and at else text
    if match := _POSTGRES.match(rest, 0, _SEARCHED):
        return Plain(at, severity_of(match[1]), rest[match.end() :])
    if match := _SPRING.match(rest, 0, _SEARCHED):
        return Plain(at, severity_of(match[1]), rest[match.end() :], logger=match[2])
    if match := _ANSIBLE.match(rest, 0, _SEARCHED):
        rest = rest[match.end() :]
    level, message = _levelled(rest, stamped=at is not None)
    if len(message) < 4096 and (last := _LOGGER_LAST.fullmatch(message)):
        return Plain(at, level, last[1], logger=last[2])
    return Plain(at, level, message)


def _levelled(text: str, *, stamped: bool) -> tuple[Severity | None, str]:
    """The level and what is left: a level word counts at the front, or, after a time, among the first few words.

    Ansible's `fatal: [host]` is one task's failure, not the end of a process.
    """
    if text.startswith("fatal: ["):
        return Severity.ERROR, text
    if match := _LEVEL_FIRST.match(text, 0, _SEARCHED):
        is_prose = match["level"].islower() and text[0] not in "[<("
        return severity_of(match["level"]), text if is_prose else text[match.end() :] or text
    if stamped and (match := _LEVEL_SOON.match(text, 0, _SEARCHED)):
        return severity_of(match["level"]), text
    return (Severity.ERROR, text) if _FAILING.match(text, 0, _SEARCHED) else (None, text)
