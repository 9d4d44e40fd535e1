"""Looks at the environment that a promotion comes from, and holds it against the gates of the one it goes to."""

import time

from agent.errors import BlissfulError
from blissful_infra.delivery.environments import environment_of
from blissful_infra.delivery.gates import Gate, Service, Source, gates_of, served_for
from blissful_infra.delivery.kubernetes.cluster import Cluster
from blissful_infra.delivery.planning import released_in
from blissful_infra.delivery.release import Release
from blissful_infra.delivery.service_level import service_level
from blissful_infra.delivery.surveying import status_of_environment
from blissful_infra.errors import RunFailedError
from blissful_infra.remembering import open_knowledge
from blissful_infra.settings.reading import Settings

MOST_INCIDENTS = 20


class GateClosedError(RunFailedError):
    """A gate before the promotion is closed."""

    code = "gate-closed"


def gates_before(settings: Settings, source: str, target: str) -> tuple[Gate, ...]:
    """The gates of the target, judged now; none where it declares none."""
    config = settings.config
    promotion = environment_of(config, target).promote
    if promotion is None:
        return ()
    place = environment_of(config, source)
    release, now = released_in(Cluster(place), config, source), time.time()
    found = Source(
        name=source,
        status=status_of_environment(settings.project_file.resolve().parent, config, source, place),
        release=release,
        now=now,
        incidents=_open_incidents(settings),
        service=_service(settings, source, release, now),
    )
    return gates_of(promotion, found, config.slo)


def refuse_closed(gates: tuple[Gate, ...], target: str) -> None:
    """Raise GateClosedError where one is closed."""
    closed = [each for each in gates if not each.open]
    if closed:
        raise GateClosedError(
            f"{target} is closed to this promotion: {', '.join(each.name for each in closed)}",
            hint="mend what it says, or say that it may go in all the same, which the release records: --force-gates",
            context={each.name: each.seen for each in closed},
        )


def _open_incidents(settings: Settings) -> tuple[str, ...] | None:
    try:
        with open_knowledge(settings) as base:
            found = base.incidents(state="open", limit=MOST_INCIDENTS)
    except BlissfulError:
        return None
    return tuple(one.id for one in found)


def _service(settings: Settings, source: str, release: Release, now: float) -> Service | None:
    url = settings.config.observability.prometheus
    if url is None:
        return None
    return service_level(url, settings.config.environments[source].namespace, served_for(release, now))
