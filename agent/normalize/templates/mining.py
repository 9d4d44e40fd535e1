"""Mining: from the lines of a window to its templates, each with its count and where it occurred.

Lines are reduced in blocks, at the speed of the byte operations underneath: two lines that differ in their digits only
have the same shape, so only the first of them is looked at. Shapes are then compared with each other (`columns`),
which is the only step that costs more than linear time, and their number is bounded.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final

from agent.normalize.templates.columns import Shape, merged
from agent.normalize.templates.masking import VARIABLE, Masked, has_digits, mask, shape_of
from agent.normalize.templates.wording import both, fitted, wording_of

LINE_LIMIT: Final = 2_000
"""Characters of a line that are looked at: a template shows in its beginning."""
SHAPE_LIMIT: Final = 10_000
"""Distinct shapes compared at once. When there are more, they are merged first; lines that still have a shape of
their own are then grouped by their first words."""

_FIRST_BLOCK = 32
_BLOCK = 4_096
"""Each block gives at most one more sample of a shape, so the first blocks are small."""
_CACHED_LINES = 100_000
_CACHED_WORDS = 100_000
_FIRST_WORDS = 3
_ZERO, _SPACE, _LINE_END, _ESCAPE = 0x30, 0x20, 0x0A, 0x1B
_REDUCED = bytes(
    _ZERO if 0x30 <= byte <= 0x39 else _SPACE if byte < _SPACE and byte not in {_LINE_END, _ESCAPE} else byte
    for byte in range(256)
)


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of log line: `text` with `<*>` for what varies; indexes count the mined lines from 0."""

    id: str
    text: str
    count: int
    first_index: int
    last_index: int
    example_index: int


@dataclass(frozen=True, slots=True)
class Mined:
    """Templates in the order of their first line; `assignment[i]` is the template of line `i`."""

    templates: tuple[Template, ...]
    assignment: Sequence[int]


def mine(lines: Iterable[str]) -> Mined:
    """Finds the templates of a window of log messages (the text of a record, without its time and level).

    The same lines in the same order give the same result. Of a line only its first LINE_LIMIT characters count.
    """
    shapes = _Shapes()
    iterator = iter(lines)
    size = _FIRST_BLOCK
    while block := list(islice(iterator, size)):
        shapes.take(block)
        size = min(2 * size, _BLOCK)
    return shapes.mined()


class _Shapes:
    """The shapes seen so far, how each is worded, and the shape of each line."""

    def __init__(self) -> None:
        self._of_line: array[int] = array("l")
        self._numbers: dict[Shape, int] = {}
        self._said: list[Masked] = []
        self._cache: dict[bytes, int] = {}
        self._words: dict[str, str] = {}
        self._crowded = False

    def take(self, block: list[str]) -> None:
        """Notes the shape of each line of the block."""
        if len(max(block, key=len)) > LINE_LIMIT:
            block = [line if len(line) <= LINE_LIMIT else _beginning(line) for line in block]
        reduced = _reduced(block)
        if len(self._cache) > _CACHED_LINES:
            self._cache.clear()
        if len(self._words) > _CACHED_WORDS:
            self._words.clear()
        if len(self._numbers) > SHAPE_LIMIT and not self._crowded:
            self._condense()
        numbers = [
            self._number(key, line) if number is None else number
            for number, key, line in zip(map(self._cache.get, reduced), reduced, block, strict=True)
        ]
        for number, line in dict(zip(numbers, block, strict=True)).items():
            self._look_again(number, line)
        self._of_line.extend(numbers)

    def mined(self) -> Mined:
        """The templates of all lines taken."""
        found = merged(self._numbers)
        said: dict[Shape, list[Masked]] = defaultdict(list)
        for shape, number in self._numbers.items():
            said[found.target[shape]].append(self._said[number])
        texts = {target: wording_of(target, some, found.values) for target, some in said.items()}

        last = dict(zip(self._of_line, range(len(self._of_line)), strict=True))
        size = len(self._of_line)
        first = dict(zip(reversed(self._of_line), range(size - 1, -1, -1), strict=True))
        counts = Counter(self._of_line)
        members: dict[str, list[int]] = defaultdict(list)
        for shape, number in self._numbers.items():
            if number in counts:
                members[texts[found.target[shape]]].append(number)
        templates = sorted(
            (
                Template(
                    id=blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest(),
                    text=text,
                    count=sum(counts[number] for number in numbers),
                    first_index=min(first[number] for number in numbers),
                    last_index=max(last[number] for number in numbers),
                    example_index=first[max(numbers, key=lambda number: (counts[number], -first[number]))],
                )
                for text, numbers in members.items()
            ),
            key=lambda template: template.first_index,
        )
        place = array("l", bytes(array("l").itemsize * len(self._said)))
        for index, template in enumerate(templates):
            for number in members[template.text]:
                place[number] = index
        return Mined(tuple(templates), array("l", map(place.__getitem__, self._of_line)))

    def _number(self, reduced: bytes, line: str) -> int:
        """The number of the line's shape, a new one when the shape is new."""
        known = self._cache.get(reduced)
        if known is not None:
            return known
        masked = mask(line, self._words)
        shape = shape_of(masked.tokens)
        if self._crowded and shape not in self._numbers:
            masked = _first_words(masked, 0 if len(self._numbers) > 2 * SHAPE_LIMIT else _FIRST_WORDS)
            shape = shape_of(masked.tokens)
        number = self._numbers.setdefault(shape, len(self._numbers))
        if number == len(self._said):
            self._said.append(masked)
        else:
            self._said[number] = both(self._said[number], masked)
        self._cache[reduced] = number
        return number

    def _look_again(self, number: int, line: str) -> None:
        """Lines that differ in the digits of a word, as `node7` and `node8`, share their place in the cache, so the
        first alone does not show whether these digits vary: looks at another line of the shape."""
        if has_digits(self._said[number].tokens):
            masked = mask(line, self._words)
            if len(masked.tokens) == len(self._said[number].tokens):
                self._said[number] = both(self._said[number], masked)

    def _condense(self) -> None:
        """Replaces the shapes by their templates so far."""
        found = merged(self._numbers)
        numbers: dict[Shape, int] = {}
        said: list[Masked] = []
        moved = array("l", bytes(array("l").itemsize * len(self._said)))
        for shape, old in self._numbers.items():
            target = found.target[shape]
            moved[old] = numbers.setdefault(target, len(numbers))
            masked = fitted(self._said[old], target)
            if len(said) < len(numbers):
                said.append(masked)
            else:
                said[moved[old]] = both(said[moved[old]], masked)
        self._of_line = array("l", map(moved.__getitem__, self._of_line))
        self._numbers, self._said = numbers, said
        self._cache.clear()
        self._crowded = len(numbers) > SHAPE_LIMIT // 2


def _reduced(block: list[str]) -> list[bytes]:
    """Each line with its digits as 0 and its control characters as spaces."""
    joined = "\n".join(block).encode("utf-8", "surrogatepass").translate(_REDUCED).split(b"\n")
    if len(joined) == len(block):
        return joined
    return [line.encode("utf-8", "surrogatepass").translate(_REDUCED) for line in block]


def _beginning(line: str) -> str:
    """The words within the limit; what was cut off counts as one variable."""
    head = line[:LINE_LIMIT]
    return f"{head.rpartition(' ')[0] or head} {VARIABLE}"


def _first_words(masked: Masked, words: int) -> Masked:
    return Masked((*masked.tokens[:words], VARIABLE), (*masked.gaps[:words], " "))
