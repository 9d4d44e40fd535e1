"""Shapes: the tokens that lines of one kind share, and which of them can be compared with each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from agent.normalize.templates.values import ESCAPE, VARIABLE

Shape = tuple[str, ...]
"""Tokens with each value as `<*>` and each run of digits as 0."""

SIGNS: Final = frozenset((*"=,;()[]{}|\"'`:", *(ESCAPE + quote for quote in "\"'`")))
"""Tokens that programs put around words; never values themselves."""

Structure = tuple[str | None, ...]
"""The signs of a shape, each in its place, and None for a word."""

_SIGN: Final = {sign: sign for sign in SIGNS}


def blank(shape: Shape, indexes: Iterable[int]) -> Shape:
    """The shape with `<*>` in these places."""
    tokens = list(shape)
    for index in indexes:
        tokens[index] = VARIABLE
    return tuple(tokens)


def constants(shape: Shape) -> int:
    """How many words of the shape are not variable."""
    return sum(map(_is_constant, shape))


@lru_cache(maxsize=50_000)
def _is_constant(token: str) -> bool:
    return len(token) > 1 and token != VARIABLE and any(map(str.isalpha, token))


def by_structure(shapes: Iterable[Shape]) -> Iterable[list[Shape]]:
    """Shapes that can differ in words only: as many tokens, the same signs in the same places."""
    alike: dict[Structure, list[Shape]] = defaultdict(list)
    for shape in shapes:
        alike[structure(shape)].append(shape)
    return alike.values()


def structure(shape: Shape) -> Structure:
    """The signs of a shape, and that there are words between them."""
    return tuple(map(_SIGN.get, shape))


def sharing_half(shapes: Iterable[Shape]) -> Iterator[list[Shape]]:
    """Shapes of one length that begin or end alike: any two that differ in one word only are in one of these lists."""
    halves: dict[tuple[int, Shape], list[Shape]] = defaultdict(list)
    for shape in shapes:
        length = len(shape)
        halves[length, shape[: length // 2]].append(shape)
        halves[-length, shape[length // 2 :]].append(shape)
    return (alike for alike in halves.values() if len(alike) > 1)


def shared_ends(shapes: Sequence[Shape]) -> dict[Shape, tuple[int, int]]:
    """With how many words each shape begins as some other one does, and with how many it ends so."""
    beginnings = _shared_beginnings(shapes)
    endings = _shared_beginnings([shape[::-1] for shape in shapes])
    return {shape: (beginnings[shape], endings[shape[::-1]]) for shape in shapes}


def _shared_beginnings(shapes: Iterable[Shape]) -> dict[Shape, int]:
    """Of shapes in order, the one that shares most is next to each."""
    shared: dict[Shape, int] = {}
    former: Shape = ()
    for shape in sorted(shapes):
        words = 0
        for word, its_word in zip(shape, former, strict=False):
            if word != its_word:
                break
            words += 1
        shared[shape] = words
        shared[former] = max(shared.get(former, 0), words)
        former = shape
    return shared
