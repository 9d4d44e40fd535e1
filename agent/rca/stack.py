"""What the stack itself says: a service that is down although everything it needs is well, and who misses it.

Tells where, and seldom why: a line that quotes the failure's own words goes before it.
"""

from collections.abc import Sequence

from agent.domain.claim import CAUSE_WORDS, Claim, Quote
from agent.domain.investigation import Investigation
from agent.domain.service_state import Health, ServiceState

DOWN, MISSED = 0.93, 0.6
_BAD = (Health.UNHEALTHY, Health.STOPPED)
_NOTE = "notes/stack.yaml"


def claims_of_stack(investigation: Investigation) -> tuple[Claim, ...]:
    """The services that are down for no reason in another one; else what a service says it misses."""
    services = investigation.services
    down = {service.name for service in services if service.health in _BAD}
    roots = [service for service in services if service.name in down and not down & set(service.needs)]
    claims = [_down(service, services, investigation) for service in roots]
    if not down:
        claims = [_missed(service, name, why, investigation) for service in services for name, why in service.failing]
    return tuple(claim for claim in claims if claim is not None)


def _down(service: ServiceState, services: Sequence[ServiceState], investigation: Investigation) -> Claim | None:
    dependents = [one for one in services if service.name in one.needs and (one.health in _BAD or one.failing)]
    quotes = [_quote(one, investigation) for one in (service, *dependents)]
    told = f"{service.name} is {service.health}" + (f": {service.detail}" if service.detail else "")
    if dependents:
        told += f". It is needed by {', '.join(one.name for one in dependents)}, not well either"
    reasons = [why for one in dependents for name, why in one.failing if name == service.name and why]
    if reasons:
        told += f' ("{reasons[0][:120]}")'
    return _claim("service-down", "service-down", service.name, told, DOWN, quotes)


def _missed(service: ServiceState, name: str, why: str, investigation: Investigation) -> Claim | None:
    told = f"{service.name} is not ready: it cannot use {name}" + (f', "{why[:200]}"' if why else "")
    quotes = [_quote(service, investigation)]
    return _claim("dependency-missed", "dependency-unreachable", name, told, MISSED, quotes)


def _claim(
    rule: str, category: str, subject: str, told: str, strength: float, quotes: Sequence[Quote | None]
) -> Claim | None:
    evidence = tuple(quote for quote in quotes if quote is not None)
    if not evidence:
        return None
    return Claim(
        line="stack",
        rule=rule,
        category=category,
        subject=subject,
        cause=" ".join(told.split()[:CAUSE_WORDS]),
        strength=strength,
        evidence=evidence,
    )


def _quote(service: ServiceState, investigation: Investigation) -> Quote | None:
    """The service's own entry in the note."""
    for note in investigation.notes:
        if note.path.removesuffix(".gz") == _NOTE:
            for line in note.text.splitlines():
                if f'"name":"{service.name}"' in line or f"name: {service.name}," in line:
                    return Quote(note.path, line.removeprefix("- ").strip(), f"{service.name} as it was seen")
    return None
