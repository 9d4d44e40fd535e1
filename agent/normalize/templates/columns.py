"""Columns: which words of masked lines vary, judged by comparing the lines with each other.

Lines that agree in all words but one stand for one template when that word reads like a value: other lines have
`<*>` in its place, it follows a word that announces a value (`user`, `file`, `=`), it is a value elsewhere, or many
different words stand there. They stand for several templates when the word tells what happened (`vocabulary`), or
when it is the line's first word, which names the event or who speaks.

The idea that words of one frequency belong together and columns of many words are variables is Brain's (Yu et al.,
"Brain: Log Parsing With Bidirectional Parallel Tree", 2023); the comparison of shapes leaving one place out is ours.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Final

from agent.normalize.templates.masking import VARIABLE
from agent.normalize.templates.vocabulary import announces, hints, tells_what_happened

Shape = tuple[str, ...]

MANY_WORDS: Final = 4
"""So many different words in one place are values, unless they tell what happened."""
MANY_AFTER_HINT: Final = 3
"""The same behind a preposition."""
MANY_SPEAKERS: Final = 12
"""The same for the first place of a line."""
MANY_PROPERTIES: Final = 5
"""So many dotted names before `=` behind the same words are a dump of settings."""
MANY_SPANS: Final = 4
"""So many different texts between the same quotes or brackets are values."""

_ROUNDS = 6
_PAIRS_LIMIT = 200_000
_PROPERTY = re.compile(r"((?:\w+:)?)([A-Za-z]\w*(?:\.\w+)+)")
_OPENING: Final = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`"}
_SIGNS: Final = frozenset("=,;()[]{}|\"'`:")


@dataclass(slots=True)
class Merged:
    """`target` maps each shape to its template; `values` are the words found to vary somewhere."""

    target: dict[Shape, Shape]
    values: set[str] = field(default_factory=set)
    templates: set[Shape] = field(default_factory=set)


def merged(shapes: Iterable[Shape]) -> Merged:
    """Finds the template of each distinct shape; words that vary are `<*>` in it. The order of shapes is no matter."""
    found = Merged({shape: shape for shape in shapes})
    steps: tuple[Callable[[Sequence[Shape], Merged], Mapping[Shape, Shape]], ...] = (
        _one_word_apart,
        _two_words_apart,
        _one_word_apart,
        _spans_apart,
        _instances,
        _properties,
    )
    for step in steps:
        for _ in range(_ROUNDS):
            changes = step(list(dict.fromkeys(found.target.values())), found)
            if not changes:
                break
            found.templates.update(changes.values())
            found.target = {shape: changes.get(now, now) for shape, now in found.target.items()}
    return found


def without_spans(shape: Sequence[str]) -> list[tuple[int, str]]:
    """The tokens with each quoted or bracketed text as one variable, each with the place it had."""
    kept: list[tuple[int, str]] = []
    index = 0
    while index < len(shape):
        sign = shape[index]
        kept.append((index, sign))
        closing = _OPENING.get(sign)
        if closing and closing in shape[index + 1 :]:
            end = shape.index(closing, index + 1)
            if end > index + 1:
                kept.append((index + 1, VARIABLE))
            kept.append((end, closing))
            index = end
        index += 1
    return kept


def _one_word_apart(shapes: Sequence[Shape], found: Merged) -> Mapping[Shape, Shape]:
    variable: dict[Shape, set[int]] = defaultdict(set)
    for alike in _by_structure(shapes):
        rest: dict[tuple[int, Shape, Shape], list[Shape]] = defaultdict(list)
        for shape in alike:
            for index, word in enumerate(shape):
                if word not in _SIGNS:
                    rest[index, shape[:index], shape[index + 1 :]].append(shape)
        for (index, _, _), members in rest.items():
            if len(members) > 1 and _varies(members, index, found.values):
                for shape in members:
                    variable[shape].add(index)
    return _blanked(variable, found)


def _two_words_apart(shapes: Sequence[Shape], found: Merged) -> Mapping[Shape, Shape]:
    """Two words that vary at once, each with many values: no two lines need agree in either of them."""
    variable: dict[Shape, set[int]] = defaultdict(set)
    for alike in _by_structure(shapes):
        if len(alike) < MANY_WORDS:
            continue
        rest: dict[tuple[int, int, Shape], list[Shape]] = defaultdict(list)
        pairs = ((shape, first, second) for shape in alike for first, second in combinations(_word_places(shape), 2))
        for shape, first, second in islice(pairs, _PAIRS_LIMIT):
            rest[first, second, shape[:first] + shape[first + 1 : second] + shape[second + 1 :]].append(shape)
        for (first, second, _), members in rest.items():
            if len(members) >= MANY_WORDS and all(
                len({shape[index] for shape in members}) >= MANY_WORDS
                and _varies(members, index, found.values, besides=1)
                for index in (first, second)
            ):
                for shape in members:
                    variable[shape].update((first, second))
    return _blanked(variable, found)


def _spans_apart(shapes: Sequence[Shape], _found: Merged) -> Mapping[Shape, Shape]:
    """Texts of any length between the same quotes or brackets."""
    outer: dict[Shape, list[Shape]] = defaultdict(list)
    for shape in shapes:
        outside = tuple(token for _, token in without_spans(shape))
        if outside != shape or VARIABLE in shape:
            outer[outside].append(shape)
    changes: dict[Shape, Shape] = {}
    for outside, members in outer.items():
        if _constants(outside) >= 2 and (len(members) >= MANY_SPANS or outside in members):
            changes.update((shape, outside) for shape in members if shape != outside)
    return changes


def _properties(shapes: Sequence[Shape], _found: Merged) -> Mapping[Shape, Shape]:
    """Dumps of settings, `env: os.name=Linux`, `env: user.dir=/srv`: one statement prints them all."""
    dumps: dict[Shape, list[tuple[Shape, str]]] = defaultdict(list)
    for shape in shapes:
        place = shape.index("=") if "=" in shape else 0
        if place > 1 and (key := _PROPERTY.fullmatch(shape[place - 1])):
            dumps[(*shape[: place - 1], key[1])].append((shape, key[2]))
    changes: dict[Shape, Shape] = {}
    for before, members in dumps.items():
        if len({name for _, name in members}) >= MANY_PROPERTIES:
            changes.update((shape, (*before[:-1], before[-1] + VARIABLE)) for shape, _ in members)
    return changes


def _instances(shapes: Sequence[Shape], found: Merged) -> Mapping[Shape, Shape]:
    """Shapes that are a template already found with words in the places of its variables."""
    changes: dict[Shape, Shape] = {}
    for alike in _by_structure(shapes):
        places_of: dict[tuple[int, ...], set[Shape]] = defaultdict(set)
        for shape in alike:
            if shape in found.templates and _constants(shape) >= 2 and shape[0] != VARIABLE:
                places_of[tuple(index for index, word in enumerate(shape) if word == VARIABLE)].add(shape)
        for shape in alike if places_of else ():
            for places, templates in places_of.items():
                template = _blank(shape, places)
                if template != shape and template in templates:
                    if not any(tells_what_happened(shape[index]) for index in places):
                        changes[shape] = template
                    break
    return changes


def _by_structure(shapes: Iterable[Shape]) -> Iterable[list[Shape]]:
    """Shapes that can differ in words only: as many tokens, the same signs in the same places."""
    alike: dict[Shape, list[Shape]] = defaultdict(list)
    for shape in shapes:
        alike[tuple(token if token in _SIGNS else "" for token in shape)].append(shape)
    return alike.values()


def _varies(members: Sequence[Shape], index: int, known: set[str], *, besides: int = 0) -> bool:
    """Whether the words at `index` are values; the members agree in all other places but `besides`."""
    shape = members[0]
    values = {member[index] for member in members}
    words = values - {VARIABLE}
    constants = _constants(shape) - (shape[index] != VARIABLE) - besides
    if constants < 1 or sum(map(tells_what_happened, words)) * 2 >= len(words):
        return False
    if index == 0:
        return constants >= 2 and (VARIABLE in values or len(values) >= MANY_SPEAKERS)
    if VARIABLE in values or all("0" in word for word in words):
        return True
    return constants >= 2 and len(values) >= _enough(shape[:index], words, known)


def _enough(before: Shape, words: set[str], known: set[str]) -> int:
    """How many different words behind `before` are values; words that are values elsewhere are so here."""
    if announces(before) or words <= known or _share_a_key(words):
        return 2
    return MANY_AFTER_HINT if hints(before) else MANY_WORDS


def _share_a_key(words: set[str]) -> bool:
    """`state:idle`, `state:busy`: a key and its value in one token."""
    return all(":" in word[1:-1] for word in words) and len({word.partition(":")[0] for word in words}) == 1


def _constants(shape: Shape) -> int:
    return sum(1 for token in shape if len(token) > 1 and token != VARIABLE and any(map(str.isalpha, token)))


def _word_places(shape: Shape) -> list[int]:
    return [index for index, word in enumerate(shape) if index and word not in _SIGNS and word != VARIABLE]


def _blanked(variable: Mapping[Shape, Iterable[int]], found: Merged) -> Mapping[Shape, Shape]:
    """The shapes with `<*>` in the places that vary; notes the words that stood there."""
    changes: dict[Shape, Shape] = {}
    for shape, indexes in variable.items():
        found.values.update(shape[index] for index in indexes)
        changes[shape] = _blank(shape, indexes)
    return {shape: blank for shape, blank in changes.items() if blank != shape}


def _blank(shape: Shape, indexes: Iterable[int]) -> Shape:
    tokens = list(shape)
    for index in indexes:
        tokens[index] = VARIABLE
    return tuple(tokens)
