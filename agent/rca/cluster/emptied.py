"""What answers nobody because it was scaled to nothing: nothing is wrong with it, and nothing of it runs."""

from collections.abc import Iterator

from agent.domain.claim import Claim
from agent.domain.investigation import Investigation
from agent.normalize.kubernetes.shapes import Shapes
from agent.rca.standing import Seen, asked_of, belongs, sights

STRENGTH, ASIDE = 0.95, 0.6
"""Of one that was asked about, and of another whose service was seen without endpoints."""


def scaled_to_nothing(investigation: Investigation, shapes: Shapes) -> Iterator[Claim]:
    """One claim for each owner that wants no pods and was asked about, or has a service without endpoints."""
    asked = asked_of(investigation)
    without = {service.name for service in shapes.services if service.endpoints is False}
    seen: dict[str, Seen] = {}
    for one in sights(investigation):
        if one.sight.empty:
            seen.setdefault(one.sight.name, one)
    for name, one in seen.items():
        service = next((service for service in sorted(without) if belongs(name, service)), "")
        named = any(belongs(name, other) for other in asked)
        if not named and not service:
            continue
        told = f"{name} is scaled to 0 replicas (zero), so no pod of it runs"
        told += f" and the service {service} has no endpoints." if service else " and nothing answers for it."
        yield Claim(
            line="cluster",
            rule="scaled-to-nothing",
            category="service-selector" if service else "service-down",
            subject=service or name,
            cause=told,
            strength=STRENGTH if named else ASIDE,
            evidence=(one.quote,),
            confirm=(f"kubectl get deployment {name} -o jsonpath={{.spec.replicas}}", f"kubectl describe hpa {name}"),
        )
