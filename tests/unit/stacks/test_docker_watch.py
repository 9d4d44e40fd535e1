"""Which services Compose has come to, and which of them Docker has given up on."""

from dataclasses import replace

from blissful_infra.stacks.docker.watch import given_up, touched_by_compose
from blissful_infra.stacks.stack import Health, ServiceStatus

RUNNING = ServiceStatus("app", "Application", "application", "docker", Health.HEALTHY, container="a", uptime_s=1.0)
ENDED = replace(RUNNING, health=Health.STOPPED, detail="ended with exit code 1", uptime_s=None, exit_code=1)
MISSING = replace(ENDED, container=None, detail=None, exit_code=None)


def touched(status: ServiceStatus, *left: ServiceStatus, ended: bool = False, due: tuple[str, ...] = ("app",)) -> bool:
    before = {one.name: one for one in left}
    return touched_by_compose([status], due, before, 5.0, ended=ended) == {"app"}


def test_a_container_started_since_the_run_began_was_started_by_compose() -> None:
    assert touched(RUNNING)
    assert not touched(replace(RUNNING, uptime_s=60.0))


def test_what_is_not_due_is_not_compose_s() -> None:
    assert not touched(RUNNING, due=())


def test_an_ended_container_may_be_replaced_while_compose_works() -> None:
    assert not touched(ENDED)
    assert touched(ENDED, ended=True)


def test_a_container_that_had_ended_before_is_not_blamed() -> None:
    assert not touched(ENDED, ENDED, ended=True)
    assert touched(replace(ENDED, exit_code=2), ENDED, ended=True)


def test_a_container_that_was_never_made_is_not_blamed() -> None:
    assert not touched(MISSING, ended=True)


def test_an_unhealthy_container_is_given_up_with_its_reason() -> None:
    failed = given_up([RUNNING, replace(RUNNING, name="db", health=Health.UNHEALTHY, detail="its health check fails")])
    assert failed is not None
    assert (failed.name, failed.why) == ("db", "its health check fails")
    assert given_up([RUNNING, ENDED]) is None
