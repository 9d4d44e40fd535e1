"""Objects that do not fit each other: a selector without pods, a port that nobody listens on, a key that is not there.

Each of them may be valid alone; no event and no log tells of it. What was not shown is not judged.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.describe import workload_of
from agent.normalize.kubernetes.shapes import Pods, Service, Shapes
from agent.rca.cluster.emptied import scaled_to_nothing
from agent.rca.cluster.seen import quotes_of, shapes_in

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
_FACTORS = {"m": 1e-3, "k": 1e3, "Ki": 2**10, "M": 1e6, "Mi": 2**20, "G": 1e9, "Gi": 2**30, "T": 1e12, "Ti": 2**40}


def claims_of_misfits(investigation: Investigation) -> tuple[Claim, ...]:
    """One claim a misfit."""
    shapes = shapes_in(investigation)
    found = [
        *_selectors(investigation, shapes),
        *scaled_to_nothing(investigation, shapes),
        *_target_ports(investigation, shapes),
        *_probe_ports(investigation, shapes),
        *_backends(investigation, shapes),
        *_references(investigation, shapes),
        *_node_selectors(investigation, shapes),
        *_too_large(investigation, shapes),
        *_scalers(investigation, shapes),
    ]
    return tuple(claim for claim in found if claim is not None)


def _selectors(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    for service in shapes.services:
        pods = [one for one in shapes.pods if _together(one.namespace, service.namespace) and one.labels]
        if not service.selector or not pods or service.endpoints or any(_selects(service, one) for one in pods):
            continue
        near = max(pods, key=lambda one: (_likeness(service, one), one.name))
        if _likeness(service, near) <= 0:
            if service.endpoints is False:
                yield _selects_nothing(seen, service)
            continue
        wrong = {key: value for key, value in service.selector.items() if near.labels.get(key) != value}
        has = {key: near.labels.get(key, "no such label") for key in wrong}
        yield _claim(
            "selector-matches-no-pod", "service-selector", service.name,
            f"The selector of service {service.name} ({_told(wrong)}) matches no pod: those of "
            f"{workload_of(near.name)} have the labels {_told(has)}; so it has no endpoints.",
            0.96 if service.endpoints is False else 0.9,
            [*quotes_of(seen, service.path, *wrong.values(), reason="what the service selects"),
             *quotes_of(seen, near.path, *(value for value in has.values() if " " not in value),
                        reason="what the pods are labelled")],
            fixes=("correct-selector",),
            confirm=(f"kubectl get endpoints {service.name}", "kubectl get pods --show-labels"),
        )  # fmt: skip


def _selects_nothing(seen: Investigation, service: Service) -> Claim | None:
    """Of a service that is seen to have no endpoints, where no pods are seen that it could have meant."""
    return _claim(
        "selector-matches-no-pod", "service-selector", service.name,
        f"The selector of service {service.name} ({_told(service.selector)}) matches none of the pods seen; it has no "
        "endpoints.",
        0.75,
        quotes_of(seen, service.path, *service.selector.values(), reason="what the service selects"),
        fixes=("correct-selector",),
        confirm=(f"kubectl get endpoints {service.name}", "kubectl get pods --show-labels"),
    )  # fmt: skip


def _target_ports(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    for service in shapes.services:
        chosen = [one for one in shapes.pods if _selects(service, one)]
        listening = {number: name for one in chosen for box in one.containers for number, name in box.ports.items()}
        for port, target, _ in service.ports:
            if not listening or not target or target in listening or target in listening.values():
                continue
            if not target.isdigit() and not any(listening.values()):
                continue
            told = ", ".join(sorted(listening))
            yield _claim(
                "target-port-differs", "port-mismatch", service.name,
                f"Service {service.name} sends its port {port} to targetPort {target}, but the containers of "
                f"{workload_of(chosen[0].name)} listen on port {told}: connections are refused.",
                0.93,
                [*quotes_of(seen, service.path, target, reason="where the service sends to"),
                 *quotes_of(seen, chosen[0].path, next(iter(listening)), reason="where the container listens")],
                fixes=("correct-target-port",), confirm=(f"kubectl get endpoints {service.name}",),
            )  # fmt: skip


def _probe_ports(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    for pods in shapes.pods:
        ports = {number: name for box in pods.containers for number, name in box.ports.items()}
        for box in pods.containers:
            for probe in box.probes:
                if not ports or probe.port in ports or probe.port in ports.values():
                    continue
                if not probe.port.isdigit() and not any(ports.values()):
                    continue
                told = ", ".join(sorted(ports))
                yield _claim(
                    "probe-port-differs", "probe-failing", workload_of(pods.name),
                    f"The {probe.which} probe of container {box.name} of {pods.name} asks port {probe.port}"
                    f"{' at ' + probe.target if probe.target else ''}, but the container listens on port {told}.",
                    0.9,
                    [*quotes_of(seen, pods.path, probe.port, reason="what the probe asks"),
                     *quotes_of(seen, pods.path, next(iter(ports)), reason="where the container listens")],
                    fixes=("correct-probe-port",), confirm=(f"kubectl describe pod {pods.name}",),
                )  # fmt: skip


def _backends(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    for backend in shapes.backends:
        known = {one.name: one for one in shapes.services if _together(one.namespace, backend.namespace)}
        if not known:
            continue
        service = known.get(backend.service)
        ports = {name for one in (service.ports if service else ()) for name in (one[0], one[2])}
        if service is not None and (not backend.port or not ports or backend.port in ports):
            continue
        listed = ", ".join(sorted(known)) if service is None else ", ".join(sorted(one for one in ports if one))
        why = (
            f"the service {backend.service}, which does not exist; there are: {listed}"
            if service is None
            else f"port {backend.port} of service {backend.service}, which has port {listed}"
        )
        yield _claim(
            "backend-differs", "ingress-backend", backend.ingress,
            f"The ingress {backend.ingress} sends traffic to {why}.", 0.88,
            [*quotes_of(seen, backend.path, backend.service, reason="where the ingress sends to")],
            confirm=(f"kubectl describe ingress {backend.ingress}",),
        )  # fmt: skip


def _references(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    for pods in shapes.pods:
        for box in pods.containers:
            for ref in box.references:
                known = [one for one in shapes.settings if (one.kind, one.name) == (ref.kind, ref.name)]
                if not known or not ref.key or any(ref.key in one.keys for one in known) or not known[0].keys:
                    continue
                has = ", ".join(sorted(known[0].keys)[:5])
                yield _claim(
                    "key-not-there", "configuration-missing", workload_of(pods.name),
                    f"Container {box.name} of {pods.name} reads the key {ref.key} of the {ref.kind} {ref.name}, "
                    f"which has only {has}.", 0.92,
                    [*quotes_of(seen, pods.path, ref.key, reason="what the container reads"),
                     *quotes_of(seen, known[0].path, ref.name, reason="what there is")],
                    fixes=("restore-setting", "correct-setting-name"),
                    confirm=(f"kubectl get {ref.kind.lower()} {ref.name} -o yaml",),
                )  # fmt: skip


def _node_selectors(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    nodes = [one for one in shapes.nodes if one.labels]
    for pods in shapes.pods:
        for key, value in pods.node_selector.items():
            if not nodes or any(one.labels.get(key) == value for one in nodes):
                continue
            has = sorted({f"{key}={one.labels[key]}" for one in nodes if key in one.labels})
            yield _claim(
                "node-selector-matches-none", "scheduling-constraint", workload_of(pods.name),
                f"{pods.name} wants a node with the label {key}={value} (node selector), and none of the "
                f"{len(nodes)} nodes seen has it{': they have ' + ', '.join(has[:3]) if has else ''}.", 0.93,
                [*quotes_of(seen, pods.path, key, value, reason="what the pod wants")],
                confirm=("kubectl get nodes --show-labels",),
            )  # fmt: skip


def _too_large(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    nodes = [one for one in shapes.nodes if one.allocatable]
    for pods in shapes.pods:
        for what in ("cpu", "memory"):
            wanted = sum(_amount(box.requests.get(what, "0")) for box in pods.containers)
            most = max((_amount(one.allocatable.get(what, "0")) for one in nodes), default=math.inf)
            if wanted <= most or most <= 0:
                continue
            told = " + ".join(box.requests[what] for box in pods.containers if what in box.requests)
            largest = max(nodes, key=lambda one: _amount(one.allocatable.get(what, "0")))
            yield _claim(
                "larger-than-any-node", "insufficient-resources", workload_of(pods.name),
                f"{pods.name} requests {told} of {what}, more than any node can give: the largest, {largest.name}, "
                f"has {largest.allocatable[what]} allocatable.", 0.96,
                [*quotes_of(seen, pods.path, what, told.split(" + ", 1)[0], reason="what the pod requests"),
                 *quotes_of(seen, largest.path, what, largest.allocatable[what], reason="what the node offers")],
                confirm=("kubectl describe nodes",),
            )  # fmt: skip


def _scalers(seen: Investigation, shapes: Shapes) -> Iterator[Claim | None]:
    for scaler in shapes.scalers:
        targets = [
            one for one in shapes.pods
            if one.kind != "Pod" and one.name == scaler.target and _together(one.namespace, scaler.namespace)
        ]  # fmt: skip
        for target in targets:
            for what in scaler.resources:
                lacking = [box.name for box in target.containers if what not in {**box.limits, **box.requests}]
                if lacking:
                    yield _claim(
                        "scaler-without-request", "autoscaler", scaler.name,
                        f"The autoscaler {scaler.name} goes by the {what} use of {target.name}, but its container "
                        f"{lacking[0]} has no {what} request, so no use can be reckoned.", 0.85,
                        [*quotes_of(seen, scaler.path, what, reason="what the autoscaler goes by"),
                         *quotes_of(seen, target.path, lacking[0], reason="the container without a request")],
                        confirm=(f"kubectl describe hpa {scaler.name}",),
                    )  # fmt: skip


def _claim(
    rule: str,
    category: str,
    subject: str,
    cause: str,
    strength: float,
    quotes: Iterable[Quote],
    *,
    fixes: tuple[str, ...] = (),
    confirm: tuple[str, ...] = (),
) -> Claim | None:
    evidence = tuple(quotes)
    if not evidence:
        return None
    words = " ".join(cause.split()[:CAUSE_WORDS])
    return Claim(
        line="cluster", rule=rule, category=category, subject=subject, cause=words, strength=strength,
        evidence=evidence, fixes=fixes, confirm=confirm,
    )  # fmt: skip


def _together(one: str, other: str) -> bool:
    return not one or not other or one == other


def _selects(service: Service, pods: Pods) -> bool:
    return (
        bool(service.selector)
        and _together(service.namespace, pods.namespace)
        and all(pods.labels.get(key) == value for key, value in service.selector.items())
    )


def _likeness(service: Service, pods: Pods) -> int:
    """How likely these pods were meant: equal labels, a name alike, then keys that both have."""
    equal = sum(pods.labels.get(key) == value for key, value in service.selector.items())
    alike = workload_of(pods.name).startswith(service.name) or service.name.startswith(workload_of(pods.name))
    values = any(
        value.startswith(pods.labels.get(key, "\0")) or pods.labels.get(key, "").startswith(value)
        for key, value in service.selector.items()
    )
    return 2 * equal + 3 * alike + values


def _told(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def _amount(text: str) -> float:
    found = _QUANTITY.fullmatch(text)
    return float(found[1]) * _FACTORS.get(found[2] or "", 1.0) if found else 0.0
