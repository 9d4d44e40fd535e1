"""The gates before a promotion: what has to be so in the environment that a release comes from. Pure.

What could not be seen keeps a gate closed: absent evidence is no good news.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blissful_infra.delivery.previews.preview import seconds_of
from blissful_infra.delivery.release import Release
from blissful_infra.delivery.surveying import EnvironmentStatus, Health, Sync
from blissful_infra.settings.model import Promotion, Slo


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that has to be so. `seen` is the value that decided it."""

    name: str
    open: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Service:
    """What requests met over a time; None where the metrics do not tell, and `problem` then says why."""

    p95_ms: float | None = None
    error_rate: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The environment that a release comes from, as it is at `now`.

    `incidents` are open ones, None where the knowledge base could not be asked; `service` is None where the project
    names no Prometheus.
    """

    name: str
    status: EnvironmentStatus
    release: Release
    now: float
    incidents: Sequence[str] | None
    service: Service | None


def gates_of(promotion: Promotion, source: Source, slo: Slo) -> tuple[Gate, ...]:
    """Every gate, in the order in which they are told."""
    return tuple(_gates(promotion, source, slo))


def served_for(release: Release, now: float) -> float:
    """Seconds since the release serves."""
    return max(0.0, now - release.at - (release.seconds or 0.0))


def _gates(promotion: Promotion, source: Source, slo: Slo) -> Iterator[Gate]:
    status, release = source.status, source.release
    yield Gate("source", source.name == promotion.after, f"from {source.name}, releases come after {promotion.after}")
    wanted, has = seconds_of(promotion.served_for), served_for(release, source.now)
    yield Gate("served", has >= wanted, f"release {release.number} serves for {has:.0f} s of {wanted:.0f} s")
    well = status.health is Health.HEALTHY
    same = release.revision is None or status.revision == release.revision
    answers = f", {status.revision or 'nothing'} answers" if well and not same else ""
    yield Gate("healthy", well and same, f"{status.health}{answers}{_because(status.detail)}")
    yield Gate("drift", status.sync is Sync.SYNCED, f"{status.sync}{_because(', '.join(status.drift))}")
    if source.incidents is None:
        yield Gate("incidents", open=False, seen="unknown: the knowledge base cannot be asked")
    else:
        some = ", ".join(one[:8] for one in source.incidents[:5])
        yield Gate("incidents", not source.incidents, f"{len(source.incidents)} open{_because(some)}")
    if source.service is not None:
        yield from _slo_gates(source.service, slo)


def _slo_gates(service: Service, slo: Slo) -> Iterator[Gate]:
    unknown = f"unknown{_because(service.problem)}"
    p95, errors = service.p95_ms, service.error_rate
    yield Gate(
        "p95",
        p95 is not None and p95 <= slo.p95_ms,
        unknown if p95 is None else f"{p95:.0f} ms, promised {slo.p95_ms:g} ms",
    )
    yield Gate(
        "errors",
        errors is not None and errors <= slo.error_rate,
        unknown if errors is None else f"{errors:.2%} of requests failed, promised {slo.error_rate:.2%}",
    )


def _because(why: str | None) -> str:
    return f" ({why})" if why else ""
