"""Mining: from the lines of a window to its templates, each with its count and where it occurred.

Lines are reduced in blocks, at the speed of the byte operations underneath: two lines that differ in their digits only
have the same shape, so only the first of them is looked at. Shapes are then compared with each other (`columns`),
which is the only step that costs more than linear time, and their number is bounded.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final

from agent.normalize.templates.columns import merged
from agent.normalize.templates.instances import Templates
from agent.normalize.templates.masking import Masked, Masking, has_digits, octets_of
from agent.normalize.templates.shapes import Shape
from agent.normalize.templates.values import REDUCED, VARIABLE
from agent.normalize.templates.wording import both, fitted, wording_of

LINE_LIMIT: Final = 2_000
"""Characters of a line that are looked at: a template shows in its beginning."""
WORD_LIMIT: Final = 100_000
"""Words in all distinct shapes together that are compared at once. When there are more, the shapes are merged first;
lines that then still have a shape of their own are grouped by their first words."""

_FIRST_BLOCK = 64
_BLOCK = 1_024
"""Each block gives at most one more sample of a shape, so the first blocks are small."""
_CACHED_LINES = 100_000
_FIRST_WORDS = 3


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
        size = min(4 * size, _BLOCK)
    return shapes.mined()


class _Shapes:
    """The shapes seen so far, how each is worded, and the shape of each line."""

    def __init__(self) -> None:
        self._of_line: list[int] = []
        self._numbers: dict[Shape, int] = {}
        self._said: list[Masked] = []
        self._with_digits: set[int] = set()
        self._of_reduced: dict[bytes, int] = {}
        self._of_text: dict[str, int] = {}
        self._masking = Masking()
        self._templates = Templates()
        self._size = 0
        self._crowded = False

    def take(self, block: list[str]) -> None:
        """Notes the shape of each line of the block."""
        if len(max(block, key=len)) > LINE_LIMIT:
            block = [line if len(line) <= LINE_LIMIT else _beginning(line) for line in block]
        reduced = _reduced(block)
        if len(self._of_reduced) > _CACHED_LINES:
            self._of_reduced.clear()
        if len(self._of_text) > _CACHED_LINES:
            self._of_text.clear()
        if self._size > WORD_LIMIT and not self._crowded:
            self._condense()
        if unknown := [key for key in dict.fromkeys(reduced) if key not in self._of_reduced]:
            self._number(unknown, lambda: dict(zip(reversed(reduced), reversed(block), strict=True)))
        numbers = list(map(self._of_reduced.__getitem__, reduced))
        if self._with_digits:
            sample = dict(zip(numbers, block, strict=True))
            if again := sample.keys() & self._with_digits:
                self._look_again({number: sample[number] for number in again})
        self._of_line.extend(numbers)

    def mined(self) -> Mined:
        """The templates of all lines taken."""
        found = merged(self._numbers)
        said: dict[Shape, list[Masked]] = defaultdict(list)
        for shape, number in self._numbers.items():
            said[found.target[shape]].append(self._said[number])
        texts = {target: wording_of(target, some, found.values) for target, some in said.items()}

        size = len(self._of_line)
        last = dict(zip(self._of_line, range(size), strict=True))
        first = dict(zip(reversed(self._of_line), range(size - 1, -1, -1), strict=True))
        counts = Counter(self._of_line)
        members: dict[str, list[int]] = defaultdict(list)
        for shape, number in self._numbers.items():
            if number in counts:
                members[texts[found.target[shape]]].append(number)
        for numbers in members.values():
            numbers.sort(key=first.__getitem__)
        templates = [
            Template(
                id=blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest(),
                text=text,
                count=sum(map(counts.__getitem__, numbers)),
                first_index=first[numbers[0]],
                last_index=max(map(last.__getitem__, numbers)),
                example_index=first[max(numbers, key=counts.__getitem__)],
            )
            for text, numbers in sorted(members.items(), key=lambda member: first[member[1][0]])
        ]
        place = [0] * len(self._said)
        for index, template in enumerate(templates):
            for number in members[template.text]:
                place[number] = index
        return Mined(tuple(templates), array("l", map(place.__getitem__, self._of_line)))

    def _number(self, reduced: Sequence[bytes], lines: Callable[[], Mapping[bytes, str]]) -> None:
        """Gives the lines that are not known yet the number of their shape, a new one when the shape is new."""
        texts = self._masking.masked_reduced(reduced)
        if with_digits := [index for index, text in enumerate(texts) if "0" in text]:
            line_of = lines()
            asis = self._masking.masked(octets_of(line_of[reduced[index]]) for index in with_digits)
            for index, text in zip(with_digits, asis, strict=True):
                texts[index] = text
        new = [text for text in dict.fromkeys(texts) if text not in self._of_text]
        for text, (masked, shape) in zip(new, self._masking.tokens_of(new), strict=True):
            self._of_text[text] = self._number_of(masked, shape)
        self._of_reduced.update(zip(reduced, map(self._of_text.__getitem__, texts), strict=True))

    def _number_of(self, masked: Masked, shape: Shape) -> int:
        if shape not in self._numbers:
            if template := self._templates.of(shape):
                shape = template
            elif self._crowded:
                words = 0 if self._size > 2 * WORD_LIMIT else _FIRST_WORDS
                masked, shape = _first_words(masked, words), (*shape[:words], VARIABLE)
        number = self._numbers.setdefault(shape, len(self._numbers))
        self._say(number, masked)
        return number

    def _look_again(self, lines: Mapping[int, str]) -> None:
        """Lines that differ in the digits of a word, as `node7` and `node8`, share their place in the cache, so the
        first alone does not show whether these digits vary: looks at another line of the shape."""
        texts = self._masking.masked(map(octets_of, lines.values()))
        for number, text in zip(lines, texts, strict=True):
            if text not in self._of_text:
                self._of_text[text] = number
                ((masked, _),) = self._masking.tokens_of([text])
                if len(masked.tokens) == len(self._said[number].tokens):
                    self._say(number, masked)

    def _say(self, number: int, masked: Masked) -> None:
        if number == len(self._said):
            self._said.append(masked)
            self._size += len(masked.tokens)
        else:
            masked = self._said[number] = both(self._said[number], masked)
        if has_digits(masked.tokens):
            self._with_digits.add(number)
        else:
            self._with_digits.discard(number)

    def _condense(self) -> None:
        """Replaces the shapes by their templates so far."""
        found = merged(self._numbers)
        old, said = self._numbers, self._said
        self._numbers, self._said, self._with_digits, self._size = {}, [], set(), 0
        moved = [0] * len(said)
        for shape, number in old.items():
            template = found.target[shape]
            moved[number] = self._numbers.setdefault(template, len(self._numbers))
            self._say(moved[number], fitted(said[number], template))
        self._of_line = list(map(moved.__getitem__, self._of_line))
        self._of_reduced.clear()
        self._of_text.clear()
        self._templates = Templates(shape for shape in self._numbers if shape in found.templates)
        self._crowded = self._size > WORD_LIMIT // 2


def _reduced(block: list[str]) -> list[bytes]:
    """Each line with its digits as 0 and its control characters as spaces."""
    joined = octets_of("\n".join(block)).translate(REDUCED).split(b"\n")
    if len(joined) == len(block):
        return joined
    return [octets_of(line).translate(REDUCED).replace(b"\n", b" ") for line in block]


def _beginning(line: str) -> str:
    """The words within the limit; what was cut off counts as one variable."""
    head = line[:LINE_LIMIT]
    return f"{head.rpartition(' ')[0] or head} {VARIABLE}"


def _first_words(masked: Masked, words: int) -> Masked:
    return Masked((*masked.tokens[:words], VARIABLE), (*masked.gaps[:words], " "))
