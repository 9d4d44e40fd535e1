"""Columns: which words of masked lines vary, judged by comparing the lines with each other.

Lines that agree in all words but one stand for one template when that word reads like a value: other lines have
`<*>` in its place, it follows a word that announces a value (`user`, `file`, `=`), it is a value elsewhere, or many
different words stand there. They stand for several templates when the word tells what happened (`vocabulary`), or
when it is the line's first word, which names the event or who speaks.

The idea that words of one frequency belong together and columns of many words are variables is Brain's (Yu et al.,
"Brain: Log Parsing With Bidirectional Parallel Tree", 2023); the comparison of shapes leaving one place out is ours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, islice
from typing import Final

from agent.normalize.templates.instances import instances
from agent.normalize.templates.masking import VARIABLE
from agent.normalize.templates.shapes import SIGNS, Places, Shape, blank, by_structure, constants
from agent.normalize.templates.stretches import lists_apart, phrases_apart, properties, spans_apart
from agent.normalize.templates.vocabulary import announces, hints, leads, tells_what_happened

MANY_WORDS: Final = 4
"""So many different words in one place are values, unless they tell what happened."""
MANY_AFTER_HINT: Final = 3
"""The same behind a preposition."""
MANY_SPEAKERS: Final = 12
"""The same for the first word of a line."""
_ROUNDS = 6
_PAIRS_LIMIT = 200_000


@dataclass(slots=True)
class Merged:
    """`target` maps each shape to its template; `values` are the words found to vary somewhere."""

    target: dict[Shape, Shape]
    values: set[str] = field(default_factory=set)
    templates: set[Shape] = field(default_factory=set)
    places: Places = field(default_factory=Places)


def merged(shapes: Iterable[Shape]) -> Merged:
    """Finds the template of each distinct shape; words that vary are `<*>` in it."""
    found = Merged({shape: shape for shape in shapes})
    steps: tuple[Callable[[Sequence[Shape]], Mapping[Shape, Shape]], ...] = (
        partial(_one_word_apart, found=found),
        partial(_two_words_apart, found=found),
        partial(_one_word_apart, found=found),
        partial(phrases_apart, places=found.places),
        spans_apart,
        lists_apart,
        partial(_instances, found=found),
        properties,
    )
    for step in steps:
        for _ in range(_ROUNDS):
            changes = step(list(dict.fromkeys(found.target.values())))
            if not changes:
                break
            found.templates.update(changes.values())
            found.target = {shape: changes.get(now, now) for shape, now in found.target.items()}
    return found


def _one_word_apart(shapes: Sequence[Shape], found: Merged) -> Mapping[Shape, Shape]:
    variable: dict[Shape, set[int]] = defaultdict(set)
    rest: dict[tuple[int, int, int], list[Shape]] = defaultdict(list)
    for shape in shapes:
        beginnings, endings = found.places.of(shape)
        for index, word in enumerate(shape):
            if word not in SIGNS:
                rest[index, beginnings[index], endings[index + 1]].append(shape)
    for (index, _, _), members in rest.items():
        if len(members) > 1 and _varies(members, index, found.values):
            for shape in members:
                variable[shape].add(index)
    return _blanked(variable, found)


def _two_words_apart(shapes: Sequence[Shape], found: Merged) -> Mapping[Shape, Shape]:
    """Two words that vary at once, each with many values: no two lines need agree in either of them."""
    variable: dict[Shape, set[int]] = defaultdict(set)
    budget = _PAIRS_LIMIT
    for alike in by_structure(shapes):
        if len(alike) < MANY_WORDS:
            continue
        rest: dict[tuple[int, int, Shape], list[Shape]] = defaultdict(list)
        pairs = ((shape, first, second) for shape in alike for first, second in combinations(_word_places(shape), 2))
        for shape, first, second in islice(pairs, budget):
            rest[first, second, shape[:first] + shape[first + 1 : second] + shape[second + 1 :]].append(shape)
            budget -= 1
        for (first, second, _), members in rest.items():
            if len(members) >= MANY_WORDS and all(
                len({shape[index] for shape in members}) >= MANY_WORDS
                and _varies(members, index, found.values, besides=1)
                for index in (first, second)
            ):
                for shape in members:
                    variable[shape].update((first, second))
    return _blanked(variable, found)


def _instances(shapes: Sequence[Shape], found: Merged) -> Mapping[Shape, Shape]:
    return instances(shapes, [shape for shape in shapes if shape in found.templates])


def _varies(members: Sequence[Shape], index: int, known: set[str], *, besides: int = 0) -> bool:
    """Whether the words at `index` are values; the members agree in all other places but `besides`."""
    shape = members[0]
    values = {member[index] for member in members}
    words = values - {VARIABLE}
    fixed = constants(shape) - (shape[index] != VARIABLE) - besides
    seen = len(words) + (2 if VARIABLE in values and index and announces(shape[:index]) else 0)
    if fixed < 1 or sum(map(tells_what_happened, words)) * 2 >= seen:
        return False
    if leads(shape[:index]):
        return fixed >= 2 and (VARIABLE in values or len(values) >= MANY_SPEAKERS)
    if VARIABLE in values or all("0" in word for word in words):
        return True
    return fixed >= 2 and len(values) >= _enough(shape[:index], words, known)


def _enough(before: Shape, words: set[str], known: set[str]) -> int:
    """How many different words behind `before` are values; words that are values elsewhere are so here."""
    if announces(before) or words <= known or _share_a_key(words):
        return 2
    return MANY_AFTER_HINT if hints(before) else MANY_WORDS


def _share_a_key(words: set[str]) -> bool:
    """`state:idle`, `state:busy`: a key and its value in one token."""
    return all(":" in word[1:-1] for word in words) and len({word.partition(":")[0] for word in words}) == 1


def _word_places(shape: Shape) -> list[int]:
    return [index for index, word in enumerate(shape) if index and word not in SIGNS and word != VARIABLE]


def _blanked(variable: Mapping[Shape, Iterable[int]], found: Merged) -> Mapping[Shape, Shape]:
    """The shapes with `<*>` in the places that vary; notes the words that stood there."""
    changes: dict[Shape, Shape] = {}
    for shape, indexes in variable.items():
        found.values.update(shape[index] for index in indexes)
        changes[shape] = blank(shape, indexes)
    return {shape: change for shape, change in changes.items() if change != shape}
