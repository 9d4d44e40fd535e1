"""Which lines hold a literal of which pattern: all literals are looked for in one pass (Aho and Corasick).

The time grows with the text, not with the number of patterns; a line that holds many literals costs no more than a look
at each, and none at those whose pattern has nothing more to find.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import ahocorasick

from agent.rca.signatures.pattern import Pattern

CHUNK = 20_000
"""Lines looked through at once."""


class Literals:
    """The automaton over the literals of some patterns."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._automaton = self._automaton_of(range(len(patterns)))

    def candidates(self, lines: Sequence[str], wanted: Callable[[Pattern], bool]) -> Iterator[tuple[int, Pattern]]:
        """Each line's number with each pattern that may be on it, while the pattern is `wanted`, in order.

        A pattern that is not wanted any more is not looked for in later chunks: the common ones are the first to go.
        """
        automaton, sought = self._automaton, list(range(len(self._patterns)))
        for start in range(0, len(lines), CHUNK):
            if start and len(still := [index for index in sought if wanted(self._patterns[index])]) < len(sought):
                automaton, sought = self._automaton_of(still), still
            lowered = [line.lower() for line in lines[start : start + CHUNK]]
            number, end, seen = 0, len(lowered[0]) if lowered else 0, set[int]()
            for at, indexes in automaton.iter("\n".join(lowered)) if len(automaton) else ():
                while at > end:
                    number += 1
                    end += len(lowered[number]) + 1
                    seen.clear()
                for index in indexes:
                    if index not in seen and wanted(self._patterns[index]):
                        seen.add(index)
                        yield start + number, self._patterns[index]

    def _automaton_of(self, indexes: Iterable[int]) -> ahocorasick.Automaton:
        users: dict[str, list[int]] = {}
        for index in indexes:
            for literal in self._patterns[index].literals:
                users.setdefault(literal, []).append(index)
        automaton = ahocorasick.Automaton()
        for literal, some in users.items():
            automaton.add_word(literal, tuple(some))
        if users:
            automaton.make_automaton()
        return automaton


@lru_cache(maxsize=4)
def literals_of(patterns: tuple[Pattern, ...]) -> Literals:
    """The automaton of these patterns, built once."""
    return Literals(patterns)
