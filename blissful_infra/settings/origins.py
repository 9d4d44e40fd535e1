"""Which layer a setting comes from: flags, `BLISSFUL_*` variables, the project's file, the user's file, defaults.

Higher layers replace single values, not whole sections: `BLISSFUL_AGENT_MODEL` leaves `agent.embedder` as it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from blissful_infra.settings.consistency import Location
from blissful_infra.settings.document import Document
from blissful_infra.settings.model import ProjectConfig
from blissful_infra.settings.problems import InvalidSettingsError, Problem, dotted, nearest

USER_KEYS = ("agent", "images", "registry", "runtime", "slo", "state")
"""What a user may set for all projects."""

VARIABLE_KEYS = ("agent", "registry", "runtime", "slo", "state")
"""What a `BLISSFUL_*` variable may set: the single values in these."""


class Layer(StrEnum):
    """Where a value comes from, strongest first."""

    FLAG = "flag"
    VARIABLE = "variable"
    PROJECT = "project"
    USER = "user"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Origin:
    """The layer that won, and its place: a flag, a variable, a file and line, or nothing for a default."""

    layer: Layer
    where: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """All layers in one mapping, and the origin of each value."""

    data: dict[str, Any]
    origins: dict[Location, Origin]
    document: Document

    def where(self, location: Location) -> str:
        """The place to mend a problem of this key."""
        origin = self.origins.get(location)
        return origin.where if origin else self.document.where(location)

    def origin(self, location: Location) -> Origin:
        """Where the value of this key comes from."""
        while location and location not in self.origins:
            location = location[:-1]
        return self.origins.get(location, Origin(Layer.DEFAULT))


def merged(project: Document, user: Document | None, environ: Mapping[str, str], flags: Mapping[str, object]) -> Merged:
    """The layers laid over each other. `flags` are dotted keys. Raises InvalidSettingsError for what no layer knows."""
    result = Merged({}, {}, project)
    if user is not None:
        if unknown := [key for key in user.data if key not in USER_KEYS]:
            raise InvalidSettingsError(user.name, (_not_for_users(user, key) for key in unknown))
        for location, value in leaves(user.data):
            _put(result, location, value, Origin(Layer.USER, user.where(location)))
    for location, value in leaves(project.data):
        _put(result, location, value, Origin(Layer.PROJECT, project.where(location)))
    for variable, (location, kind) in variables().items():
        if text := environ.get(variable):
            _put(result, location, _typed(text, kind), Origin(Layer.VARIABLE, variable))
    for key, value in flags.items():
        _put(result, tuple(key.split(".")), value, Origin(Layer.FLAG, f"--{key.rsplit('.', 1)[-1]}"))
    return result


def leaves(data: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each single value and its place; lists and empty mappings are single values."""
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key), value


def variables() -> dict[str, tuple[tuple[str, ...], type]]:
    """Every `BLISSFUL_*` variable that is a setting, with its key and type."""
    found: dict[str, tuple[tuple[str, ...], type]] = {}
    for key in VARIABLE_KEYS:
        annotation = ProjectConfig.model_fields[key].annotation
        fields: Mapping[tuple[str, ...], Any] = {(key,): annotation}
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = {(key, name): inner.annotation for name, inner in annotation.model_fields.items()}
        found |= {"_".join(("BLISSFUL", *place)).upper(): (place, kind) for place, kind in fields.items()}
    return found


def _put(result: Merged, location: tuple[str, ...], value: object, origin: Origin) -> None:
    here = result.data
    for depth, part in enumerate(location[:-1], 1):
        if not isinstance(here.get(part), dict):
            here[part] = {}
            result.origins.pop(location[:depth], None)
        here = here[part]
    here[location[-1]] = value
    for inner in [known for known in result.origins if known[: len(location)] == location]:
        del result.origins[inner]
    result.origins[location] = origin


def _typed(text: str, kind: type) -> object:
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind in {int, float}:
        try:
            return kind(text)
        except ValueError:
            return text  # the model says what it should be
    return text


def _not_for_users(user: Document, key: str) -> Problem:
    near = nearest(key, USER_KEYS)
    why = f"; did you mean `{near}`?" if near else f"; a user's file may set {', '.join(USER_KEYS)}"
    return Problem(user.where((key,)), dotted((key,)), f"unknown key{why}")
