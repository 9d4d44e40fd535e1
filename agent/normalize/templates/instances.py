"""Instances: shapes that are a template already found, with words in the places of its variables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final

from agent.normalize.templates.shapes import SIGNS, Shape, Structure, blank, constants, structure
from agent.normalize.templates.values import VARIABLE
from agent.normalize.templates.vocabulary import tells_what_happened

_ALIKE_LIMIT: Final = 100
"""Templates of one structure are tried one after another."""


class Templates:
    """Templates found by comparing shapes, to be recognised in further shapes."""

    def __init__(self, templates: Iterable[Shape] = ()) -> None:
        self._places: dict[Structure, dict[tuple[int, ...], set[Shape]]] = defaultdict(lambda: defaultdict(set))
        for template in templates:
            if constants(template) >= (4 if template[0] == VARIABLE else 2):
                places = tuple(index for index, word in enumerate(template) if word == VARIABLE)
                alike = self._places[structure(template)]
                if places in alike or len(alike) < _ALIKE_LIMIT:
                    alike[places].add(template)

    def of(self, shape: Shape) -> Shape | None:
        """The template the shape is an instance of, unless a word in the place of a variable tells what happened."""
        for places, templates in self._places.get(structure(shape), {}).items() if self._places else ():
            template = blank(shape, places)
            if template in templates:
                words = [shape[index] for index in places]
                return None if any(word in SIGNS or tells_what_happened(word) for word in words) else template
        return None


def instances(shapes: Sequence[Shape], templates: Set[Shape]) -> Mapping[Shape, Shape]:
    """Maps the shapes that are instances of another one, a template, to it."""
    known = Templates(shape for shape in shapes if shape in templates)
    found = ((shape, known.of(shape)) for shape in shapes)
    return {shape: template for shape, template in found if template and template != shape}
