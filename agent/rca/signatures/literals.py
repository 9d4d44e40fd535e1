"""Which lines hold a literal of which pattern: all literals are looked for in one pass (Aho and Corasick).

The time grows with the text, not with the number of patterns; a line that holds many literals costs no more than a look
at each, and none at those whose pattern has nothing more to find.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import ahocorasick

from agent.rca.signatures.pattern import Pattern

CHUNK = 20_000
"""Lines looked through at once."""


class Literals:
    """The automaton over the literals of some patterns."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        users: dict[str, list[int]] = {}
        for index, pattern in enumerate(patterns):
            for literal in pattern.literals:
                users.setdefault(literal, []).append(index)
        self._automaton = ahocorasick.Automaton()
        for literal, indexes in users.items():
            self._automaton.add_word(literal, tuple(indexes))
        if users:
            self._automaton.make_automaton()

    def candidates(self, lines: Sequence[str], wanted: Callable[[Pattern], bool]) -> Iterator[tuple[int, Pattern]]:
        """Each line's number with each pattern that may be on it, while the pattern is `wanted`, in order."""
        for start in range(0, len(lines), CHUNK):
            lowered = [line.lower() for line in lines[start : start + CHUNK]]
            number, end, seen = 0, len(lowered[0]) if lowered else 0, set[int]()
            for at, indexes in self._automaton.iter("\n".join(lowered)) if len(self._automaton) else ():
                while at > end:
                    number += 1
                    end += len(lowered[number]) + 1
                    seen.clear()
                for index in indexes:
                    if index not in seen and wanted(self._patterns[index]):
                        seen.add(index)
                        yield start + number, self._patterns[index]


@lru_cache(maxsize=4)
def literals_of(patterns: tuple[Pattern, ...]) -> Literals:
    """The automaton of these patterns, built once."""
    return Literals(patterns)
