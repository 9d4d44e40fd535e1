"""Does a quote really stand in the evidence? The check behind "claims backed", and its control with random quotes."""

from collections.abc import Iterable

from agent.normalize.quotable import MIN_CHARACTERS, comparable

__all__ = ["MIN_CHARACTERS", "comparable", "is_backed"]


def is_backed(quotes: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether at least one quote of eight characters or more occurs in one of the texts (already `comparable`)."""
    wanted = [quote for raw in quotes if len(quote := comparable(raw)) >= MIN_CHARACTERS]
    return any(quote in text for text in texts for quote in wanted)
