"""When a quote stands in a text, and when it shows what a cause speaks of."""

import re
from collections.abc import Iterable

MIN_CHARACTERS = 8
"""A shorter quote shows nothing: it stands in any text."""

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[A-Za-z0-9_]+(?:[./:@-]+[A-Za-z0-9_]+)*")
_PASSAGE = re.compile(r'"([^"]{8,})"')
_TELLING = re.compile(r"\d|[._/:@-]|[a-z][A-Z]|^[A-Z]{3,}")


def comparable(text: str) -> str:
    """Text without colours and with every run of white space as one blank."""
    return _SPACES.sub(" ", _ANSI.sub("", text)).strip()


def shows(quotes: Iterable[str], cause: str, subject: str, metric: str | None = None) -> bool:
    """Whether a quote has the subject or a telling word of the cause: a name with a mark or a
    capital in it, a value; or a passage that the cause sets in quotation marks.
    Numbers of up to three digits stand anywhere and tell nothing. A metric that the cause names may be a plain word:
    the quote must have it as a whole word.

    >>> shows(["claim redis-data: storageclass not found"], "The claim redis-data is not bound", "redis")
    True
    >>> shows(["everything is fine here"], "The claim redis-data is not bound", "redis")
    False
    """
    words = (word for word in _WORDS.findall(cause) if len(word) > (3 if word.isdigit() else 2))
    wanted = {word.lower() for word in words if _TELLING.search(word)}
    wanted |= {subject.rsplit("/", 1)[-1].lower()} if len(subject) > 2 else set()
    wanted |= {comparable(passage).lower() for passage in _PASSAGE.findall(cause)}
    texts = [comparable(quote).lower() for quote in quotes]
    if any(word in text for text in texts for word in wanted):
        return True
    column = re.compile(rf"(?<![\w-]){re.escape(metric.lower())}(?![\w-])") if metric and metric in cause else None
    return column is not None and any(column.search(text) for text in texts)
