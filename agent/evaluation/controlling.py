"""Do the quotes show what the causes say? With its control: pieces of the same bundle, taken at random.

That a quote stands in the evidence is easy to reach; that it names the object or the value of its cause is not. Random
pieces of the bundle stand in it too, so what they reach by this measure is what the measure is worth.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.evaluation.quotes import is_backed
from agent.normalize.quotable import shows

Finding = Mapping[str, Any]


def quotes_of(finding: Finding) -> list[str]:
    """The texts that the finding quotes."""
    return [str(piece["quote"]) for piece in finding.get("evidence") or ()]


def fits(finding: Finding, quotes: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether the quotes stand in the bundle and show the finding's cause."""
    return is_backed(quotes, texts) and shows(
        quotes, str(finding["cause"]), str(finding["subject"]), finding.get("metric")
    )


def random_quotes(answer: Mapping[str, Any], texts: Sequence[str], seed: str) -> Iterator[tuple[Finding, list[str]]]:
    """Each finding with random pieces of the bundle, as many and as long as its own quotes; seeded."""
    chance = random.Random(seed)  # noqa: S311 - a control, not a secret
    weights = [len(text) for text in texts]
    for finding in answer.get("findings") or ():
        pieces = []
        for quote in quotes_of(finding):
            text = chance.choices(texts, weights)[0]
            start = chance.randrange(max(1, len(text) - len(quote)))
            pieces.append(text[start : start + len(quote)])
        yield finding, pieces
