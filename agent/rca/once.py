"""What is reckoned of one investigation is reckoned once, however many lines of reasoning ask."""

import weakref
from collections.abc import Callable
from typing import TypeVar

from agent.domain.investigation import Investigation

T = TypeVar("T")


def once(function: Callable[[Investigation], T]) -> Callable[[Investigation], T]:
    """The function with its last result kept, as long as the very same investigation lives and is asked about again."""
    last: list[tuple[weakref.ref[Investigation], T]] = []

    def remembered(investigation: Investigation) -> T:
        kept = last[-1] if last else None
        if kept is not None and kept[0]() is investigation:
            return kept[1]
        result = function(investigation)
        last[:] = [(weakref.ref(investigation), result)]
        return result

    remembered.__doc__ = function.__doc__
    return remembered
