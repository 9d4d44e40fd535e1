"""The lines that hold one of some words, found in one pass over the text (Aho and Corasick), case aside."""

from collections.abc import Iterator, Sequence

import ahocorasick

CHUNK = 20_000
"""Lines looked through at once."""


class Words:
    """The automaton over the words, which are in lower case."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
        for word in words:
            self._automaton.add_word(word)
        self._automaton.make_automaton()

    def lines_in(self, lines: Sequence[str]) -> Iterator[int]:
        """The numbers of the lines, rising."""
        for start in range(0, len(lines), CHUNK):
            lowered = [line.lower() for line in lines[start : start + CHUNK]]
            number, end, last = 0, len(lowered[0]), -1
            for at, _ in self._automaton.iter("\n".join(lowered)):
                while at > end:
                    number += 1
                    end += len(lowered[number]) + 1
                if number != last:
                    last = number
                    yield start + number
