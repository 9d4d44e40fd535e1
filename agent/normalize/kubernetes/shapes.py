"""The parts of Kubernetes objects that must fit each other: what selects, what is selected, who listens where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe over the network: `which` is liveness, readiness or startup; `port` a number or a port's name."""

    which: str
    port: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A ConfigMap or Secret that a pod reads; `key` is empty where all of it is read."""

    kind: str
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class PodContainer:
    """A container of a pod or of a workload's template. `ports` maps a number to its name, which may be empty."""

    name: str
    ports: Mapping[str, str] = field(default_factory=dict, hash=False)
    probes: tuple[Probe, ...] = ()
    requests: Mapping[str, str] = field(default_factory=dict, hash=False)
    limits: Mapping[str, str] = field(default_factory=dict, hash=False)
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Pods:
    """A pod, or the template of a workload."""

    kind: str
    name: str
    namespace: str
    path: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    containers: tuple[PodContainer, ...] = ()
    node_selector: Mapping[str, str] = field(default_factory=dict, hash=False)
    replicas: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service; `ports` are (port, target port, name). `endpoints` is `None` where that was not seen."""

    name: str
    namespace: str
    path: str
    selector: Mapping[str, str] = field(default_factory=dict, hash=False)
    ports: tuple[tuple[str, str, str], ...] = ()
    endpoints: bool | None = None


@dataclass(frozen=True, slots=True)
class Backend:
    """Where an ingress sends traffic."""

    ingress: str
    namespace: str
    path: str
    service: str
    port: str


@dataclass(frozen=True, slots=True)
class Scaler:
    """A horizontal autoscaler, what it scales, and the resources whose use it goes by."""

    name: str
    namespace: str
    path: str
    target: str
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node with what it offers."""

    name: str
    path: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    allocatable: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """A ConfigMap or Secret with its keys."""

    kind: str
    name: str
    namespace: str
    path: str
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """A network policy: for which pods, whether it is about what comes in, and the pods it lets in.

    `allowed` is `None` where it lets in some that labels do not tell: all, or by address or namespace.
    """

    name: str
    namespace: str
    path: str
    selector: Mapping[str, str] = field(default_factory=dict, hash=False)
    ingress: bool = True
    allowed: tuple[Mapping[str, str], ...] | None = ()


@dataclass(frozen=True, slots=True)
class Shapes:
    """All of them that a bundle shows."""

    pods: tuple[Pods, ...] = ()
    services: tuple[Service, ...] = ()
    backends: tuple[Backend, ...] = ()
    scalers: tuple[Scaler, ...] = ()
    nodes: tuple[Node, ...] = ()
    settings: tuple[Settings, ...] = ()
    policies: tuple[Policy, ...] = ()
