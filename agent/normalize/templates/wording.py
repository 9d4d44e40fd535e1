"""Wording: the text of a template, from the shape its lines share and how they are worded."""

import re
from collections.abc import Sequence, Set
from functools import reduce
from typing import Final

from agent.normalize.templates.masking import Masked, shape_word, wording
from agent.normalize.templates.values import VARIABLE
from agent.normalize.templates.vocabulary import announces

_NUMBERED: Final = re.compile(r"[A-Za-z][\w.-]*[_.-]\d+")
_KEPT_BEFORE: Final = re.compile(r".*[:/#@]")
_IN_PARTS: Final = re.compile(r"<\*>(?:[:/]<\*>)+")
_KEPT_BEHIND: Final = re.compile(r"[.:!?%]*\Z")


def wording_of(template: Sequence[str], shapes: Sequence[Masked], values: Set[str]) -> str:
    """The template as text, from what its shapes say.

    `values` are words known to vary: behind a word like `user` they are `<*>` even when no other word is seen there.
    """
    said = reduce(both, [fitted(shape, template) for shape in shapes])
    tokens = list(said.tokens)
    for index, (token, part) in enumerate(zip(tokens, template, strict=True)):
        if part == VARIABLE and VARIABLE not in token:
            tokens[index] = _common(token, VARIABLE) if token else token
        elif ("0" in part and _NUMBERED.fullmatch(token)) or (index and part in values and announces(template[:index])):
            tokens[index] = VARIABLE
    return wording(Masked(tuple(tokens), said.gaps))


def both(one: Masked, other: Masked) -> Masked:
    """What two lines of one template say: `<*>` where they differ."""
    if one.tokens == other.tokens:
        return one
    pairs = zip(one.tokens, other.tokens, strict=True)
    return Masked(tuple(mine if mine == theirs else _common(mine, theirs) for mine, theirs in pairs), one.gaps)


def fitted(line: Masked, template: Sequence[str]) -> Masked:
    """The line with as many tokens as its template, which may have one variable for several of the line's tokens."""
    if len(line.tokens) == len(template):
        return line
    shape = tuple(map(shape_word, line.tokens))
    tokens: list[str] = []
    gaps: list[str] = []
    place = 0
    for index, part in enumerate(template):
        end = place + 1
        if part == VARIABLE:
            furthest = len(shape) - (len(template) - index - 1)
            following = template[index + 1] if index + 1 < len(template) else None
            while end < furthest and shape[end] != following:
                end += 1
        tokens.append(line.tokens[place] if end == place + 1 else VARIABLE)
        gaps.append(line.gaps[place])
        place = end
    return Masked(tuple(tokens), tuple(gaps))


def _common(one: str, other: str) -> str:
    """`<*>` between what both begin and end with, if a sign sets it off: `rank:<*>` for `rank:3` and `rank:7`.

    A value of several parts, `<*>/<*>`, stays one if only some of the lines show its parts.
    """
    for whole, parts in ((one, other), (other, one)):
        if whole == VARIABLE and _IN_PARTS.fullmatch(parts):
            return parts
    head, its_head = (match[0] if (match := _KEPT_BEFORE.match(text)) else "" for text in (one, other))
    tail, its_tail = (match[0] if (match := _KEPT_BEHIND.search(text)) else "" for text in (one, other))
    return (head if head == its_head else "") + VARIABLE + (tail if tail == its_tail else "")
