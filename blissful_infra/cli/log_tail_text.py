"""The last lines of a service that failed, for people: a JSON line as its time, level and words, others as they are."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from agent.normalize.log_line import document_of, of_document

FIRST, LAST = 4, 6
"""Of a stack trace inside of a JSON line: Java names the error at its beginning, Python at its end."""


def lines_of_tail(tail: Iterable[str]) -> Iterator[str]:
    """Each line of a log's end in words; what is no JSON object stays as the service wrote it.

    >>> list(lines_of_tail(['{"@timestamp": "2026-01-01T00:00:00Z", "log": {"level": "error"}, "message": "no disk"}']))
    ['00:00:00.000 ERROR no disk']
    """
    zone = datetime.now(UTC).astimezone().tzinfo or UTC
    for text in tail:
        raw = text.encode("utf-8", "replace")
        document = document_of(raw)
        if document is None:
            yield text
            continue
        line = of_document(document, raw, zone=zone)
        at = f"{line.at.astimezone(zone):%H:%M:%S.%f}"[:12] + " " if line.at else ""
        yield f"{at}{line.level.upper() + ' ' if line.level else ''}{line.message}"
        stack = [each.rstrip().expandtabs(4) for each in (line.stack or "").splitlines()]
        if (left_out := len(stack) - FIRST - LAST) > 1:
            stack[FIRST : FIRST + left_out] = [f"... {left_out} more lines ..."]
        yield from (f"    {each}" for each in stack)
