"""Columns: which words of masked lines vary, judged by comparing the lines with each other.

Lines that agree in all words but one stand for one template when that word reads like a value: other lines have
`<*>` in its place, it follows a word that announces a value (`user`, `file`, `=`), it is a value elsewhere, or many
different words stand there. They stand for several templates when the word tells what happened (`vocabulary`), or
when it is the line's first word, which names the event or who speaks.

The idea that words of one frequency belong together and columns of many words are variables is Brain's (Yu et al.,
"Brain: Log Parsing With Bidirectional Parallel Tree", 2023); the comparison of shapes leaving one place out is ours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Final

from agent.normalize.templates.instances import instances
from agent.normalize.templates.shapes import SIGNS, Shape, blank, by_structure, constants, sharing_half
from agent.normalize.templates.stretches import lists_apart, phrases_apart, properties, spans_apart
from agent.normalize.templates.values import VARIABLE
from agent.normalize.templates.vocabulary import announces, hints, leads, tells_what_happened

MANY_WORDS: Final = 4
"""So many different words in one place are values, unless they tell what happened."""
MANY_AFTER_HINT: Final = 3
"""The same behind a preposition."""
MANY_SPEAKERS: Final = 12
"""The same for the first word of a line, and where only one other word tells what the line is about."""
_ROUNDS = 6
_PAIRS_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Merged:
    """`target` maps each shape to its template; `values` are the words found to vary somewhere."""

    target: Mapping[Shape, Shape]
    templates: Set[Shape]
    values: Set[str]


def merged(shapes: Iterable[Shape]) -> Merged:
    """Finds the template of each distinct shape; words that vary are `<*>` in it."""
    shapes = list(shapes)
    comparison = _Comparison(shapes)
    one_word = partial(_one_word_apart, comparison)
    comparison.repeat(one_word)
    if comparison.repeat(partial(_two_words_apart, comparison)):
        comparison.repeat(one_word)
    comparison.repeat(phrases_apart)
    comparison.repeat(spans_apart)
    comparison.repeat(lists_apart)
    comparison.repeat(partial(instances, templates=comparison.templates))
    comparison.repeat(properties)
    return Merged(dict(comparison.targets(shapes)), comparison.templates, comparison.values)


class _Comparison:
    """Shapes on their way to templates: each step replaces some of them, until none of them changes any more."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.shapes = shapes
        self.values: set[str] = set()
        self.templates: set[Shape] = set()
        self._changes: list[Mapping[Shape, Shape]] = []

    def repeat(self, step: Callable[[Sequence[Shape]], Mapping[Shape, Shape]]) -> bool:
        """Takes the step until it changes nothing; whether it changed anything."""
        for turn in range(_ROUNDS):
            changes = step(self.shapes)
            if not changes:
                return turn > 0
            self.templates.update(changes.values())
            self.shapes = list(dict.fromkeys(changes.get(shape, shape) for shape in self.shapes))
            self._changes.append(changes)
        return True

    def targets(self, shapes: Iterable[Shape]) -> Iterator[tuple[Shape, Shape]]:
        """Each shape with what became of it."""
        for shape in shapes:
            target = shape
            for changes in self._changes:
                target = changes.get(target, target)
            yield shape, target

    def blanked(self, variable: Mapping[Shape, Iterable[int]]) -> Mapping[Shape, Shape]:
        """The shapes with `<*>` in the places that vary; notes the words that stood there."""
        changes: dict[Shape, Shape] = {}
        for shape, indexes in variable.items():
            self.values.update(shape[index] for index in indexes)
            changes[shape] = blank(shape, indexes)
        return {shape: change for shape, change in changes.items() if change != shape}


def _one_word_apart(comparison: _Comparison, shapes: Sequence[Shape]) -> Mapping[Shape, Shape]:
    variable: dict[Shape, set[int]] = defaultdict(set)
    for alike in sharing_half(shapes):
        columns = _differing(alike, 2)
        for place, index in enumerate(columns):
            rest: dict[Shape, list[Shape]] = defaultdict(list)
            for shape, words in zip(alike, zip(*columns.values(), strict=True), strict=True):
                if words[place] not in SIGNS:
                    rest[words[:place] + words[place + 1 :]].append(shape)
            for members in rest.values():
                if len(members) > 1 and _varies(members, index, comparison.values):
                    for shape in members:
                        variable[shape].add(index)
    return comparison.blanked(variable)


def _two_words_apart(comparison: _Comparison, shapes: Sequence[Shape]) -> Mapping[Shape, Shape]:
    """Two words that vary at once, each with many values: no two lines need agree in either of them."""
    variable: dict[Shape, set[int]] = defaultdict(set)
    budget = _PAIRS_LIMIT
    for alike in by_structure(shapes):
        many = [index for index in _differing(alike, MANY_WORDS) if index]
        for first, second in combinations(many, 2):
            budget -= len(alike)
            if budget < 0:
                break
            rest: dict[Shape, list[Shape]] = defaultdict(list)
            for shape in alike:
                if shape[first] != VARIABLE and shape[second] != VARIABLE:
                    rest[shape[:first] + shape[first + 1 : second] + shape[second + 1 :]].append(shape)
            for members in rest.values():
                if len(members) >= MANY_WORDS and all(
                    len({shape[index] for shape in members}) >= MANY_WORDS
                    and _varies(members, index, comparison.values, besides=1)
                    for index in (first, second)
                ):
                    for shape in members:
                        variable[shape].update((first, second))
    return comparison.blanked(variable)


def _differing(alike: Sequence[Shape], enough: int) -> dict[int, tuple[str, ...]]:
    """The columns in which shapes of one structure have at least so many different words."""
    if len(alike) < enough:
        return {}
    return {index: words for index, words in enumerate(zip(*alike, strict=True)) if len(set(words)) >= enough}


def _varies(members: Sequence[Shape], index: int, known: set[str], *, besides: int = 0) -> bool:
    """Whether the words at `index` are values; the members agree in all other places but `besides`."""
    shape = members[0]
    values = {member[index] for member in members}
    words = values - {VARIABLE}
    fixed = constants(shape) - (shape[index] != VARIABLE) - besides
    seen = len(words) + (2 if VARIABLE in values and index and announces(shape[:index]) else 0)
    if fixed < 1 or sum(map(tells_what_happened, words)) * 2 >= seen:
        return False
    if leads(shape[:index]) and shape[index - 1 : index] != ("(",):
        return fixed >= 2 and (VARIABLE in values or len(values) >= MANY_SPEAKERS)
    if VARIABLE in values or all("0" in word for word in words):
        return True
    if fixed < 2:
        return len(values) >= MANY_SPEAKERS
    return len(values) >= _enough(shape[:index], words, known)


def _enough(before: Shape, words: set[str], known: set[str]) -> int:
    """How many different words behind `before` are values; words that are values elsewhere are so here."""
    if announces(before) or words <= known or _share_a_key(words):
        return 2
    return MANY_AFTER_HINT if hints(before) else MANY_WORDS


def _share_a_key(words: set[str]) -> bool:
    """`state:idle`, `state:busy`: a key and its value in one token."""
    return all(":" in word[1:-1] for word in words) and len({word.partition(":")[0] for word in words}) == 1
