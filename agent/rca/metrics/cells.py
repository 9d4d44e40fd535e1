"""The rows of a metrics file as they stand in it, to quote."""

from collections.abc import Iterable

from agent.domain.claim import Quote
from agent.domain.investigation import Document
from agent.domain.telemetry import Series

MAX_CHARACTERS = 400


def row_quotes(series: Series, at: float, records: Iterable[Document], reason: str) -> tuple[Quote, ...]:
    """The file's head, which names the columns, and its row of that time; empty where the file is not known."""
    text = next((document.text for document in records if document.path == series.path), "")
    lines = text.split("\n")
    row = next((line for line in lines[1:] if _time(line) == at), None)
    if row is None:
        return ()
    kept = [Quote(series.path, row.strip()[:MAX_CHARACTERS], reason)]
    if lines[0].strip():
        kept.append(Quote(series.path, lines[0].strip()[:MAX_CHARACTERS], "the columns of the row"))
    return tuple(kept)


def cell(series: Series, at: float, records: Iterable[Document]) -> str:
    """The value of that time as the file writes it."""
    text = next((document.text for document in records if document.path == series.path), "")
    lines = text.split("\n")
    columns = [name.strip() for name in lines[0].split(",")]
    row = next((line for line in lines[1:] if _time(line) == at), "").split(",")
    column = columns.index(series.metric) if series.metric in columns else -1
    if 0 <= column < len(row):
        return row[column].strip()
    return f"{dict(zip(series.times, series.values, strict=True)).get(at, 0.0):g}"


def _time(line: str) -> float | None:
    try:
        return float(line.split(",", 1)[0])
    except ValueError:
        return None
