"""Does a quote really stand in the evidence? The check behind "claims backed", and its control with random quotes."""

import re
from collections.abc import Iterable

MIN_CHARACTERS = 8

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_SPACES = re.compile(r"\s+")


def comparable(text: str) -> str:
    """Text without colours and with every run of white space as one blank: what quotes are compared in."""
    return _SPACES.sub(" ", _ANSI.sub("", text)).strip()


def is_backed(quotes: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether at least one quote of eight characters or more occurs in one of the texts (already `comparable`)."""
    wanted = [quote for raw in quotes if len(quote := comparable(raw)) >= MIN_CHARACTERS]
    return any(quote in text for text in texts for quote in wanted)
