"""Shapes: the tokens that lines of one kind share, and how many of them are looked at without comparing each pair."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from agent.normalize.templates.masking import VARIABLE

Shape = tuple[str, ...]
"""Tokens with each value as `<*>` and each run of digits as 0."""

SIGNS: Final = frozenset("=,;()[]{}|\"'`:")
"""Tokens that programs put around words; never values themselves."""


def blank(shape: Shape, indexes: Iterable[int]) -> Shape:
    """The shape with `<*>` in these places."""
    tokens = list(shape)
    for index in indexes:
        tokens[index] = VARIABLE
    return tuple(tokens)


def constants(shape: Shape) -> int:
    """How many words of the shape are not variable."""
    return sum(1 for token in shape if len(token) > 1 and token != VARIABLE and any(map(str.isalpha, token)))


def by_structure(shapes: Iterable[Shape]) -> Iterable[list[Shape]]:
    """Shapes that can differ in words only: as many tokens, the same signs in the same places."""
    alike: dict[Shape, list[Shape]] = defaultdict(list)
    for shape in shapes:
        alike[structure(shape)].append(shape)
    return alike.values()


def structure(shape: Shape) -> Shape:
    """The signs of a shape, and that there are words between them."""
    return tuple([token if token in SIGNS else "" for token in shape])


class Places:
    """Numbers the beginnings and endings of shapes, so that shapes that share one are found without comparing."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._of: dict[Shape, tuple[list[int], list[int]]] = {}

    def of(self, shape: Shape) -> tuple[list[int], list[int]]:
        """For each place the number of what comes before it, and of what comes from it on."""
        if shape not in self._of:
            self._of[shape] = self._chain(shape, 0), self._chain(shape[::-1], -1)[::-1]
        return self._of[shape]

    def _chain(self, words: Sequence[str], number: int) -> list[int]:
        chain = [number]
        for word in words:
            number = self._numbers.setdefault((number, word), len(self._numbers) + 1)
            chain.append(number)
        return chain
