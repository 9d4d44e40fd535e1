"""From a service's raw lines to the entries that are wanted, reading in full only those that could be."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo

from agent.normalize.joining import joined
from agent.normalize.log_event import LogEntry
from agent.normalize.log_filter import LogFilter
from agent.normalize.log_line import document_of, level_word_of, of_document, of_text, parsed

_BRACE = ord("{")


def _unknown(_offset: int) -> datetime | None:
    return None


def entries_of(
    service: str,
    lines: Iterable[tuple[int, bytes]],
    keep: LogFilter,
    zone: tzinfo,
    *,
    before: datetime | None = None,
    time_at: Callable[[int], datetime | None] = _unknown,
) -> Iterator[LogEntry]:
    """The wanted entries among `lines`, in their order.

    An entry without a time of its own has the one that `time_at` knows for its offset, else that of the entry before
    it; `before` is the time that held before the first.
    """
    refuses, refused_words = keep.refusal_of_bytes(), keep.refused_words()
    latest = before
    skipped = b""
    for offset, raw in joined(lines):
        document = None
        if raw[0] == _BRACE:
            if refuses is not None and refuses(raw):
                skipped = raw
                continue
            document = document_of(raw)
            if document is not None and level_word_of(document) in refused_words:
                skipped = raw
                continue
        line = of_text(raw, zone=zone) if document is None else of_document(document, raw, zone=zone)
        if line.at is not None:
            latest = line.at
        else:
            latest = time_at(offset) or (parsed(skipped, zone=zone).at if skipped else None) or latest
        skipped = b""
        if keep.admits(line, latest):
            yield LogEntry(service, latest, line, offset)
