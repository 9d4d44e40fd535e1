"""Stretches: values not of one word everywhere: phrases, texts in quotes or brackets, lists, dumps of settings."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from agent.normalize.templates.shapes import SIGNS, Shape, constants, shared_ends
from agent.normalize.templates.values import ESCAPE, VARIABLE
from agent.normalize.templates.vocabulary import HINTS, QUOTES, hints, leads, tells_what_happened

MANY_PHRASES: Final = 4
"""So many different phrases in one place are values."""
MANY_SPANS: Final = 3
"""So many different texts between the same quotes or brackets are values."""
MANY_PROPERTIES: Final = 5
"""So many dotted names before `=` behind the same words are a dump of settings."""

_PHRASE = 4
_WINDOWS_LIMIT = 150_000
_PROPERTY = re.compile(r"((?:\w+:)?)([A-Za-z]\w*(?:\.\w+)+)")
_INNER: Final = {ESCAPE + quote: ESCAPE + quote for quote in QUOTES}
_OPENING: Final = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`", **_INNER}


def phrases_apart(shapes: Sequence[Shape]) -> Mapping[Shape, Shape]:
    """Values of one word here and several there: `The Fax service stopped`, `The Smart Card service stopped`."""
    between: dict[tuple[Shape, Shape], list[tuple[Shape, int, int]]] = defaultdict(list)
    for shape, start, end in islice(_windows(shapes), _WINDOWS_LIMIT):
        between[shape[:start], shape[end:]].append((shape, start, end))
    changes: dict[Shape, Shape] = {}
    alike = [
        members
        for members in between.values()
        if len({end for _, _, end in members}) > 1
        and ((len(members) >= MANY_PHRASES and members[0][2] < len(members[0][0])) or _are_names(members))
        and not _all_end_alike(members)
    ]
    for members in sorted(alike, key=lambda members: members[0][2] - len(members[0][0]) - members[0][1]):
        shape, start, end = members[0]
        template = (*shape[:start], VARIABLE, *shape[end:])
        if constants(template) >= 2 and not leads(shape[:start]):
            for member, _, _ in members:
                changes.setdefault(member, template)
    return changes


def spans_apart(shapes: Sequence[Shape]) -> Mapping[Shape, Shape]:
    """Texts of any length between the same quotes or brackets."""
    return _alike_when(shapes, _without_spans, MANY_SPANS)


def lists_apart(shapes: Sequence[Shape]) -> Mapping[Shape, Shape]:
    """Lists of any length whose parts were found to vary."""
    return _alike_when(shapes, _without_lists, 2)


def _alike_when(shapes: Sequence[Shape], reduced: Callable[[Shape], Shape], enough: int) -> Mapping[Shape, Shape]:
    """Shapes that become the same when reduced, if there are enough of them or one is so already."""
    smaller = {shape: outside for shape in shapes if (outside := reduced(shape)) != shape}
    alike = Counter(smaller.values())
    already = alike.keys() & set(shapes) - smaller.keys() if smaller else set()
    return {
        shape: outside
        for shape, outside in smaller.items()
        if (alike[outside] >= enough or outside in already) and constants(outside) >= 2
    }


def _without_spans(shape: Shape) -> Shape:
    """The shape with each quoted or bracketed text as one variable: the texts within a text first."""
    if _OPENING.keys().isdisjoint(shape):
        return shape
    openings = _OPENING if _INNER.keys().isdisjoint(shape) else _INNER
    kept: list[str] = []
    index = 0
    while index < len(shape):
        kept.append(shape[index])
        closing = None if _begins_message(shape, index) else openings.get(shape[index])
        if closing and closing in shape[index + 1 :]:
            end = shape.index(closing, index + 1)
            if end > index + 2 and _is_constant(shape[index + 1]):
                kept.append(shape[index + 1])
            kept += [VARIABLE, closing] if end > index + 1 else [closing]
            index = end
        index += 1
    return tuple(kept)


def _begins_message(shape: Shape, index: int) -> bool:
    """Whether the line's message stands in the quotes that open here: they come first, or behind `msg=`."""
    return shape[index] in QUOTES and leads(shape[: index + 1])


def _is_constant(word: str) -> bool:
    """Whether a text that begins so says what was done: `GET /index HTTP/1.1`, `SELECT 1`."""
    return len(word) > 1 and word.isalpha() and word.isupper()


def _without_lists(shape: Shape) -> Shape:
    """The shape with each row of variables, with or without commas, as one."""
    if "," not in shape and shape.count(VARIABLE) < 2:
        return shape
    kept: list[str] = []
    for token in shape:
        if token == VARIABLE and kept[-1:] == [VARIABLE]:
            continue
        if kept[-1:] == [","] and kept[1:] and _same_kind(token, kept[-2]):
            kept[-2:] = [VARIABLE]
            continue
        kept.append(token)
    return tuple(kept)


def _same_kind(token: str, former: str) -> bool:
    """Whether two words beside a comma are items of one list: both vary, or both are words with a number."""
    return former == VARIABLE if token == VARIABLE else "0" in token and former in {token, VARIABLE}


def properties(shapes: Sequence[Shape]) -> Mapping[Shape, Shape]:
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


def _windows(shapes: Sequence[Shape]) -> Iterator[tuple[Shape, int, int]]:
    """Each shape with each place where up to _PHRASE words could be one value, if others say the same around it."""
    shared = shared_ends(shapes)
    for shape in shapes:
        before, behind = shared[shape]
        first_end = len(shape) - behind
        for start in range(max(1, first_end - _PHRASE), min(before + 1, len(shape))):
            last = len(shape) if hints(shape[:start]) else len(shape) - 1
            for end in range(start + 1, min(start + _PHRASE, last) + 1):
                word = shape[end - 1]
                if word in SIGNS or word.lower() in HINTS or tells_what_happened(word):
                    break
                if end >= first_end:
                    yield shape, start, end


def _are_names(members: Sequence[tuple[Shape, int, int]]) -> bool:
    """Whether a variable stands there already, and the phrases are names of several words: `Google Chrome`."""
    phrases = [shape[start:end] for shape, start, end in members]
    names = [phrase for phrase in phrases if phrase != (VARIABLE,)]
    return len(names) < len(phrases) and all(word[:1].isupper() and word.isalpha() for name in names for word in name)


def _all_end_alike(members: Sequence[tuple[Shape, int, int]]) -> bool:
    """Whether the phrases share their first or last word: then it belongs to the text around them."""
    firsts = {shape[start] for shape, start, _ in members}
    lasts = {shape[end - 1] for shape, _, end in members}
    return len(firsts) == 1 or len(lasts) == 1
