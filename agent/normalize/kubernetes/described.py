"""The same shapes out of `kubectl describe`, as far as it prints them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agent.normalize.kubernetes.describe import objects_of
from agent.normalize.kubernetes.shapes import Node, PodContainer, Pods, Policy, Probe, Reference, Service, Shapes

_LABELS = r"^(?P<indent> *){key}:[ \t]+(?P<first>\S.*)(?P<more>(?:\n(?P=indent)[ \t]{{4,}}[\w./-]+[=:].*)*)"
_PAIR = re.compile(r"([\w./-]+)=([\w./-]*)")
_BODY = re.compile(r"^(?P<indent> *)Containers:[ \t]*\n(?P<body>(?:(?P=indent) +.*\n?|[ \t]*\n)*)", re.MULTILINE)
_CONTAINER = re.compile(r"^ {2,3}(?P<name>[a-z0-9][\w.-]*):[ \t]*$", re.MULTILINE)
_PORTS = re.compile(r"^ +Ports?:[ \t]+(?P<ports>\d.*)$", re.MULTILINE)
_PROBE = re.compile(
    r"^ +(?P<which>Liveness|Readiness|Startup):[ \t]+(?:http-get https?://[^:\s/]*|tcp-socket |grpc <pod>)"
    r":(?P<port>[\w-]+)(?P<path>/\S*)?",
    re.MULTILINE,
)
_BLOCK = r"^(?P<indent> +){key}:[ \t]*\n(?P<body>(?:(?P=indent) +[\w./-]+:[ \t]+\S+\n?)+)"
_KEY_VALUE = re.compile(r"^ +([\w./-]+):[ \t]+(\S+)", re.MULTILINE)
_KEY_OF = re.compile(r"<set to the key '([^']+)' (?:of|in) (config map|secret) '([^']+)'>\s+Optional:\s+false")
_ALL_OF = re.compile(r"^ +([\w.-]+)\s+(ConfigMap|Secret)\s+Optional: false", re.MULTILINE)
_INGRESS = re.compile(
    r"^ *Allowing ingress traffic:[ \t]*\n(?P<body>(?:(?! *(?:Allowing|Not affecting|Policy Types)).*\n)*)",
    re.MULTILINE,
)
_SERVICE_PORT = re.compile(
    r"^Port:[ \t]+(?P<name>\S+)[ \t]+(?P<port>\d+)/\w+\s*\nTargetPort:[ \t]+(?P<target>[\w-]+)/\w+"
    r"(?:\s*\nNodePort:.*)?(?:\s*\nEndpoints:[ \t]+(?P<endpoints>\S*))?",
    re.MULTILINE,
)


def shapes_of_described(path: str, text: str) -> Shapes:
    """What the description shows."""
    found: dict[str, list[Any]] = {}
    for one in objects_of(text):
        for key, shape in _shapes(path, one.name, one.namespace, one.text, one.fields):
            found.setdefault(key, []).append(shape)
    return Shapes(**{key: tuple(values) for key, values in found.items()})


def _shapes(path: str, name: str, namespace: str, text: str, fields: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    ports = list(_SERVICE_PORT.finditer(text))
    if ports or ("Selector" in fields and "Session Affinity" in fields):
        endpoints = [one["endpoints"] for one in ports if one["endpoints"] is not None]
        listed = tuple((one["port"], one["target"], one["name"]) for one in ports)
        seen = any(one not in {"", "<none>"} for one in endpoints) if endpoints else None
        yield "services", Service(name, namespace, path, _pairs(fields.get("Selector", "")), listed, seen)
    elif "PodSelector:" in text and "Policy Types:" in text:
        yield "policies", _policy(path, name, namespace, text)
    elif "Allocatable" in text and "Taints" in fields:
        allocatable = re.search(r"^Allocatable:[ \t]*\n(?P<body>(?:[ ]+.*\n?)+)", text, re.MULTILINE)
        offered = dict(_KEY_VALUE.findall(allocatable["body"])) if allocatable else {}
        yield "nodes", Node(name, path, _labels(text, "Labels"), offered)
    elif (body := _BODY.search(text)) is not None:
        template = text.find("Pod Template:")
        kind = "Deployment" if template >= 0 else "Pod"
        labels = _labels(text[template:], "Labels") if template >= 0 else _labels(text, "Labels")
        selectors = _pairs(fields.get("Node-Selectors", ""))
        containers = tuple(_containers(body["body"], len(body["indent"])))
        yield "pods", Pods(kind, name, namespace, path, labels, containers, selectors, _replicas(fields))


def _policy(path: str, name: str, namespace: str, text: str) -> Policy:
    selector = re.search(r"^ *PodSelector:[ \t]+(.*)$", text, re.MULTILINE)
    ingress = _INGRESS.search(text)
    body = ingress["body"] if ingress else ""
    peers = [line.strip() for line in body.splitlines() if re.match(r" *(?:From|\w+Selector|IPBlock|CIDR)\b", line)]
    told = [peer.partition(":")[2].strip() for peer in peers if not peer.startswith("From:")]
    known = bool(peers) and all(peer.startswith(("From:", "PodSelector:")) for peer in peers) and "<none>" not in told
    known = known and not any(peer.startswith("From: <any>") for peer in peers) and all(map(_PAIR.fullmatch, told))
    shut = "Selected pods are isolated for ingress" in body
    allowed = () if shut else tuple(_pairs(one) for one in told) if known else None
    wanted = _pairs(selector[1]) if selector else {}
    return Policy(name, namespace, path, wanted, ingress is not None, allowed)


def _containers(body: str, indent: int) -> Iterator[PodContainer]:
    starts = [one for one in _CONTAINER.finditer(body) if len(one[0]) - len(one[0].lstrip()) <= indent + 2]
    ends = [*(one.start() for one in starts[1:]), len(body)]
    for start, end in zip(starts, ends, strict=False):
        text = body[start.end() : end]
        ports = {number: "" for line in _PORTS.finditer(text) for number in re.findall(r"(\d+)/\w+", line["ports"])}
        probes = tuple(Probe(one["which"].lower(), one["port"], one["path"] or "") for one in _PROBE.finditer(text))
        references = [
            Reference("ConfigMap" if kind == "config map" else "Secret", name, key)
            for key, kind, name in _KEY_OF.findall(text)
        ]
        references += [Reference(kind, name) for name, kind in _ALL_OF.findall(text)]
        yield PodContainer(
            start["name"], ports, probes, _block(text, "Requests"), _block(text, "Limits"), tuple(references)
        )


def _block(text: str, key: str) -> Mapping[str, str]:
    found = re.search(_BLOCK.format(key=key), text, re.MULTILINE)
    return dict(_KEY_VALUE.findall(found["body"])) if found else {}


def _labels(text: str, key: str) -> Mapping[str, str]:
    found = re.search(_LABELS.format(key=key), text, re.MULTILINE)
    return _pairs(f"{found['first']}\n{found['more']}") if found else {}


def _pairs(text: str) -> Mapping[str, str]:
    return dict(_PAIR.findall(text))


def _replicas(fields: Mapping[str, str]) -> int | None:
    found = re.match(r"(\d+) desired", fields.get("Replicas", ""))
    return int(found[1]) if found else None
