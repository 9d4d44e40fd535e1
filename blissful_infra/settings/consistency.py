"""What spans several keys of `blissful-infra.yaml`: ports that clash, needs that lead nowhere or in a circle. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blissful_infra.settings.model import ProjectConfig

BACKING_PORTS: Mapping[str, int] = {"postgres": 5432, "kafka": 9092, "redis": 6379}
"""The port each backing server wishes for."""

RESERVED_ENVIRONMENTS = frozenset({"local", "localhost", "all", "ungrouped"})
"""Names that mean something else to the inventory."""

PREVIEW_PREFIX = "preview-"
"""What the names of previews begin with, where the project has some."""

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two keys that cannot both be meant; `location` is the one to change."""

    location: Location
    why: str


class InconsistentError(ValueError):
    """The keys are each valid, but not together."""

    def __init__(self, contradictions: tuple[Contradiction, ...]) -> None:
        super().__init__("; ".join(one.why for one in contradictions))
        self.contradictions = contradictions


def contradictions_in(config: "ProjectConfig") -> Iterator[Contradiction]:
    """Everything in the configuration that contradicts something else in it."""
    yield from _names(config)
    yield from _ports(config)
    if config.registry.kind != "local" and config.registry.url is None:
        yield Contradiction(
            ("registry", "kind"), f"{config.registry.kind} needs `url`, the registry's address, beside it"
        )
    needs = {name: service.needs for name, service in config.services.items()}
    yield from _needs(needs, set(config.backing.enabled()))
    yield from _circles(needs)


def _names(config: "ProjectConfig") -> Iterator[Contradiction]:
    for name in config.services:
        if name in BACKING_PORTS:
            yield Contradiction(("services", name), "is the name of a backing server; call the service something else")
    for name in config.environments:
        if name in RESERVED_ENVIRONMENTS:
            yield Contradiction(("environments", name), "is a name the inventory keeps for itself; choose another")
        gate = config.environments[name].promote
        if gate is not None and (gate.after == name or gate.after not in config.environments):
            yield Contradiction(("environments", name, "promote", "after"), "should name another environment")
        if config.previews is not None and name.startswith(PREVIEW_PREFIX):
            yield Contradiction(("environments", name), "is a name of a preview; choose another")


def _ports(config: "ProjectConfig") -> Iterator[Contradiction]:
    holders = {BACKING_PORTS[name]: f"backing.{name}" for name in config.backing.enabled()}
    for name, service in config.services.items():
        if holder := holders.get(service.port):
            yield Contradiction(("services", name, "port"), f"{service.port} is the port of {holder} too")
        holders.setdefault(service.port, f"services.{name}")


def _needs(needs: Mapping[str, tuple[str, ...]], backing: set[str]) -> Iterator[Contradiction]:
    for name, needed in needs.items():
        for index, other in enumerate(needed):
            location: Location = ("services", name, "needs", index)
            if other in needed[:index]:
                yield Contradiction(location, f"`{other}` stands here twice")
            elif other in BACKING_PORTS and other not in backing:
                yield Contradiction(location, f"`{other}` is off under `backing`")
            elif other not in backing and other not in needs:
                known = ", ".join(sorted(backing | set(needs) - {name})) or "nothing else is declared"
                yield Contradiction(location, f"`{other}` is neither a service nor a backing server ({known})")


def _circles(needs: Mapping[str, tuple[str, ...]]) -> Iterator[Contradiction]:
    graph = {name: [other for other in needed if other in needs] for name, needed in needs.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][::-1]  # from one that waits to the one it waits for
        yield Contradiction(
            ("services", circle[0], "needs"), f"the services wait for each other in a circle: {' -> '.join(circle)}"
        )
