"""`kubectl describe` output as objects: several may follow one another in a text, and anything may be missing."""

import re
from dataclasses import dataclass, field

_START = re.compile(r"^Name:[ \t]+(?P<name>\S+)[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^(?P<key>[A-Z][\w ./-]*?):[ \t]*(?P<value>.*)$", re.MULTILINE)
_CONTAINERS = re.compile(r"^(?:Init )?Containers:[ \t]*\n(?P<body>(?:[ \t]+.*\n?|[ \t]*\n)*)", re.MULTILINE)
_CONTAINER = re.compile(r"^  (?P<name>[a-z0-9][\w.-]*):[ \t]*$", re.MULTILINE)
_STATE = re.compile(
    r"^[ \t]+(?P<which>Last State|State):[ \t]+(?P<state>\w+)[ \t]*"
    r"(?:\n[ \t]+Reason:[ \t]+(?P<reason>\w+))?(?:\n[ \t]+Message:[ \t]+(?P<message>.+))?"
    r"(?:\n[ \t]+Exit Code:[ \t]+(?P<code>\d+))?",
    re.MULTILINE,
)
_ALPHABET = "[bcdfghjklmnpqrstvwxz2456789]"
"""Of what Kubernetes generates: no vowels, so that no words come up, and no digits that look like them."""
_HASH = rf"(?:{_ALPHABET}{{6,10}}|(?=[a-z]*\d)[a-z0-9]{{6,10}})"
"""A template's; older versions, and texts that people wrote, have others, with a digit at least. A word is none."""
_GENERATED = re.compile(rf"(?P<workload>.+)-{_ALPHABET}{{5}}")
_POD_HASH = re.compile(rf"(?P<workload>.+)-{_HASH}-[a-z0-9]{{5}}")
_REPLICA_SET = re.compile(rf"(?P<workload>.+)-(?=[a-z]*\d){_ALPHABET}{{7,10}}")


@dataclass(frozen=True, slots=True)
class ContainerState:
    """`Waiting`, `Running` or `Terminated` with why; `text` is the passage that says so."""

    state: str
    reason: str
    message: str
    exit_code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod. `restarts` is `None` where the output does not say."""

    name: str
    image: str
    state: ContainerState | None
    last: ContainerState | None
    ready: bool
    restarts: int | None
    memory_limit: str


@dataclass(frozen=True, slots=True)
class KubeObject:
    """One described object; `text` is its whole passage, `fields` its unindented keys."""

    name: str
    namespace: str
    text: str
    fields: dict[str, str] = field(default_factory=dict)
    containers: tuple[Container, ...] = ()

    @property
    def workload(self) -> str:
        """The name without the suffixes that a controller generated."""
        return workload_of(self.name)


def objects_of(text: str) -> tuple[KubeObject, ...]:
    """The objects described in a text; empty where it is no description."""
    starts = list(_START.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return tuple(_object(start["name"], text[start.start() : end]) for start, end in zip(starts, ends, strict=False))


def workload_of(name: str) -> str:
    """The name of a pod or a ReplicaSet without what a Deployment, a Job or a DaemonSet appended.

    >>> workload_of("web-5d98ffcfd-tz4nc"), workload_of("get-data-mldtn"), workload_of("redis-master")
    ('web', 'get-data', 'redis-master')
    >>> workload_of("web-5d98ffcfd"), workload_of("nightly-export-dhbvw"), workload_of("nightly-export")
    ('web', 'nightly-export', 'nightly-export')
    """
    found = _POD_HASH.fullmatch(name) or _GENERATED.fullmatch(name) or _REPLICA_SET.fullmatch(name)
    return found["workload"] if found else name


def _object(name: str, text: str) -> KubeObject:
    fields = {found["key"]: found["value"].strip() for found in _FIELD.finditer(text)}
    containers = [container for block in _CONTAINERS.finditer(text) for container in _containers(block["body"])]
    return KubeObject(name, fields.get("Namespace", ""), text, fields, tuple(containers))


def _containers(body: str) -> list[Container]:
    starts = list(_CONTAINER.finditer(body))
    ends = [*(start.start() for start in starts[1:]), len(body)]
    return [_container(start["name"], body[start.end() : end]) for start, end in zip(starts, ends, strict=False)]


def _container(name: str, text: str) -> Container:
    states = {found["which"]: _state(found) for found in _STATE.finditer(text)}
    restarts = _value(text, "Restart Count")
    limits = re.search(r"Limits:[ \t]*\n(?:[ \t]+[\w./-]+:[ \t]+\S+\n)*?[ \t]+memory:[ \t]+(\S+)", text)
    return Container(
        name=name,
        image=_value(text, "Image"),
        state=states.get("State"),
        last=states.get("Last State"),
        ready=_value(text, "Ready") == "True",
        restarts=int(restarts) if restarts.isdigit() else None,
        memory_limit=limits[1] if limits else "",
    )


def _state(found: re.Match[str]) -> ContainerState:
    code = int(found["code"]) if found["code"] else None
    return ContainerState(found["state"], found["reason"] or "", found["message"] or "", code, found[0].strip())


def _value(text: str, key: str) -> str:
    found = re.search(rf"^[ \t]+{re.escape(key)}:[ \t]+(\S+)", text, re.MULTILINE)
    return found[1] if found else ""
