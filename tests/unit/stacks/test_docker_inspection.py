"""One test a container state."""

from datetime import UTC, datetime, timedelta

import pytest

from blissful_infra.stacks.docker.inspection import Container, detail_of, health_of, moment, uptime_of
from tests.unit.stacks.docker_recordings import recorded


def a_minute_later(container: Container) -> datetime:
    return (container.started_at or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "health", "detail"),
    [
        ("healthy", "healthy", ""),
        ("unchecked", "healthy", ""),
        ("starting", "starting", ""),
        ("unhealthy", "unhealthy", "its health check fails: Could not connect"),
        ("paused", "unhealthy", "is paused; `docker unpause my-service-0123abcd-paused-1` lets it go on"),
        ("failed-job", "stopped", "ended with exit code 3"),
        ("killed", "stopped", "was ended by SIGKILL (exit code 137)"),
        (
            "out-of-memory",
            "stopped",
            "ran out of memory: its limit is 32 MiB (exit code 137); raise mem_limit of out-of-memory in compose.yaml",
        ),
        (
            "command-not-found",
            "stopped",
            "its command was not found in blissful.test/debian:bookworm (exit code 127); "
            "check command and entrypoint of command-not-found",
        ),
        ("stopped-server", "stopped", "ended (exit code 0)"),
    ],
)
def test_a_container_is_told_by_what_it_does_not_by_running(name: str, health: str, detail: str) -> None:
    container = recorded(name)
    assert health_of(container, a_minute_later(container), may_end=True) == health
    assert detail_of(container) == detail


def test_a_job_that_ended_cleanly_is_finished_and_a_server_that_did_is_stopped() -> None:
    container = recorded("finished-job")
    now = a_minute_later(container)
    assert health_of(container, now, may_end=True) == "finished"
    assert health_of(container, now, may_end=False) == "stopped"


def test_a_container_that_checks_nothing_is_starting_in_its_first_second() -> None:
    container = recorded("unchecked")
    assert container.started_at is not None
    assert health_of(container, container.started_at + timedelta(seconds=0.5), may_end=True) == "starting"


def test_a_container_that_keeps_restarting_is_unhealthy() -> None:
    container = recorded("restarting")
    assert container.restarts >= 3
    assert health_of(container, a_minute_later(container), may_end=True) == "unhealthy"
    assert detail_of(container) == f"ended with exit code 3; restarted {container.restarts} times"


def test_a_command_that_cannot_be_executed_is_unhealthy_with_the_engine_s_reason() -> None:
    container = recorded("not-startable")
    assert health_of(container, a_minute_later(container), may_end=True) == "unhealthy"
    assert '"nonesuch": executable file not found in $PATH' in detail_of(container)


def test_published_ports_lead_from_the_container_to_this_machine() -> None:
    ports = recorded("healthy").ports
    assert set(ports) == {6379}
    assert ports[6379] >= 1024


def test_uptime_counts_from_the_last_start() -> None:
    container = recorded("healthy")
    assert uptime_of(container, a_minute_later(container)) == pytest.approx(60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T20:30:02.984751868Z", datetime(2026, 11, 23, 20, 30, 2, 984751, tzinfo=UTC)),
        ("2026-11-23T20:30:02Z", datetime(2026, 11, 23, 20, 30, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_docker_s_times_are_read_whatever_their_precision(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected
